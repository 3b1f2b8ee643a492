"""What all faults share: where, when, how often, before or after the effect."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Annotated, ClassVar, Literal, Protocol, runtime_checkable

import msgspec

from ..exchange import Exchange
from ..header_fields import FieldName, ReceivedValue
from ..rails.errors import RailsError
from ..rails.parameters import read_wire_name, wire_names
from ..rails.response import Response
from ..rails.text import to_s

Count = Annotated[int, msgspec.Meta(ge=1)]

CONNECTION = "connection"
"""What stands for an endpoint where a fault strikes before there is a request."""

CHOOSING = ("on", "times", "after", "every", "probability", "when")
"""Keys that say which requests are struck."""


class When(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Conditions on the request; all that are given must hold."""

    client_id: str | None = None
    """Whose request it is, by its `client_id` or its access token."""
    grant_type: str | None = None
    """The `grant_type` of a token request, one that the engine knows."""
    method: str | None = None
    """The verb, after `_method`, in capitals."""
    number: Count | None = None
    """The exchange's number in the sandbox's journal."""
    header: Mapping[FieldName, ReceivedValue] = msgspec.field(default_factory=dict)
    """Header names, in any case, with the values they must have."""
    parameter: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Parameters of query or body with the values they must have; names as on the wire, such as
    `filter[email]`."""

    def holds(self, exchange: Exchange) -> bool:
        """Tell whether the request is one of those meant."""
        request = exchange.request
        return (
            self.client_id in (None, exchange.client_id, _parameter(exchange, "client_id"))
            and self.grant_type in (None, _parameter(exchange, "grant_type"))
            and self.method in (None, request.method)
            and self.number in (None, exchange.number)
            and all(request.header(name.lower()) == v for name, v in self.header.items())
            and (not self.parameter or self._parameters() <= _sent(exchange))
        )

    def _parameters(self) -> set[tuple[str | None, str]]:
        return {(read_wire_name(name), value) for name, value in self.parameter.items()}


Answer = Callable[[], Awaitable[Response]]
"""Gives the endpoint's answer to a request, which is not to be changed."""


class Proceed(Protocol):
    """The way of a request behind the fault that strikes it."""

    async def __call__(self) -> Response:
        """Carry out the endpoint, with its effect; what Rails refuses is an answer, too."""
        ...

    async def to_spoil(self) -> Response:
        """Give the endpoint's answer, for the fault to make another of it.

        In phase `before` it is rehearsed on a copy of the store: it looks real, and nothing has
        happened. Where the fault finds nothing in it, see `Fault.finds`, this doesn't return: the
        request passes.
        """
        ...

    async def wait_for_others(self, parties: int, seconds: float) -> None:
        """Wait until the same armed fault holds so many requests, it is released, or time is up."""
        ...


class Fault(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="fault"
):
    """A fault as it is armed: these keys, and those of its kind beside them."""

    places: ClassVar[tuple[str, ...]] = ()
    """The endpoints at which the kind can do something, by their labels; empty means all."""

    on: str
    """The endpoint's label; `token` and `api` stand for all of theirs."""
    times: Count | None = None
    """How many requests it strikes; absent, every one."""
    after: Annotated[int, msgspec.Meta(ge=0)] = 0
    """How many matching requests pass first."""
    every: Count = 1
    """After these, it strikes the first of so many, again and again."""
    probability: Annotated[float, msgspec.Meta(gt=0, le=1)] | None = None
    """The share of matching requests that it strikes; absent, all."""
    seed: int = 0
    """Where the draws for `probability` start from."""
    phase: Literal["before", "after"] = "before"
    """Before the request has its effect, or after: the tokens are rotated, the answer is lost."""
    delay: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 0
    """How many seconds a request that is struck waits first, in real time."""
    when: When = When()
    """Conditions on the request; all that are given must hold."""

    async def finds(self, exchange: Exchange, answer: Answer) -> bool:
        """Tell whether the request, or its answer, has what the kind spoils.

        One that has not is no request that matches: it passes, and nothing is counted. `answer` is
        rehearsed where it is asked for, in either phase.
        """
        del exchange, answer
        return True

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Do what the kind does, around the rest of the request's way; give the answer."""
        raise NotImplementedError(f"{self.kind} does not say how it strikes")

    def check(self, where: str) -> None:
        """Check what types alone don't tell; `where` leads to the keys.

        Raises InvalidInputError.
        """

    @property
    def lateness(self) -> float:
        """How many seconds the answer comes late."""
        return self.delay

    @property
    def kind(self) -> str:
        """The name of the kind, as in `fault = "..."`."""
        return str(self.__struct_config__.tag)

    def as_json(self) -> dict[str, object]:
        """Give the keys that the fault was armed with, defaults included."""
        members: dict[str, object] = msgspec.to_builtins(self)
        return members

    def meets(self, exchange: Exchange) -> bool:
        """Tell whether the conditions hold."""
        return self.when.holds(exchange)

    def covers(self, label: str) -> bool:
        """Tell whether an endpoint is meant by `on`, and one at which the kind can strike."""
        return is_within(label, self.on) and (
            not self.places or any(is_within(label, place) for place in self.places)
        )


def is_within(label: str, group: str) -> bool:
    """Tell whether an endpoint is another, or one of that group: `api.me` is within `api`."""
    return label == group or label.startswith(f"{group}.")


@runtime_checkable
class Stepwise(Protocol):
    """What a kind can do that has another fault strike in its place, hit by hit."""

    def step_keys(self, where: str) -> Iterable[Mapping[str, object] | None]:
        """Give the keys of the fault for each hit; None lets the request pass.

        Raises InvalidInputError.
        """
        ...


def _sent(exchange: Exchange) -> set[tuple[str | None, str]]:
    try:
        given = exchange.request.parameters
    except RailsError:
        return set()
    return {(name, to_s(value)) for name, value in wire_names(given) if value is not None}


def _parameter(exchange: Exchange, name: str) -> str | None:
    try:
        value = exchange.request.parameters.get(name)
    except RailsError:
        return None
    return None if value is None else to_s(value)
