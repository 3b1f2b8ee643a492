"""What the journal keeps of an exchange that is over: little, and nothing that leads back to it.

The garbage collector never looks at these, so that a long journal makes nobody wait.
"""

from functools import lru_cache
from typing import Self, TypeVar

import msgspec

from ..connection import ConnectionName
from ..exchange import Exchange, Role, TouchedToken, Visitor, WebhookAttempt, touched_tokens
from ..grounds import Ground
from ..rails.request import Head, Request
from ..rails.response import Response
from ..store.records import AccessToken

T = TypeVar("T", bound=tuple[str, ...])


def _itself(names: T) -> T:
    return names


class KeptRequest(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A request without what was read of it."""

    head: Head
    body: bytes
    cut_from: int | None
    path_format: str | None

    @classmethod
    def of(cls, request: Request, most: int) -> Self:
        """Keep a request, and at most so many bytes of its body."""
        body, length = request.body, len(request.body)
        is_whole = length <= most
        return cls(
            request.head,
            body if is_whole else body[:most],
            None if is_whole else length,
            request.path_format,
        )

    def restored(self) -> Request:
        """Give the request, to be read anew."""
        request = Request.of(self.head, self.body)
        request.cut_from, request.path_format = self.cut_from, self.path_format
        return request


class KeptResponse(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An answer as it is to be sent; what cuts it on its way is told by the fault that struck."""

    status: int
    names: tuple[str, ...]
    values: tuple[str, ...]
    body: bytes
    cut_from: int | None

    @classmethod
    def of(cls, response: Response, most: int) -> Self:
        """Keep an answer, and at most so many bytes of its body."""
        names, values = response.header()
        length = len(response.body)
        return cls(
            response.status,
            _once(names),
            values,
            _kept_body(response.body, most),
            None if length <= most else length,
        )

    @property
    def headers(self) -> dict[str, str]:
        """The header lines by name."""
        return dict(self.header_lines())

    def header_lines(self) -> list[tuple[str, str]]:
        """Give all header lines in order."""
        return list(zip(self.names, self.values, strict=True))


_once = lru_cache(maxsize=1_000)(_itself)
"""Give the one tuple of the names of headers, or of roles: most come again."""


def _kept_body(body: bytes, most: int) -> bytes:
    """Give what is kept of a body: of a short one that comes again and again, one for all."""
    return _same_body(body) if len(body) <= min(_SHORT, most) else body[:most]


@lru_cache(maxsize=64)
def _same_body(body: bytes) -> bytes:
    return body


_SHORT = 4096
"""Bytes of a body that is worth looking for among the last ones."""


class KeptExchange(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What was noted of an exchange."""

    number: int
    sandbox: str | None
    now: float
    connection: ConnectionName | None
    endpoint: str | None
    server_name: str | None
    client_id: str | None
    reason: str | None
    ground: Ground | None
    visitor: Visitor | None
    has_unregistered_redirect_uri: bool
    roles: tuple[Role, ...]
    records: tuple[AccessToken, ...]
    kept_request: KeptRequest
    webhook: WebhookAttempt | None

    @classmethod
    def of(cls, exchange: Exchange, most: int) -> Self:
        """Keep an exchange, and at most so many bytes of its request's body."""
        records, connection, client_id = exchange.records, exchange.connection, exchange.client_id
        if records and client_id == (known := records[0].application.client_id):
            client_id = known  # The application's own text, so that it is there once.
        return cls(
            exchange.number,
            exchange.provider.id,
            exchange.now,
            None if connection is None else connection.name,
            exchange.endpoint,
            exchange.server_name,
            client_id,
            exchange.reason,
            exchange.ground,
            exchange.visitor,
            exchange.has_unregistered_redirect_uri,
            _once(exchange.roles),
            records,
            KeptRequest.of(exchange.request, most),
            exchange.webhook,
        )

    @property
    def tokens(self) -> list[TouchedToken]:
        """The tokens that were sent, and those that were issued."""
        return touched_tokens(self.roles, self.records)

    @property
    def connection_name(self) -> ConnectionName | None:
        """What tells the client's connection from others."""
        return self.connection

    @property
    def request(self) -> Request:
        """The request, to be read anew."""
        return self.kept_request.restored()
