"""One operation of a client, from both sides."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ..fake.journal import Exchange
from .kinds import Kind
from .messages import Reply


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was asked, what was replied, and what went over the wire between the two."""

    command: Mapping[str, object]
    reply: Reply
    exchanges: tuple[Exchange, ...]
    """Without the browser's."""
    seconds: float
    """Real time from the command to its reply."""

    @property
    def op(self) -> str:
        """The operation, in the protocol's word."""
        return str(self.command.get("op"))

    @property
    def calls(self) -> int:
        """How many calls at once it was."""
        parallel = self.command.get("parallel")
        return parallel if isinstance(parallel, int) else 1

    @property
    def kind(self) -> Kind:
        """The reported kind."""
        return self.reply.kind

    @property
    def told_text(self) -> str:
        """Everything that the reply says of its error, in one text."""
        error = self.reply.error
        if error is None:
            return ""
        status = "" if error.http_status is None else str(error.http_status)
        return " ".join(filter(None, (error.code, status, error.message, error.repr, error.trace)))

    @property
    def not_before(self) -> float:
        """In how many seconds it may be tried again, as far as the client tells."""
        return max(self.reply.not_before_s or 0.0, 0.0)

    @cached_property
    def token_requests(self) -> tuple[Exchange, ...]:
        """The exchanges with the token endpoint."""
        return tuple(one for one in self.exchanges if one.at_token_endpoint)

    @cached_property
    def api_requests(self) -> tuple[Exchange, ...]:
        """The exchanges with the API."""
        return tuple(one for one in self.exchanges if one.at_api)


def contradiction(outcome: Outcome) -> str | None:
    """Say how a reply contradicts the journal, None where it does not.

    `ok` needs a request that could have led to it: a successful token answer for `callback` and
    `refresh`, an API answer for `call`; and a status that is reported must have been sent.
    """
    op, reply = outcome.op, outcome.reply
    if reply.kind is Kind.OK:
        statuses = [one.status for one in outcome.token_requests if one.status is not None]
        if op in ("callback", "refresh") and not any(200 <= one < 300 for one in statuses):
            answers = f"{', '.join(map(str, statuses))} only" if statuses else "no answer"
            return f"ok, and {answers} of the token endpoint"
        if op == "call" and not [one for one in outcome.api_requests if one.status is not None]:
            return "ok without an answer of the API"
    if op == "call" and reply.http_status is not None:
        sent = {one.status for one in outcome.api_requests}
        if sent and reply.http_status not in sent:
            return _foreign_status(reply.http_status, outcome)
    return None


def _foreign_status(status: int, outcome: Outcome) -> str:
    if any(one.status == status for one in outcome.token_requests):
        return (
            f"http_status is {status}, which the token endpoint answered: an adapter gives that as "
            "error.http_status, and as http_status that of the API's last answer"
        )
    return f"status {status}, which the API did not answer"
