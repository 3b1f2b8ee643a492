"""The store of a single process: dictionaries, nothing to install."""

from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Hashable, MutableMapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, ClassVar, TypeVar

from msgspec.structs import replace

from . import windows
from .content import Bucket, StoreContent
from .ended import Ended
from .indexes import ByEnd, Grant, Unrevoked, grant_of
from .protocol import AlreadyUsedError, RateLimits, RequestCount, Rotation, TokenRequest
from .records import AccessGrant, AccessToken, Application, User

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

KEPT = 10_000
"""How many ended pairs, how many codes and how many counts of requests are remembered."""


class MemoryStore:
    """A `Store` in memory. No operation awaits, so each is atomic on the event loop."""

    is_here: ClassVar[bool] = True

    def __init__(self, kept: int = KEPT) -> None:
        self.kept = kept
        self._applications: dict[str, Application] = {}
        self._codes: dict[str, AccessGrant] = {}
        self._unused_codes: dict[Grant, dict[str, None]] = {}
        self._all_codes: Ended[str] = Ended()
        self._tokens: dict[int, AccessToken] = {}
        self._id_by_token: dict[str, int] = {}
        self._id_by_refresh_token: dict[str, int] = {}
        self._unrevoked = Unrevoked(self._tokens)
        self._revoked: ByEnd[Grant] = ByEnd(self._tokens)
        self._families: ByEnd[int] = ByEnd(self._tokens)
        """Those that have, or had, more than one token."""
        self._left_behind: ByEnd[int] = ByEnd(self._tokens)
        """The tokens of a family whose refresh token moved on to a newer one."""
        self._revoked_ids: Ended[int] = Ended()
        self._expiring_ids: Ended[int] = Ended()
        """Tokens without a refresh token, which need not be revoked to be over."""
        self._windows: OrderedDict[str, windows.Window] = OrderedDict()
        self._last_id = 0
        self._undo: list[Callable[[], object]] | None = None
        """What takes back the changes of a rehearsal, in the order of the changes."""

    @asynccontextmanager
    async def rehearsal(self) -> AsyncGenerator["MemoryStore"]:
        # Nobody comes between, as no operation awaits, and no endpoint anything else.
        last_id = self._last_id
        undo = self._undo = list[Callable[[], object]]()
        try:
            yield self
        finally:
            self._undo = None
            for take_back in reversed(undo):
                take_back()
            self._last_id = last_id

    async def clear(self) -> None:
        self.__init__(self.kept)  # type: ignore[misc]

    def content(self) -> StoreContent:
        """Give all that it holds."""
        texts = [(one.id, one.token, one.refresh_token) for one in self._tokens.values()]
        return StoreContent(
            applications=tuple(self._applications_by_id()),
            codes=tuple(self._codes[one] for one in dict.fromkeys(self._all_codes)),
            tokens=tuple(self._tokens.values()),
            superseded=tuple(i for i, text, _ in texts if self._id_by_token.get(text) != i),
            superseded_refresh=tuple(
                i for i, _, text in texts if text and self._id_by_refresh_token.get(text) != i
            ),
            revoked=tuple(self._revoked_ids),
            expiring=tuple(self._expiring_ids),
            buckets=tuple(Bucket(name=k, window=one) for k, one in self._windows.items()),
            last_id=self._last_id,
        )

    def restore(self, content: StoreContent) -> None:
        """Hold this, and nothing else."""
        self.__init__(self.kept)  # type: ignore[misc]
        self._applications = {one.client_id: one for one in content.applications}
        for grant in content.codes:
            self._codes[grant.code] = grant
            self._all_codes.add(grant.code)
            if not grant.is_used:
                self._unused_codes_of(grant)[grant.code] = None
        self._restore_tokens(content)
        for ended, ids in (
            (self._revoked_ids, content.revoked),
            (self._expiring_ids, content.expiring),
        ):
            for token_id in ids:
                ended.add(token_id)
        self._windows.update((one.name, one.window) for one in content.buckets)
        self._last_id = content.last_id

    def _restore_tokens(self, content: StoreContent) -> None:
        superseded = frozenset(content.superseded)
        superseded_refresh = frozenset(content.superseded_refresh)
        grown = {one.family for one in content.tokens if one.id != one.family}
        for token in content.tokens:
            self._tokens[token.id] = token
            if token.id not in superseded:
                self._id_by_token[token.token] = token.id
            if token.refresh_token is not None and token.id not in superseded_refresh:
                self._id_by_refresh_token[token.refresh_token] = token.id
            is_first = token.family in grown and token.family not in self._families
            self._index(token)
            if is_first:  # Those that come after it find the family.
                self._families.add(token.family, token)
                if token.refresh_token is None:
                    self._left_behind.add(token.family, token)

    async def add_application(self, application: Application) -> None:
        self._put(self._applications, application.client_id, application)

    async def applications(self) -> Sequence[Application]:
        return self._applications_by_id()

    async def find_application(self, client_id: str) -> Application | None:
        return self._applications.get(client_id)

    async def issue_code(self, grant: AccessGrant) -> None:
        self._put(self._codes, grant.code, grant)
        self._put(self._unused_codes_of(grant), grant.code, None)
        if self._undo is None:
            self._all_codes.add(grant.code)
            for code in self._all_codes.surplus(self.kept, partial(self._is_code_over, grant)):
                if (over := self._codes.pop(code, None)) is not None:
                    self._unused_codes_of(over).pop(code, None)

    async def find_code(self, code: str) -> AccessGrant | None:
        return self._codes.get(code)

    async def redeem_code(self, code: str, new: TokenRequest, *, reuse: bool) -> AccessToken:
        grant = self._codes[code]
        if grant.is_used:
            raise AlreadyUsedError
        token = self._issue(new, reuse=reuse)
        self._end_code(grant, new.created_at, token_id=token.id)
        return token

    async def issue_token(self, new: TokenRequest, *, reuse: bool) -> AccessToken:
        return self._issue(new, reuse=reuse)

    async def rotate(
        self, refresh_token: str, new: TokenRequest, *, rotation: Rotation
    ) -> AccessToken:
        old = self._tokens[self._id_by_refresh_token[refresh_token]]
        now = new.created_at
        if old.is_revoked(now):
            raise AlreadyUsedError
        if rotation.mode == "never":
            return self._move_on(old, new)
        if rotation.repeats and old.successor is not None:
            successor = self._tokens.get(old.successor)
            if successor is None or successor.is_revoked(now):
                raise AlreadyUsedError
            return successor
        previous = refresh_token if rotation.mode == "on_use" else None
        token = self._create(new, refreshed=old, previous_refresh_token=previous)
        if rotation.has_grace and old.revoked_at is None:
            old = self._change(old, revoked_at=now + rotation.grace)
        elif rotation.mode in ("instant", "family"):
            old = self._change(old, revoked_at=now)
        if rotation.repeats:
            self._change(old, successor=token.id)
        return token

    async def find_token(self, token: str) -> AccessToken | None:
        token_id = self._id_by_token.get(token)
        return None if token_id is None else self._tokens[token_id]

    async def find_refresh_token(self, refresh_token: str) -> AccessToken | None:
        token_id = self._id_by_refresh_token.get(refresh_token)
        return None if token_id is None else self._tokens[token_id]

    async def present_token(self, token: str, now: float) -> AccessToken | None:
        found = await self.find_token(token)
        if found is None or found.previous_refresh_token is None:
            return found
        replaced = await self.find_refresh_token(found.previous_refresh_token)
        if replaced is not None:
            self._revoke(replaced, now)
        return self._change(found, previous_refresh_token=None)

    async def revoke_token(self, token_id: int, now: float) -> None:
        revoked = self._tokens.get(token_id)
        if revoked is None:
            return
        self._revoke(revoked, now)
        if revoked.refresh_token is not None:
            # Under `rotation = "never"` the refresh token moved on to this, the newest pair.
            for token in self._left_behind.living(revoked.family, now):
                self._revoke(token, now)

    async def revoke_family(self, family: int, now: float) -> None:
        if family in self._families:
            for token in self._families.living(family, now):
                self._revoke(token, now)
        elif (alone := self._tokens.get(family)) is not None:
            self._revoke(alone, now)

    async def expire_token(self, token_id: int) -> None:
        self._change(self._tokens[token_id], was_expired=True)

    async def rename_token(
        self, token_id: int, *, token: str | None, refresh_token: str | None
    ) -> AccessToken:
        old = self._tokens[token_id]
        self._drop_texts(old)
        renamed = self._change(
            old, token=token or old.token, refresh_token=refresh_token or old.refresh_token
        )
        self._put_texts(renamed)
        return renamed

    async def has_valid_token(
        self, user: User, application: Application, scopes: Sequence[str]
    ) -> bool:
        return self._unrevoked.has((user.id, application.id), scopes)

    async def tokens(self) -> Sequence[AccessToken]:
        return list(self._tokens.values())

    async def authorized_applications(self, user: User) -> Sequence[Application]:
        return [a for a in await self.applications() if self._unrevoked.has((user.id, a.id))]

    async def revoke_application(self, user: User, application_id: int, now: float) -> None:
        grant = (user.id, application_id)
        for token in [*self._unrevoked.of(grant), *self._revoked.living(grant, now)]:
            self._revoke(token, now)
        for code in list(self._unused_codes.get(grant, ())):
            self._end_code(self._codes[code], now)

    async def count_request(
        self, bucket: str, now: float, paced_at: float, limits: RateLimits
    ) -> RequestCount:
        window = self._windows.get(bucket) or windows.open_window(now, paced_at, limits)
        window, counted = windows.count(window, now, paced_at, limits)
        self._put(self._windows, bucket, window)
        if self._undo is None:
            self._windows.move_to_end(bucket)
            if len(self._windows) > KEPT:
                self._windows.popitem(last=False)
        return counted

    def _issue(self, new: TokenRequest, *, reuse: bool) -> AccessToken:
        if reuse:
            newest = self._unrevoked.newest(grant_of(new), new.scopes)
            if newest is not None and not newest.is_expired(new.created_at):
                return newest
        return self._create(new)

    def _move_on(self, old: AccessToken, new: TokenRequest) -> AccessToken:
        """Issue a token that takes over the refresh token of another."""
        kept = replace(new, refresh_token=old.refresh_token)
        token = self._create(kept, refreshed=old)
        self._change(old, refresh_token=None)
        self._remember_ended(self._expiring_ids, old.id)
        return token

    def _create(
        self,
        new: TokenRequest,
        *,
        refreshed: AccessToken | None = None,
        previous_refresh_token: str | None = None,
    ) -> AccessToken:
        self._last_id += 1
        token = AccessToken(
            id=self._last_id,
            token=new.token,
            refresh_token=new.refresh_token,
            application=new.application,
            user=new.user,
            scopes=new.scopes,
            created_at=new.created_at,
            expires_in=new.expires_in,
            own_lifetime=new.own_lifetime,
            previous_refresh_token=previous_refresh_token,
            family=self._last_id if refreshed is None else refreshed.family,
            refreshed_from=None if refreshed is None else refreshed.refresh_token,
        )
        if refreshed is not None:
            self._open_family(refreshed)
        self._put(self._tokens, token.id, token)
        self._put_texts(token)
        self._index(token)
        if token.refresh_token is None:
            self._remember_ended(self._expiring_ids, token.id)
        self._forget_surplus(new.created_at)
        return token

    def _revoke(self, token: AccessToken, now: float) -> None:
        if not token.is_revoked(now):
            self._change(token, revoked_at=now)

    def _change(self, old: AccessToken, **changes: Any) -> AccessToken:
        """Replace a record, and find it again by what it is now."""
        new = replace(old, **changes)
        is_moved = "revoked_at" in changes or "refresh_token" in changes
        if is_moved:
            self._unindex(old)
        self._put(self._tokens, new.id, new)
        if is_moved:
            self._index(new)
        if old.revoked_at is None and new.revoked_at is not None:
            self._remember_ended(self._revoked_ids, new.id)
        return new

    def _applications_by_id(self) -> list[Application]:
        return sorted(self._applications.values(), key=lambda application: application.id)

    # The texts and the indexes. What changes them tells how to take it back.

    def _put_texts(self, token: AccessToken) -> None:
        self._put(self._id_by_token, token.token, token.id)
        if token.refresh_token is not None:
            self._put(self._id_by_refresh_token, token.refresh_token, token.id)

    def _drop_texts(self, token: AccessToken) -> None:
        for ids, text in (
            (self._id_by_token, token.token),
            (self._id_by_refresh_token, token.refresh_token),
        ):
            if text is not None and ids.get(text) == token.id:
                self._drop(ids, text)

    def _open_family(self, first: AccessToken) -> None:
        if first.family not in self._families:
            self._families.add(first.family, first)
            if self._undo is not None:
                self._undo.append(partial(self._families.remove, first.family, first))

    def _index(self, token: AccessToken) -> None:
        if token.revoked_at is None:
            self._unrevoked.add(token)
        else:
            self._revoked.add(grant_of(token), token)
        if token.family in self._families:
            self._families.add(token.family, token)
            if token.refresh_token is None:
                self._left_behind.add(token.family, token)
        if self._undo is not None:
            self._undo.append(partial(self._unindex, token))

    def _unindex(self, token: AccessToken) -> None:
        if token.revoked_at is None:
            self._unrevoked.remove(token)
        else:
            self._revoked.remove(grant_of(token), token)
        if token.family in self._families:
            self._families.remove(token.family, token)
            if token.refresh_token is None:
                self._left_behind.remove(token.family, token)
        if self._undo is not None:
            self._undo.append(partial(self._index, token))

    def _put(self, records: MutableMapping[K, V], key: K, value: V) -> None:
        if self._undo is not None:
            if key in records:
                self._undo.append(partial(records.__setitem__, key, records[key]))
            else:
                self._undo.append(partial(records.pop, key))
        records[key] = value

    def _drop(self, records: MutableMapping[K, V], key: K) -> None:
        if self._undo is not None:
            self._undo.append(partial(records.__setitem__, key, records[key]))
        del records[key]

    # Codes, and what is forgotten.

    def _unused_codes_of(self, grant: AccessGrant) -> dict[str, None]:
        return self._unused_codes.setdefault((grant.user.id, grant.application.id), {})

    def _end_code(self, grant: AccessGrant, now: float, token_id: int | None = None) -> None:
        self._put(self._codes, grant.code, replace(grant, revoked_at=now, token_id=token_id))
        self._drop(self._unused_codes_of(grant), grant.code)

    def _is_code_over(self, newer: AccessGrant, code: str) -> bool:
        grant = self._codes.get(code)
        return grant is None or grant.is_used or grant.is_expired(newer.created_at)

    def _remember_ended(self, ended: Ended[int], token_id: int) -> None:
        if self._undo is None:
            ended.add(token_id)

    def _forget_surplus(self, now: float) -> None:
        if self._undo is not None:
            return
        for ended in (self._revoked_ids, self._expiring_ids):
            if len(ended) <= self.kept:
                continue
            for token_id in ended.surplus(self.kept, partial(self._is_over, now)):
                if (token := self._tokens.get(token_id)) is not None:
                    self._drop_texts(token)
                    self._unindex(token)
                    del self._tokens[token_id]

    def _is_over(self, now: float, token_id: int) -> bool:
        token = self._tokens.get(token_id)
        if token is None or token.is_revoked(now):
            return True
        return token.refresh_token is None and token.is_expired(now)
