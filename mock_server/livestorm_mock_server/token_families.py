"""The families of tokens: what came of which code, in which state, and by which requests."""

from collections.abc import Iterable, Sequence
from typing import Final, Literal
from urllib.parse import parse_qs, urlsplit

import msgspec

from . import grounds
from .beside import call_beside
from .journal.entry import Entry
from .rails.errors import RailsError
from .rails.text import to_s
from .sandbox import Sandbox
from .store.protocol import Rotation
from .store.records import AccessGrant, AccessToken

MOST: Final = 100
"""Families that are told, the newest."""
_MOST_USES: Final = 20
_STALE: Final = frozenset(
    one.id
    for one in (
        grounds.ACCESS_TOKEN_EXPIRED,
        grounds.ACCESS_TOKEN_REVOKED,
        grounds.CODE_EXPIRED,
        grounds.CODE_USED,
        grounds.REFRESH_TOKEN_REUSED,
        grounds.REFRESH_TOKEN_SUPERSEDED,
    )
)
"""By these is refused what was good once."""


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """A request that had to do with a code or a pair, by its number in the journal."""

    seq: int
    endpoint: str | None
    stale: bool
    """Whether what it sent was over."""


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """An authorization code."""

    code: str
    state: Literal["good", "used", "expired"]
    issued_at: float
    expires_at: float
    issued_by: int | None
    """The request that it was the answer to, as far as the journal has it."""
    uses: Sequence[Use]


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """An access token and the refresh token that was issued with it."""

    id: int
    generation: int
    """How many refreshes lie before it."""
    access_token: str
    access_state: Literal["good", "expired", "revoked"]
    refresh_token: str | None
    refresh_state: Literal["none", "good", "ending", "revoked"]
    """`ending` is good for a while: `revoked_at` lies ahead, or the successor was not used yet."""
    refreshed_from: int | None
    """The pair whose refresh token gave it, as far as it is known."""
    scopes: Sequence[str]
    issued_at: float
    expires_at: float | None
    revoked_at: float | None
    issued_by: int | None
    ended_by: int | None
    """The request that revoked it; null where none did, and where the journal has it no more."""
    uses: Sequence[Use]


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """All pairs that came of one grant by refreshes, the oldest first."""

    id: int
    client_id: str
    client_name: str
    user: str | None
    code: Code | None
    pairs: Sequence[Pair]


class Families(msgspec.Struct, frozen=True, kw_only=True):
    """What there is of tokens; times are virtual Unix seconds."""

    now: float
    families: Sequence[Family]
    """The newest first."""
    left_off: int
    """How many older ones there are."""
    codes: Sequence[Code]
    """Those of which nothing came, or came no more than what is forgotten."""


async def token_families(sandbox: Sandbox) -> Families:
    """Give the families of a sandbox, with the requests that the journal still has."""
    entries, now = await sandbox.exchanges(), sandbox.clock.now()
    seen = await call_beside(lambda: _Seen(entries), size=len(entries))
    members: dict[int, list[AccessToken]] = {}
    for token in await sandbox.store.tokens():
        members.setdefault(token.family, []).append(token)
    newest = sorted(members, reverse=True)[:MOST]
    codes = await _codes(sandbox, seen)
    by_token = {one.token_id: one for one in codes if one.token_id is not None}
    rotation = sandbox.options.refresh_rotation
    families = [_family(members[one], by_token.get(one), seen, now, rotation) for one in newest]
    alone = [one for one in codes if one.token_id not in members]
    return Families(
        now=now,
        families=families,
        left_off=len(members) - len(newest),
        codes=[_code(one, seen, now) for one in alone],
    )


