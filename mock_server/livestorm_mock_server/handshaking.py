"""TLS handshakes in the journal: what strikes them, and what becomes of them."""

import logging

from .arming.strike import Strike
from .connection import Connection
from .exchange import Exchange
from .faults.fault import CONNECTION
from .faults.tls import TLSFault
from .journal.entry import Entry
from .rails.request import Request
from .rails.response import Response
from .sandbox import Sandbox
from .tls.contexts import Flaw
from .tls.failures import WENT_ON

log = logging.getLogger("livestorm_mock_server.exchanges")


class SandboxHandshake:
    """A TLS handshake of a sandbox; one that succeeds without a fault is no exchange."""

    def __init__(self, sandbox: Sandbox, *, server_name: str | None, port: int) -> None:
        self._sandbox = sandbox
        self._strike: Strike | None = None
        self._entry: Entry | None = None
        request = Request(
            method="", raw_path="", query=b"", headers=[], body=b"", scheme="https", port=port
        )
        self._exchange = Exchange(
            request=request,
            provider=sandbox,
            now=sandbox.clock.now(),
            endpoint=CONNECTION,
            server_name=server_name,
        )

    async def let_strike(self) -> None:
        """See what strikes it; one that is struck is written down at once."""
        self._strike = await self._sandbox.strike(self._exchange, CONNECTION, _answer_nothing)
        if self._strike is not None:
            self._entry = await self._sandbox.open(self._exchange)
            self._entry.strike = self._strike
            await self._sandbox.note_strike(self._entry)

    @property
    def _fault(self) -> TLSFault | None:
        fault = None if self._strike is None else self._strike.fault
        return fault if isinstance(fault, TLSFault) else None

    @property
    def flaw(self) -> Flaw | None:
        """What has to be wrong with the certificate."""
        fault = self._fault
        return None if fault is None or fault.variant == "reset" else fault.variant

    @property
    def is_reset(self) -> bool:
        """Whether the connection is reset instead."""
        return self._fault is not None and self.flaw is None

    @property
    def delay(self) -> float:
        """How many seconds it waits first."""
        return 0 if self._fault is None else self._fault.delay

    def fail(self, reason: str) -> None:
        """Write down why nothing came of it; the log tells what no fault has done."""
        if self._strike is None:
            log.warning("no request came: %s", reason)
        self._end(reason)

    def go_on(self, connection: Connection) -> None:
        """Write down, where a fault has struck, that the client did not mind."""
        if self._entry is not None:
            self._exchange.connection = connection
            self._end(WENT_ON)

    def _end(self, reason: str) -> None:
        told = "" if self._strike is None else f"fault {self._strike.armed.id} (tls): "
        self._exchange.reason = told + reason
        self._sandbox.note(self._exchange, None, entry=self._entry)


async def _answer_nothing(exchange: Exchange) -> Response:
    raise RuntimeError(f"{exchange.endpoint} is before there is a request to answer")
