"""INV-2: what an answer of the token endpoint leaves in the store (RFC 6749, section 6).

Beside the refresh token these are expiry and scope: an error leaves what was there before, and a
success replaces everything.
"""

from typing import TypeAlias

from ..allowances.delivered import read_allowance
from ..driving.kinds import fingerprint
from ..driving.messages import Reply, StoredToken
from ..fake.journal import refreshes
from .history import History, Noted
from .invariant import Invariant

Pair: TypeAlias = tuple[str | None, str | None]


def applies(history: History) -> bool:
    """Tell whether what was stored is known around an operation."""
    return bool(history.watched)


def judge(history: History) -> str | None:
    """Say what an operation has done to the stored tokens."""
    return next(filter(None, (_lost(*one) for one in history.watched)), None)


def _lost(noted: Noted, before: Reply, after: Reply) -> str | None:
    outcome = noted.outcome
    if before.needs_reauth and after.needs_reauth:
        return None  # The grant ended in an earlier operation.
    sent = refreshes(outcome.exchanges)
    last = read_allowance(sent[-1]) if sent else None
    pairs = _pairs(noted, before)
    if _is_given_up(before, after, pairs):
        may_end = any(one and one.may_end_grant for one in (last, noted.unverified))
        return (
            None
            if may_end
            else "a refresh token may be dropped or flagged only after invalid_grant"
        )
    if last is not None and last.must_end_grant:
        return "a grant that ended with invalid_grant must be dropped or flagged"
    if _pair(after.token) not in pairs:
        return (
            "the stored pair must be the newest that a success brought, the refresh token that was "
            "sent where it brought none, and the old pair after an error"
        )
    brought = any(read_allowance(one).grants for one in outcome.token_requests)
    if not brought and after.token != before.token:
        return "an error answer must leave expiry and scope as they were"
    return None


def _is_given_up(before: Reply, after: Reply, pairs: set[Pair | None]) -> bool:
    """Tell whether the client no longer uses a refresh token that it had."""
    if before.token is None or before.token.refresh_token is None:
        return after.needs_reauth and before.token is not None
    if after.needs_reauth or after.token is None:
        return True
    return after.token.refresh_token is None and _pair(after.token) not in pairs


def _pairs(noted: Noted, before: Reply) -> set[Pair | None]:
    """Give the pairs that may be stored, token answer by token answer."""
    pairs: set[Pair | None] = {_pair(before.token)}
    for exchange in noted.outcome.token_requests:
        allowance = read_allowance(exchange)
        brought: set[Pair | None] = {
            (fingerprint(grant.access_token), fingerprint(refresh_token) if refresh_token else None)
            for grant in allowance.grants
            for refresh_token in [grant.refresh_token or exchange.refresh_token]
        }
        pairs = brought if allowance.must_bring_tokens else pairs | brought
    if noted.unverified:
        pairs.add(_pair(before.token))
    return pairs


def _pair(token: StoredToken | None) -> Pair | None:
    return None if token is None else (token.access_token, token.refresh_token)


INVARIANT = Invariant(
    name="INV-2",
    requirement="a refresh token is replaced by a success only, and given up on invalid_grant only",
    applies=applies,
    judge=judge,
)
