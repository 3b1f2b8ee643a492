"""What refreshes did to the pairs that were refreshed, as far as a recording shows it."""

from collections.abc import Mapping, Sequence
from math import ceil

from ..rails.text import to_s
from .archive import Recorded, parameters_of
from .bodies import json_of
from .routes import Exchange

_LONGEST = 10**10
_SHORTEST = 30
"""Seconds of grace by default."""


def token_answer(one: Exchange) -> Mapping[str, object] | None:
    """Give the success body of the token endpoint, None for any other answer."""
    if not one.is_good or not (one.label or "").startswith("token"):
        return None
    answer = json_of(one.recorded)
    if isinstance(answer, dict) and isinstance(answer.get("access_token"), str):
        return answer
    return None


def observe_rotation(exchanges: Sequence[Exchange]) -> Mapping[str, object]:
    """Give the options of rotation; nothing where a recording fits the default."""
    seen = _Seen()
    for one in exchanges:
        if one.label == "token.refresh_token":
            seen.refresh(one)
        else:
            seen.note_pair(token_answer(one))
            seen.note_use(one.recorded)
    return seen.options()


class _Seen:
    """What came of refresh tokens and access tokens, in order."""

    def __init__(self) -> None:
        self._access_of: dict[str, str] = {}
        """The access token that came with a refresh token."""
        self._replaced_at: dict[str, float] = {}
        """When a refresh token, or its access token, was replaced."""
        self._given: dict[str, list[Mapping[str, object]]] = {}
        """What a refresh token gave, each time."""
        self._used: set[str] = set()
        self._stays = self._is_same_pair = self._lives_on = self._is_dead = False
        self._grace = -1.0

    def note_pair(self, answer: Mapping[str, object] | None) -> None:
        if answer is not None and answer.get("refresh_token"):
            self._access_of[to_s(answer["refresh_token"])] = to_s(answer["access_token"])

    def note_use(self, recorded: Recorded) -> None:
        """Take note of an access token that was let in."""
        scheme, _, token = (recorded.request.header("authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or recorded.status in (0, 401):
            return
        self._used.add(token)
        self._lives_on = self._lives_on or token in self._replaced_at

    def refresh(self, one: Exchange) -> None:
        sent = to_s(dict(parameters_of(one.recorded.request)).get("refresh_token"))
        answer = token_answer(one)
        if answer is None:
            is_refused = one.status in (400, 401) and sent in self._replaced_at
            self._is_dead = self._is_dead or (is_refused and not self._was_next_used(sent))
            return
        given = to_s(answer.get("refresh_token"))
        self._stays = self._stays or given == sent
        if sent in self._given:
            self._lives_on = True
            before = {one["access_token"] for one in self._given[sent]}
            self._is_same_pair = self._is_same_pair or answer["access_token"] in before
            if self._was_next_used(sent):
                self._grace = max(self._grace, one.recorded.at - self._replaced_at[sent])
        self.note_pair(answer)
        self._given.setdefault(sent, []).append(answer)
        for text in (sent, self._access_of.get(sent)):
            if text is not None:
                self._replaced_at.setdefault(text, one.recorded.at)

    def _was_next_used(self, sent: str) -> bool:
        given = self._given.get(sent, ())
        return any(to_s(answer["access_token"]) in self._used for answer in given)

    def options(self) -> Mapping[str, object]:
        """Give what fits all that was seen."""
        if self._stays:
            return {"rotation": "never"}
        if self._grace >= 0 or self._is_same_pair:
            grace = min(max(_SHORTEST, ceil(self._grace) + 1), _LONGEST)
            same = {"rotation_repeat": "same_pair"} if self._is_same_pair else {}
            return {"rotation": "grace", "rotation_grace": grace, **same}
        return {"rotation": "instant"} if self._is_dead and not self._lives_on else {}
