"""Which exchanges of a journal are meant."""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from .entry import Entry


class Query(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that is given must hold."""

    endpoint: str | None = None
    """A label; `token` and `api` stand for all of theirs."""
    client_id: str | None = None
    """Whose requests."""
    since: Annotated[int, msgspec.Meta(ge=0, description="the number of an exchange")] = 0
    """Only exchanges after this number."""
    status: Annotated[int, msgspec.Meta(ge=100, le=599, description="an HTTP status")] | None = None
    """The status that was answered."""
    fault: str | None = None
    """The kind, or the id, of the fault that struck; a step of a `sequence` has two kinds."""
    seq: Annotated[int, msgspec.Meta(ge=1, description="the number of an exchange")] | None = None
    """Only this exchange."""
    text: str | None = None
    """What its target, headers, bodies or reason hold, in whatever case."""

    def matches(self, entry: Entry) -> bool:
        """Tell whether an exchange is one of those meant."""
        exchange, response = entry.exchange, entry.response
        return (
            entry.seq > self.since
            and (self.endpoint is None or f"{exchange.endpoint}.".startswith(f"{self.endpoint}."))
            and self.client_id in (None, exchange.client_id)
            and self.status in (None, response and response.status)
            and (self.fault is None or self.fault in _struck_by(entry))
            and self.seq in (None, entry.seq)
            and (self.text is None or _holds(entry, self.text.lower()))
        )


def _holds(entry: Entry, text: str) -> bool:
    return any(text in one.lower() for one in _texts(entry))


def _texts(entry: Entry) -> Iterator[str]:
    """Give what is told of an exchange, part by part."""
    request = entry.exchange.request
    yield f"{request.original_method} {request.target}"
    yield entry.exchange.reason or ""
    yield from (f"{name}: {value}" for name, value in request.headers)
    yield request.body.decode("utf-8", "replace")
    if entry.response is not None:
        yield from (f"{name}: {value}" for name, value in entry.response.header_lines())
        yield entry.response.body.decode("utf-8", "replace")


def _struck_by(entry: Entry) -> tuple[str, ...]:
    """Give what the fault that struck an exchange is called."""
    if entry.strike is None:
        return ()
    armed = entry.strike.armed
    return armed.id, armed.fault.kind, entry.strike.fault.kind
