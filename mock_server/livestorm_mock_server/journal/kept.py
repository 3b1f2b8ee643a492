"""What the journal keeps of an exchange that is over: little, and nothing that leads back to it.

The garbage collector never looks at these, so that a long journal makes nobody wait.
"""

from functools import lru_cache
from typing import Self, TypeVar

import msgspec

from ..connection import ConnectionName
from ..exchange import Exchange, Role, TouchedToken, Visitor
from ..grounds import Ground
from ..rails.negotiation import NegotiationRules
from ..rails.request import VERBS, Request
from ..rails.response import Response
from ..store.records import AccessToken

_VERBS = {verb: verb for verb in VERBS}
T = TypeVar("T", bound=tuple[str, ...])


def _itself(names: T) -> T:
    return names


class KeptRequest(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A request without what was read of it."""

    method: str
    raw_path: str
    query: bytes
    headers: tuple[tuple[str, str], ...]
    body: bytes
    scheme: str
    prefix: str
    http_version: str
    port: int | None
    named_url: str | None
    rules: NegotiationRules
    cut_from: int | None
    path_format: str | None

    @classmethod
    def of(cls, request: Request, most: int) -> Self:
        """Keep a request, and at most so many bytes of its body."""
        length, method = len(request.body), request.original_method
        return cls(
            _VERBS.get(method, method),
            request.raw_path,
            request.query,
            tuple(request.headers),
            request.body if length <= most else request.body[:most],
            request.scheme,
            request.prefix,
            request.http_version,
            request.port,
            request.named_url,
            request.rules,
            None if length <= most else length,
            request.path_format,
        )

    def restored(self) -> Request:
        """Give the request, to be read anew."""
        request = Request(
            method=self.method,
            raw_path=self.raw_path,
            query=self.query,
            headers=list(self.headers),
            body=self.body,
            scheme=self.scheme,
            prefix=self.prefix,
            http_version=self.http_version,
            port=self.port,
            named_url=self.named_url,
            rules=self.rules,
        )
        request.cut_from, request.path_format = self.cut_from, self.path_format
        return request


class KeptResponse(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An answer as it was sent."""

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
            response.body if length <= most else response.body[:most],
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


def _shared_client_id(client_id: str | None, records: tuple[AccessToken, ...]) -> str | None:
    """Give the client id as the application has it, so that it is there once."""
    known = records[0].application.client_id if records else client_id
    return known if known == client_id else client_id


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

    @classmethod
    def of(cls, exchange: Exchange, most: int) -> Self:
        """Keep an exchange, and at most so many bytes of its request's body."""
        records = tuple([one.record for one in exchange.tokens])
        return cls(
            exchange.number,
            exchange.provider.id,
            exchange.now,
            exchange.connection_name,
            exchange.endpoint,
            exchange.server_name,
            _shared_client_id(exchange.client_id, records),
            exchange.reason,
            exchange.ground,
            exchange.visitor,
            exchange.has_unregistered_redirect_uri,
            _once(tuple([one.role for one in exchange.tokens])),
            records,
            KeptRequest.of(exchange.request, most),
        )

    @property
    def tokens(self) -> list[TouchedToken]:
        """The tokens that were sent, and those that were issued."""
        touched = zip(self.roles, self.records, strict=True)
        return [TouchedToken(role=role, record=record) for role, record in touched]

    @property
    def connection_name(self) -> ConnectionName | None:
        """What tells the client's connection from others."""
        return self.connection

    @property
    def request(self) -> Request:
        """The request, to be read anew."""
        return self.kept_request.restored()
