"""What must hold after every operation, whatever the server answers."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from ..driving.kinds import Kind, fingerprint
from ..fake.journal import Exchange
from .evidence import Evidence, Operation, StoredToken, is_successful_refresh, read_allowance
from .violation import Invariant, Violation

MOST_REQUESTS = {Operation.CALLBACK: 1 + 2, Operation.REFRESH: 1 + 2, Operation.CALL: 1 + 2 + 1}
MOST_TOKEN_REQUESTS_OF_A_CALL = 2
MOST_SECONDS_WAITED = 10.0

Pair: TypeAlias = tuple[str, str | None]

WITHOUT_A_REQUEST = frozenset(
    {
        Kind.REAUTH_REQUIRED,
        Kind.CONFIG_ERROR,
        Kind.PROTOCOL_ERROR,
        Kind.RETRY_LATER,
        Kind.SECURITY_ERROR,
        Kind.TRANSPORT_ERROR,
    }
)


def check_no_phantom_token(evidence: Evidence) -> None:
    """INV-1: only a whole, valid token answer makes tokens (RFC 6749, section 5.1)."""
    require = Requirements(Invariant.NO_PHANTOM_TOKEN, evidence)
    exchanges = evidence.token_exchanges
    if evidence.operation is not Operation.CALL:
        brought = bool(exchanges) and read_allowance(exchanges[-1]).brings_tokens
        require(
            evidence.result.kind is not Kind.OK or brought,
            "ok may be reported only when the last token answer was a 2xx with a JSON object that "
            "has a non-empty access_token, token_type Bearer and no error",
        )
    known = {token.access_token for token in [evidence.before.token] if token} | {
        fingerprint(grant.access_token)
        for exchange in exchanges
        for grant in read_allowance(exchange).grants
    }
    stored = evidence.after.token
    require(
        stored is None or stored.access_token in known,
        "an access token may be stored only when a valid token answer brought it",
    )
    require(
        {fingerprint(token) for token in read_bearer_tokens(evidence)} <= known,
        "an access token may be used only when a valid token answer brought it",
    )


def check_conservation(evidence: Evidence) -> None:
    """INV-2: a refresh token is replaced by a success only, and given up on invalid_grant only.

    Beside the refresh token this is the table's column "stored tokens": what an error answer
    leaves is what was there before, and a success replaces everything (RFC 6749, section 6).
    """
    require = Requirements(Invariant.REFRESH_TOKEN_CONSERVATION, evidence)
    before, after = evidence.before.token, evidence.after.token
    if evidence.before.needs_reauth and evidence.after.needs_reauth:
        return  # The grant ended in an earlier operation.
    refreshes = [one for one in evidence.token_exchanges if one.refresh_token is not None]
    last = read_allowance(refreshes[-1]) if refreshes else None
    if is_given_up(evidence):
        require(
            last is not None and last.may_end_grant,
            "a refresh token may be dropped or flagged only after invalid_grant",
        )
        return
    require(
        last is None or not last.must_end_grant,
        "a grant that ended with invalid_grant must be dropped or flagged",
    )
    require(
        read_pair(after) in list_pairs(evidence),
        "the stored pair must be the newest that a success brought, the refresh token that was "
        "sent where it brought none, and the old pair after an error",
    )
    brought_nothing = not any(read_allowance(one).grants for one in evidence.token_exchanges)
    require(
        after == before or not brought_nothing,
        "an error answer must leave expiry and scope as they were",
    )


def check_boundedness(evidence: Evidence) -> None:
    """INV-4: one operation sends a bounded number of requests and waits a bounded time."""
    require = Requirements(Invariant.BOUNDEDNESS, evidence)
    most = MOST_REQUESTS[evidence.operation]
    require(
        len(evidence.exchanges) <= most,
        f"a {evidence.operation} may send at most {most} requests, not {len(evidence.exchanges)}",
    )
    require(
        evidence.operation is not Operation.CALL
        or len(evidence.token_exchanges) <= MOST_TOKEN_REQUESTS_OF_A_CALL,
        f"a call may send at most {MOST_TOKEN_REQUESTS_OF_A_CALL} requests to the token endpoint",
    )
    require(
        evidence.waited <= MOST_SECONDS_WAITED,
        f"an operation may wait at most {MOST_SECONDS_WAITED:g} s, however long it is told to",
    )


def check_classification(evidence: Evidence) -> None:
    """INV-7: the reported kind is one that the tables allow for the answer."""
    require = Requirements(Invariant.CLASSIFICATION, evidence)
    deciding, kind = evidence.deciding_exchange, evidence.result.kind
    require(kind is not Kind.BUG, "an operation may fail only in ways that its caller is told of")
    allowed = WITHOUT_A_REQUEST if deciding is None else read_allowance(deciding).kinds
    if is_out_of_requests_after_refresh(evidence):
        allowed = allowed | {Kind.RETRY_LATER}
    require(
        kind in allowed,
        f"{describe(deciding)} may be reported as {' or '.join(sorted(allowed))}, not as {kind}",
    )


def is_out_of_requests_after_refresh(evidence: Evidence) -> bool:
    """Tell whether a call used all its requests, the last for a refresh that worked."""
    exchanges = evidence.exchanges
    spent = len(exchanges) >= MOST_REQUESTS[Operation.CALL]
    return evidence.operation is Operation.CALL and spent and is_successful_refresh(exchanges[-1])


CHECKS: dict[Invariant, Callable[[Evidence], None]] = {
    Invariant.NO_PHANTOM_TOKEN: check_no_phantom_token,
    Invariant.REFRESH_TOKEN_CONSERVATION: check_conservation,
    Invariant.BOUNDEDNESS: check_boundedness,
    Invariant.CLASSIFICATION: check_classification,
}


def check_invariants(evidence: Evidence) -> None:
    """Raise the first Violation."""
    for check in CHECKS.values():
        check(evidence)


def list_violations(evidence: Evidence) -> list[Violation]:
    """List each invariant's first Violation."""
    return [found for check in CHECKS.values() if (found := find_violation(check, evidence))]


