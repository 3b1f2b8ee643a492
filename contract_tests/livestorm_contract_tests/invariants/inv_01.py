"""INV-1: what may be taken for a token (RFC 6749, section 5.1)."""

from ..allowances.delivered import read_allowance
from ..driving.kinds import Kind, fingerprint
from ..driving.messages import Reply
from ..driving.outcome import Outcome
from .history import History
from .invariant import Invariant


def applies(history: History) -> bool:
    """Tell whether what was stored is known around an operation."""
    return bool(history.watched)


def judge(history: History) -> str | None:
    """Say which token came from nowhere."""
    return next(
        filter(None, (_phantom(one.outcome, *stored) for one, *stored in history.watched)), None
    )


def _phantom(outcome: Outcome, before: Reply, after: Reply) -> str | None:
    answers = outcome.token_requests
    brought = bool(answers) and read_allowance(answers[-1]).brings_tokens
    needs_tokens = outcome.op in ("callback", "refresh")
    if needs_tokens and outcome.kind is Kind.OK and not brought:
        return (
            "ok may be reported only when the last token answer was a 2xx with a JSON object that "
            "has a non-empty access_token, token_type Bearer and no error"
        )
    grants = [grant for one in answers for grant in read_allowance(one).grants]
    known = {fingerprint(grant.access_token) for grant in grants}
    if before.token is not None:
        known.add(str(before.token.access_token))
    if after.token is not None and after.token.access_token not in known:
        return "an access token may be stored only when a valid token answer brought it"
    sent = {one.bearer_token for one in outcome.exchanges if one.bearer_token is not None}
    if not {fingerprint(token) for token in sent} <= known:
        return "an access token may be used only when a valid token answer brought it"
    return None


INVARIANT = Invariant(
    name="INV-1",
    requirement="only a whole, valid token answer makes tokens",
    applies=applies,
    judge=judge,
)
