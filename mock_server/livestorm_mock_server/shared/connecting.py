"""A shared store as the command line names it: where it is, and whose it is."""

import math
import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from redis.asyncio import ConnectionPool

from ..reading import InvalidInputError
from ..store.redis.script import Script
from ..store.redis.server import PATIENCE, RedisServer
from ..store.redis.store import IDLE_SECONDS, keys_of
from .signals import Signals

PREFIX = "livestorm-mock"
"""What all keys begin with, unless the URL has a `prefix` of its own."""

LONGEST_PATIENCE = 60

_EXPECTED = (
    "redis://HOST:PORT/NUMBER, rediss://HOST:PORT/NUMBER or unix://PATH, with ?prefix=NAME where"
    " several fakes share a server"
)
_DATABASE = re.compile(r"(/\d*)?", re.ASCII)
_LISTING = Script(__package__, ("listing",))
_LIST_IDLE_SECONDS = 12 * IDLE_SECONDS


class Connected:
    """A fake's part of a Redis server; several servers of the fake with the same one are one."""

    def __init__(self, url: str) -> None:
        """Raises InvalidInputError for a URL that can lead to no such server."""
        self.url = url
        read = _read_url(url)
        self._prefix = read.prefix
        self.server = RedisServer(read.of_server, patience=read.patience)
        self.signals = Signals(self.server.make_connection)

    @property
    def example_of_prefix(self) -> str:
        """A URL with a prefix of its own, for messages."""
        return f"{masked(self.url)}?prefix={self._prefix}-2"

    def name_of(self, sandbox_id: str | None) -> str:
        """Give the name of a sandbox on the server."""
        return f"{self._prefix}/" if sandbox_id is None else f"{self._prefix}/s/{sandbox_id}"

    async def list_as_open(self, sandbox_id: str) -> None:
        """Add a sandbox to the list. Raises StoreUnavailableError."""
        await self._list("SADD", sandbox_id)

    async def list_as_closed(self, sandbox_id: str) -> None:
        """Take a sandbox from the list. Raises StoreUnavailableError."""
        await self._list("SREM", sandbox_id)

    async def listed(self) -> Sequence[str]:
        """Give the ids of the sandboxes in the list. Raises StoreUnavailableError."""
        return sorted(one.decode() for one in await self._list("SMEMBERS"))

    async def close(self) -> None:
        """Close all connections."""
        await self.signals.close()
        await self.server.close()

    async def _list(self, command: str, *ids: str) -> list[bytes]:
        keys = keys_of(self._prefix, "sandboxes")
        told: list[bytes] = await self.server.run(
            _LISTING, keys, [_LIST_IDLE_SECONDS, command, *ids]
        )
        return told


def check_url(url: str) -> None:
    """Check that a URL can be one of a Redis server. Raises InvalidInputError."""
    read = _read_url(url)
    try:
        ConnectionPool.from_url(read.of_server).make_connection()  # type: ignore[no-untyped-call]
    except (TypeError, ValueError):
        raise InvalidInputError("--store", masked(url), _EXPECTED) from None


class _Read(msgspec.Struct, frozen=True, kw_only=True):
    """What a URL says."""

    of_server: str
    prefix: str
    patience: float


def _read_url(url: str) -> _Read:
    """Read a URL. Raises InvalidInputError."""
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        raise InvalidInputError("--store", masked(url), _EXPECTED) from None
    if parts.scheme != "unix" and not _DATABASE.fullmatch(parts.path):
        raise InvalidInputError("--store", masked(url), _EXPECTED)
    prefix, patience = options.pop("prefix", PREFIX), options.pop("patience", str(PATIENCE))
    if not prefix:
        raise InvalidInputError("the prefix of --store", prefix, "a text that is not empty")
    of_server = parts._replace(query=urlencode(options)).geturl()
    return _Read(of_server=of_server, prefix=prefix, patience=_read_patience(patience))


def _read_patience(text: str) -> float:
    try:
        patience = float(text)
    except ValueError:
        patience = math.nan
    if not 0 < patience <= LONGEST_PATIENCE:
        expected = f"a number of seconds > 0 and <= {LONGEST_PATIENCE}"
        raise InvalidInputError("the patience of --store", text, expected)
    return patience


def masked(url: str) -> str:
    """Give a URL without what may be secret: its credentials, and its query."""
    scheme, slashes, rest = url.partition("?")[0].partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}{slashes}{authority.rpartition('@')[2]}{slash}{path}"
