"""What is known about one operation of a client, from both sides."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..allowances.allowance import Allowance
from ..allowances.api import allow_after_api_answer
from ..allowances.token_endpoint import allow_after_token_answer
from ..driving.kinds import Kind
from ..fake.journal import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The reply to an operation; `not_before_s` is in seconds from the reply."""

    kind: Kind
    not_before_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredToken:
    """Tokens that the client holds, as `fingerprint`s."""

    access_token: str
    refresh_token: str | None = None
    expires_at: float | None = None
    scope: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the client would use after a restart; `token` is None when there is none."""

    token: StoredToken | None = None
    needs_reauth: bool = False


class Operation(StrEnum):
    """The operations that are judged."""

    CALLBACK = "callback"
    CALL = "call"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One operation: what was asked, what went over the wire, what was said and stored.

    `exchanges` are those between the command and its reply, `waited` the seconds that the client
    slept, `faults` what was armed.
    """

    operation: Operation
    result: Result
    exchanges: tuple[Exchange, ...]
    before: State
    after: State
    waited: float = 0.0
    faults: Sequence[Mapping[str, object]] = ()

    @property
    def token_exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges with the token endpoint."""
        return tuple(one for one in self.exchanges if one.at_token_endpoint)

    @property
    def deciding_exchange(self) -> Exchange | None:
        """The exchange that the result has to be about: the last.

        A call is not about a refresh that worked, and all else is about tokens only.
        """
        if self.operation is Operation.CALL:
            exchanges = [one for one in self.exchanges if not is_successful_refresh(one)]
        else:
            exchanges = list(self.token_exchanges)
        return exchanges[-1] if exchanges else None

    def __str__(self) -> str:
        lines = [
            f"operation: {self.operation}",
            f"reported: {self.result}",
            *(f"exchange {one}" for one in self.exchanges),
            f"stored before: {self.before}",
            f"stored after: {self.after}",
            f"waited: {self.waited} s",
            *(f"replay: POST /_mock/faults {json.dumps(fault)}" for fault in self.faults),
        ]
        return "\n".join(f"  {line}" for line in lines)


def read_allowance(exchange: Exchange) -> Allowance:
    """Tell what may follow an exchange."""
    content_type = exchange.headers.get("content-type")
    if exchange.at_token_endpoint:
        return allow_after_token_answer(exchange.status, content_type, exchange.body)
    return allow_after_api_answer(
        exchange.status,
        content_type,
        exchange.body,
        challenge=exchange.headers.get("www-authenticate", ""),
        empty_is_ok=exchange.endpoint == "api.ping",
    )


def is_successful_refresh(exchange: Exchange) -> bool:
    """Tell whether an exchange can only have brought tokens."""
    return exchange.at_token_endpoint and read_allowance(exchange).must_bring_tokens