class _Seen:
    """What the journal tells of codes and tokens."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.codes: dict[str, int | None] = {}
        self.uses_of_code: dict[str, list[Use]] = {}
        self.uses: dict[int, list[Use]] = {}
        self.issued: dict[int, int] = {}
        self.at: dict[float, list[int]] = {}
        """The requests that were handled at a moment."""
        self.disconnections: set[int] = set()
        for entry in entries:
            self._note(entry)

    def _note(self, entry: Entry) -> None:
        exchange = entry.exchange
        ground = None if exchange.ground is None else exchange.ground.id
        is_stale = ground in _STALE
        use = Use(seq=entry.seq, endpoint=exchange.endpoint, stale=is_stale)
        if exchange.endpoint == "authorize" and (code := _code_in(entry)) is not None:
            self.codes[code] = entry.seq
        elif exchange.endpoint == "token.authorization_code" and (code := _code_sent(entry)):
            self.codes.setdefault(code, None)
            self.uses_of_code.setdefault(code, []).append(use)
        elif exchange.endpoint == "authorized_applications":
            self.disconnections.add(entry.seq)
        for touched in exchange.tokens:
            if touched.role == "issued":
                self.issued.setdefault(touched.record.id, entry.seq)
            else:
                # Where a fault came before the check, the token was over all the same.
                over = is_stale or touched.record.is_revoked(exchange.now)
                told = msgspec.structs.replace(use, stale=over)
                self.uses.setdefault(touched.record.id, []).append(told)
        self.at.setdefault(exchange.now, []).append(entry.seq)

    def ended_by(self, moment: float, related: set[int]) -> int | None:
        """Give the request of that moment which had to do with it."""
        there = self.at.get(moment, [])
        ours = [seq for seq in there if seq in related]
        return next(iter([*ours, *(seq for seq in there if seq in self.disconnections)]), None)


def _code_in(entry: Entry) -> str | None:
    """Give the code that an answer sends to the client."""
    lines = [] if entry.response is None else entry.response.header_lines()
    location = next((value for name, value in lines if name.lower() == "location"), "")
    try:
        parts = urlsplit(location)
        given = parse_qs(f"{parts.query}&{parts.fragment}", max_num_fields=100).get("code")
    except ValueError:
        return None
    return given[0] if given else None


def _code_sent(entry: Entry) -> str:
    try:
        return to_s(entry.exchange.request.parameters.get("code") or "")
    except RailsError:
        return ""


async def _codes(sandbox: Sandbox, seen: _Seen) -> list[AccessGrant]:
    found = [await sandbox.store.find_code(code) for code in list(seen.codes)[-MOST:]]
    return [one for one in found if one is not None]


def _code(grant: AccessGrant, seen: _Seen, now: float) -> Code:
    return Code(
        code=grant.code,
        state=_code_state(grant, now),
        issued_at=grant.created_at,
        expires_at=grant.created_at + grant.expires_in,
        issued_by=seen.codes.get(grant.code),
        uses=seen.uses_of_code.get(grant.code, [])[-_MOST_USES:],
    )


def _code_state(grant: AccessGrant, now: float) -> Literal["good", "used", "expired"]:
    if grant.is_used:
        return "used"
    return "expired" if grant.is_expired(now) else "good"


def _family(
    tokens: Sequence[AccessToken],
    grant: AccessGrant | None,
    seen: _Seen,
    now: float,
    rotation: Rotation,
) -> Family:
    first, code = tokens[0], None if grant is None else _code(grant, seen, now)
    related = {use.seq for one in tokens for use in seen.uses.get(one.id, [])}
    related |= {seen.issued[one.id] for one in tokens if one.id in seen.issued}
    related |= set() if code is None else {use.seq for use in code.uses}
    # Under this rotation it is the first use of the successor that ends a pair, no refresh.
    ending_nothing = set(seen.issued.values()) if rotation.mode == "on_use" else set()
    parents = _parents(tokens)
    generations: dict[int, int] = {}
    for one in tokens:
        generations[one.id] = generations.get(parents[one.id] or 0, -1) + 1
    replaced = {one.previous_refresh_token for one in tokens}
    return Family(
        id=first.family,
        client_id=first.application.client_id,
        client_name=first.application.name,
        user=None if first.user is None else first.user.email,
        code=code,
        pairs=[
            _pair(
                one,
                seen,
                now,
                generation=generations[one.id],
                parent=parents[one.id],
                is_replaced=one.refresh_token in replaced,
                ended_by=_ended_by(one, seen, related - ending_nothing, rotation.grace),
            )
            for one in tokens
        ],
    )


def _parents(tokens: Sequence[AccessToken]) -> dict[int, int | None]:
    """Give the pair that each came of.

    Where a refresh token stays, it has moved on from pair to pair: each came of the one before.
    """
    by_text = {one.refresh_token: one.id for one in tokens if one.refresh_token is not None}
    parents: dict[int, int | None] = {}
    before: int | None = None
    for one in tokens:
        parent = by_text.get(one.refreshed_from) if one.refreshed_from else None
        parents[one.id] = before if parent is not None and parent >= one.id else parent
        before = one.id
    return parents


def _ended_by(token: AccessToken, seen: _Seen, related: set[int], grace: float) -> int | None:
    """Give the request that revoked a pair, at once or from a grace period later on."""
    if token.revoked_at is None:
        return None
    others = related - {seen.issued.get(token.id)}
    at_once = seen.ended_by(token.revoked_at, others)
    return seen.ended_by(token.revoked_at - grace, others) if at_once is None else at_once


def _pair(
    token: AccessToken,
    seen: _Seen,
    now: float,
    *,
    generation: int,
    parent: int | None,
    is_replaced: bool,
    ended_by: int | None,
) -> Pair:
    return Pair(
        id=token.id,
        generation=generation,
        access_token=token.token,
        access_state=_access_state(token, now),
        refresh_token=token.refresh_token,
        refresh_state=_refresh_state(token, is_replaced, now),
        refreshed_from=parent,
        scopes=token.scopes,
        issued_at=token.created_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
        issued_by=seen.issued.get(token.id),
        ended_by=ended_by,
        uses=seen.uses.get(token.id, [])[-_MOST_USES:],
    )


def _access_state(token: AccessToken, now: float) -> Literal["good", "expired", "revoked"]:
    if token.is_revoked(now):
        return "revoked"
    return "expired" if token.is_expired(now) else "good"


def _refresh_state(
    token: AccessToken, is_replaced: bool, now: float
) -> Literal["none", "good", "ending", "revoked"]:
    if token.refresh_token is None:
        return "none"
    if token.is_revoked(now):
        return "revoked"
    return "ending" if is_replaced or token.revoked_at is not None else "good"
