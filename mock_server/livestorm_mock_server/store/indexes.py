"""Tokens by what operations ask for, so that none of them walks all tokens."""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping
from math import inf
from typing import Generic, TypeVar

from .protocol import TokenRequest
from .records import AccessToken

G = TypeVar("G", bound=Hashable)

Grant = tuple[int | None, int]
"""The ids of a user, None for nobody, and of an application."""


def grant_of(token: AccessToken | TokenRequest) -> Grant:
    """Tell whose token it is, or is going to be."""
    return (None if token.user is None else token.user.id, token.application.id)


class ByEnd(Generic[G]):
    """The tokens of each group in the order in which they are revoked, those that are not last.

    A clock that is set back does no harm: what was revoked later is found again.
    """

    def __init__(self, tokens: Mapping[int, AccessToken]) -> None:
        """`tokens` are the store's by id; one is removed before it changes, and added after."""
        self._tokens = tokens
        self._groups: dict[G, list[int]] = {}

    def __contains__(self, group: G) -> bool:
        return group in self._groups

    def add(self, group: G, token: AccessToken) -> None:
        """Add a token to a group."""
        ids = self._groups.get(group)
        if ids is None:
            self._groups[group] = [token.id]
        elif _is_new(token, ids) or self._end(ids[-1]) < _end(token):
            ids.append(token.id)
        else:
            ids.insert(bisect_left(ids, _end(token), key=self._end), token.id)

    def remove(self, group: G, token: AccessToken) -> None:
        """Remove a token that is in a group."""
        ids = self._groups[group]
        del ids[bisect_left(ids, _end(token), key=self._end)]
        if not ids:
            del self._groups[group]

    def living(self, group: G, now: float) -> list[AccessToken]:
        """Give the tokens of a group that are not revoked at this time."""
        ids = self._groups.get(group)
        if ids is None or self._end(ids[-1]) < (now, inf):
            return []
        at = bisect_right(ids, (now, inf), key=self._end)
        return [self._tokens[one] for one in ids[at:]]

    def _end(self, token_id: int) -> tuple[float, int]:
        return _end(self._tokens[token_id])


def _is_new(token: AccessToken, ids: list[int]) -> bool:
    """Tell whether a token is after all others by its id alone, as none lasts longer."""
    return token.revoked_at is None and ids[-1] < token.id


def _end(token: AccessToken) -> tuple[float, int]:
    return (inf if token.revoked_at is None else token.revoked_at, token.id)


class _Alike:
    """The unrevoked tokens of a grant with the same scopes."""

    __slots__ = ("ids", "is_sorted", "latest")

    def __init__(self) -> None:
        self.ids: dict[int, None] = {}
        self.latest: tuple[float, int] = (-inf, 0)
        """When the latest was issued, and its id, of those that are gone, too."""
        self.is_sorted = True
        """Whether they stand in the order of their issue: not once the clock was set back, or a
        revocation was taken back."""


class Unrevoked:
    """The tokens without an end, by whose they are and by their scopes."""

    def __init__(self, tokens: Mapping[int, AccessToken]) -> None:
        self._tokens = tokens
        self._grants: dict[Grant, dict[frozenset[str], _Alike]] = {}

    def add(self, token: AccessToken) -> None:
        """Add a token."""
        grant, scopes = grant_of(token), frozenset(token.scopes)
        by_scopes = self._grants.get(grant)
        if by_scopes is None:
            by_scopes = self._grants[grant] = {}
        alike = by_scopes.get(scopes)
        if alike is None:
            alike = by_scopes[scopes] = _Alike()
        issued = (token.created_at, token.id)
        if issued < alike.latest:
            alike.is_sorted = False
        else:
            alike.latest = issued
        alike.ids[token.id] = None

    def remove(self, token: AccessToken) -> None:
        """Remove a token that is among them."""
        grant, scopes = grant_of(token), frozenset(token.scopes)
        by_scopes = self._grants[grant]
        del by_scopes[scopes].ids[token.id]
        if not by_scopes[scopes].ids:
            del by_scopes[scopes]
        if not by_scopes:
            del self._grants[grant]

    def has(self, grant: Grant, scopes: Iterable[str] | None = None) -> bool:
        """Tell whether a grant has one, with just these scopes if any are given."""
        by_scopes = self._grants.get(grant, {})
        return bool(by_scopes) if scopes is None else frozenset(scopes) in by_scopes

    def newest(self, grant: Grant, scopes: Iterable[str]) -> AccessToken | None:
        """Give the one with just these scopes that was issued last."""
        alike = self._grants.get(grant, {}).get(frozenset(scopes))
        if alike is None:
            return None
        if not alike.is_sorted:
            alike.ids = dict.fromkeys(sorted(alike.ids, key=self._age))
            alike.is_sorted = True
        return self._tokens[next(reversed(alike.ids))]

    def of(self, grant: Grant) -> Iterator[AccessToken]:
        """Give all of a grant."""
        for alike in self._grants.get(grant, {}).values():
            yield from map(self._tokens.__getitem__, alike.ids)

    def _age(self, token_id: int) -> tuple[float, int]:
        return (self._tokens[token_id].created_at, token_id)