def find_violation(check: Callable[[Evidence], None], evidence: Evidence) -> Violation | None:
    """Give the Violation that a check raises."""
    try:
        check(evidence)
    except Violation as violation:
        return violation
    return None


class Requirements:
    """Raises a Violation of one invariant where a requirement is broken."""

    def __init__(self, invariant: Invariant, evidence: Evidence) -> None:
        self._invariant = invariant
        self._evidence = evidence

    def __call__(self, holds: bool, requirement: str) -> None:
        """Require something, said in one sentence. Raises Violation."""
        if not holds:
            raise Violation(self._invariant, requirement, self._evidence)


def is_given_up(evidence: Evidence) -> bool:
    """Tell whether the client no longer uses a refresh token that it had."""
    before, after = evidence.before.token, evidence.after
    if before is None or before.refresh_token is None:
        return after.needs_reauth and before is not None
    if after.needs_reauth or after.token is None:
        return True
    return after.token.refresh_token is None and read_pair(after.token) not in list_pairs(evidence)


def list_pairs(evidence: Evidence) -> set[Pair | None]:
    """List the pairs that may be stored, token answer by token answer."""
    pairs: set[Pair | None] = {read_pair(evidence.before.token)}
    for exchange in evidence.token_exchanges:
        allowance = read_allowance(exchange)
        brought: set[Pair | None] = {
            (fingerprint(grant.access_token), fingerprint(refresh_token) if refresh_token else None)
            for grant in allowance.grants
            for refresh_token in [grant.refresh_token or exchange.refresh_token]
        }
        pairs = brought if allowance.must_bring_tokens else pairs | brought
    return pairs


def read_pair(token: StoredToken | None) -> Pair | None:
    """Give access and refresh token."""
    return None if token is None else (token.access_token, token.refresh_token)


def read_bearer_tokens(evidence: Evidence) -> Iterator[str]:
    """Give the access tokens that were sent."""
    for exchange in evidence.exchanges:
        if exchange.bearer_token is not None:
            yield exchange.bearer_token


def describe(exchange: Exchange | None) -> str:
    """Name what was answered."""
    if exchange is None:
        return "an operation without a request"
    status = "no answer" if exchange.status is None else f"this {exchange.status}"
    return f"{status} of {exchange.endpoint}"
