"""What has happened in a script so far: what the judges read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..allowances.allowance import Allowance, allow
from ..allowances.delivered import as_delivered, ends_with_refresh, read_allowance
from ..allowances.retry_after import excuse
from ..driving.kinds import Kind, fingerprint
from ..driving.messages import Reply
from ..driving.outcome import Outcome
from ..driving.secret_forms import secrets_of
from ..fake.journal import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One operation; its exchanges are as the client saw them.

    `before` and `after` are what was stored, as `stored_of` gives it; None where the client was
    not asked.
    """

    outcome: Outcome
    advanced: float
    """By how many seconds the client's clock had been moved."""
    process: int
    """How often the client's process had ended before."""
    before: Reply | None = None
    after: Reply | None = None
    is_put_off: bool = False
    """Whether an earlier answer still forbade to ask something, at the end of it."""
    unverified: Allowance | None = None
    """What may follow where the API did not say, or was not to be asked, who has connected.

    A client that wants to know that before it reports `ok` may tell so, and drop the new tokens.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarted:
    """The end of the client's process, between two operations, and its next start."""

    before: Reply
    after: Reply


@dataclass(kw_only=True)
class History:
    """What has happened in a script so far, and what the provider knows."""

    operations: list[Noted] = field(default_factory=list)
    restarts: list[Restarted] = field(default_factory=list)
    recovery: Outcome | None = None
    """The operation that had to succeed once the faults were lifted."""
    advanced: float = 0.0
    """By how many seconds the client's clock was moved."""
    secrets: set[str] = field(default_factory=set)
    replies: Sequence[Outcome] = ()
    """All that the client reported, of whatever operation."""
    printed: str = ""
    newest: str | None = None
    """The access token that the provider issued last, as far as the client was told."""
    known: set[str] = field(default_factory=set)
    """Access tokens, by their fingerprints, that the provider issued."""
    usable: set[str] = field(default_factory=set)
    """Those with which a call works, as they are or because the client replaces them."""
    alive: set[str] = field(default_factory=set)
    """Refresh tokens, by their fingerprints, that the provider would take."""

    @property
    def exchanges(self) -> Iterator[Exchange]:
        """All exchanges, oldest first."""
        return (exchange for one in self.operations for exchange in one.outcome.exchanges)

    @property
    def watched(self) -> list[tuple[Noted, Reply, Reply]]:
        """The operations around which the store is known, each with what it held."""
        return [
            (one, one.before, one.after)
            for one in self.operations
            if one.before is not None and one.after is not None
        ]

    @property
    def free_at(self) -> float:
        """The moment until which an answer may still forbid to ask, by the client's clock.

        It is in Unix seconds, 0 where no answer does.
        """
        moments = [
            excuse(exchange) + one.advanced
            for one in self.operations
            for exchange in one.outcome.exchanges
        ]
        return max(moments, default=0.0) - self.advanced

    @property
    def last_kind(self) -> Kind | None:
        """How the last operation was reported."""
        return self.operations[-1].outcome.kind if self.operations else None

    def note(
        self, outcome: Outcome, before: Reply | None = None, after: Reply | None = None
    ) -> None:
        """Note an operation, and what it let the client know."""
        delivered = replace(outcome, exchanges=tuple(map(as_delivered, outcome.exchanges)))
        is_put_off = any(self.free_at > one.wall for one in delivered.exchanges[-1:])
        self.operations.append(
            Noted(
                outcome=delivered,
                advanced=self.advanced,
                process=len(self.restarts),
                before=before,
                after=after,
                is_put_off=is_put_off,
                unverified=_unverified(delivered, is_put_off),
            )
        )
        for exchange in delivered.exchanges:
            # A verifier opens nothing without its code: where it is shown, H01 and H02 judge.
            named = secrets_of(exchange).items()
            self.secrets |= {secret for secret, name in named if name != "code_verifier"}
            if exchange.at_token_endpoint and exchange.status == 200 and exchange.fault is None:
                granted = exchange.granted
                self.note_pair(str(granted["access_token"]), str(granted["refresh_token"]))

    def note_pair(self, access_token: str, refresh_token: str) -> None:
        """Note a pair that the provider issued."""
        self.newest = access_token
        self.known.add(fingerprint(access_token))
        self.usable.add(fingerprint(access_token))
        self.alive.add(fingerprint(refresh_token))
        self.secrets |= {access_token, refresh_token}


def _unverified(outcome: Outcome, is_put_off: bool) -> Allowance | None:
    if outcome.op != "callback" or not outcome.token_requests:
        return None
    last = outcome.exchanges[-1]
    if last.at_api:
        allowance = read_allowance(last)
        return None if allowance.kinds == {Kind.OK} else allowance
    return allow(Kind.RETRY_LATER) if is_put_off and ends_with_refresh([last]) else None


def stored_of(state: Reply) -> Reply:
    """Give what a client says that it has stored; without an access token that is no token."""
    token = state.token
    has_token = token is not None and token.access_token is not None
    return Reply(
        kind=state.kind, token=token if has_token else None, needs_reauth=state.needs_reauth
    )
