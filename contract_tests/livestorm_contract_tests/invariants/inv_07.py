"""INV-7: how the end of an operation is reported."""

from typing import Final

from ..allowances.delivered import ends_with_refresh, is_successful_refresh, read_allowance
from ..driving.kinds import Kind, may_be
from ..driving.outcome import Outcome
from ..fake.journal import Exchange
from .history import History, Noted
from .invariant import Invariant

WITHOUT_A_REQUEST: Final = frozenset(
    {
        Kind.REAUTH_REQUIRED,
        Kind.CONFIG_ERROR,
        Kind.PROTOCOL_ERROR,
        Kind.RETRY_LATER,
        Kind.SECURITY_ERROR,
        Kind.TRANSPORT_ERROR,
    }
)


def applies(history: History) -> bool:
    """Tell whether an operation was done."""
    return bool(history.operations)


def judge(history: History) -> str | None:
    """Say which operation was misreported; of calls at once, none can be told from the others."""
    misfits = (told for one in history.replies for told in one.reply.misfits)
    misreported = filter(None, map(_misreported, history.operations))
    return next(misreported, next(misfits, None))


def _misreported(noted: Noted) -> str | None:
    outcome = noted.outcome
    if Kind.BUG in (outcome.kind, *(one.kind for one in outcome.reply.results)):
        return "an operation may fail only in ways that its caller is told of"
    allowed = allowed_kinds(noted)
    if outcome.calls > 1 or may_be(outcome.kind, *allowed):
        return None
    may = " or ".join(sorted(allowed))
    return f"{_describe(_deciding(outcome))} may be reported as {may}, not as {outcome.kind}"


def allowed_kinds(noted: Noted) -> frozenset[Kind]:
    """Give the kinds that fit what came over the wire."""
    outcome = noted.outcome
    deciding = _deciding(outcome)
    allowed = _without_a_request(outcome) if deciding is None else read_allowance(deciding).kinds
    if noted.unverified:
        allowed |= noted.unverified.kinds
    is_refused = deciding is not None and deciding.at_api and deciding.status == 401
    if outcome.op == "call" and (
        ends_with_refresh(outcome.exchanges) or (is_refused and noted.is_put_off)
    ):
        # No request is left to use new tokens or to get some, or none may be sent for now.
        allowed |= {Kind.RETRY_LATER}
    return allowed


def _without_a_request(outcome: Outcome) -> frozenset[Kind]:
    """Give the kinds for which nothing has to be sent."""
    if outcome.op == "begin":
        return frozenset({Kind.OK})
    is_refused = outcome.op == "callback" and "error=" in str(outcome.command.get("url"))
    return WITHOUT_A_REQUEST | ({Kind.DENIED} if is_refused else set())


def _deciding(outcome: Outcome) -> Exchange | None:
    """Give the exchange that the result has to be about: the last.

    A call is not about a refresh that worked, and all else is about tokens only.
    """
    if outcome.op == "call":
        exchanges = [one for one in outcome.exchanges if not is_successful_refresh(one)]
    else:
        exchanges = list(outcome.token_requests)
    return exchanges[-1] if exchanges else None


def _describe(exchange: Exchange | None) -> str:
    if exchange is None:
        return "an operation without a request"
    status = "no answer" if exchange.status is None else f"this {exchange.status}"
    return f"{status} of {exchange.endpoint}"


INVARIANT = Invariant(
    name="INV-7",
    requirement="the reported kind is one that the tables allow for the answer, and values have "
    "their types",
    applies=applies,
    judge=judge,
)
