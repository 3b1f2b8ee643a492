"""The way that any system allows: variables and shims lead the command's clients to the fake.

What heeds neither would go to Livestorm itself: where the system has seccomp, a guard keeps it
from doing so, and tells whose connection it was.
"""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Final

from ..doors import Proxying, ProxyRequest
from ..listeners import bind
from ..real_hosts import is_livestorms
from .channel import Channel
from .guard import Guard
from .outer_proxies import addresses_of_proxies
from .sock_diag import End, SocketDiagnosis
from .socket_owners import SocketOwners
from .variables import Means, variables
from .way import UNPROVEN, Arrival, Attempt, Fake, Launch, Process, RefusedError

_SHIMS: Final = {"node_door": "Node preload", "python_door": "Python shim"}
_MOST: Final = 1000
"""Attempts that are kept."""
_MOST_PROCESSES: Final = 10_000
"""Of those that asked the fake for something."""
_TOO_MANY: Final = (
    f"more than {_MOST_PROCESSES} processes came: who of them asked for nothing is not known"
)


class EnvironmentWay:
    """Leads the command by its environment, under guard where that can be had."""

    name = "environment"
    has_own_loopback = False

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment
        self._open = ExitStack()
        self._guard = self._open.enter_context(closing(Guard()))
        self._unguarded: str | None = None
        self._told: dict[int, str] = {}
        self._asked: set[int] = set()
        self._proxied: dict[int, Attempt] = {}
        self._began: dict[tuple[int, int], Process] = {}
        self._refused: list[Attempt] = []
        self._owners: SocketOwners | None = None

    def enter(self) -> None:
        """Put the child under guard where the system allows it."""
        try:
            self._guard.enter()
        except RefusedError as error:
            self._unguarded = str(error)

    def converse(self, channel: Channel) -> None:
        """Say why there is no guard."""
        channel.send(self._unguarded)

    async def prepare(self, fake: Fake, channel: Channel, command: Sequence[str]) -> Launch:
        """Open a door for each shim, which tells who came by which, and give the variables."""
        refusal, _ = channel.receive()
        shims = {name: await self._open_door(fake, told) for name, told in _SHIMS.items()}
        shim_ports = [*self._told]
        proxying = Proxying(passes_others=True, tell=self._note_proxied)
        proxy = await self._open_door(fake, "proxy", proxying)
        self._find_owners()
        guarded = {}
        if refusal is None:
            refused = await addresses_of_proxies(self._environment)
            self._guard.begin(watched=shim_ports, refused=refused)
            guarded = self._guard.variables(self._environment)
        else:
            self._unguarded = str(refusal)
        means = Means(
            environment=self._environment,
            folder=fake.folder,
            ca_pem=fake.ca_pem,
            proxy_url=f"http://{proxy}",
            node_door=shims.get("node_door"),
            python_door=shims.get("python_door"),
        )
        return Launch(environment=variables(means) | guarded)

    def process_of(self, arrival: Arrival) -> Process | None:
        """Find whose request it is, where the system has the tables for it."""
        found = self._owner(arrival.peer, arrival.door)
        began = self._who_connected(arrival.peer[1], arrival.door[1])
        if self._knows_silent:
            self._asked.update(one.id for one in (found, began) if one is not None)
        return found or began

    def _who_connected(self, port: int, door: int) -> Process | None:
        """Give who began a connection: it may have left it to another process, or be gone."""
        if self._told.get(door) in _SHIMS.values():
            return self._guard.caller_at(port)
        return self._began.get((port, door))

    def tell(self, arrival: Arrival) -> str:
        """Say by what it came."""
        return self._told.get(arrival.door[1], "the fake's own URL")

    def attempts(self) -> Sequence[Attempt]:
        """Give what tried to reach Livestorm, or came to the fake and trusted no certificate."""
        return [*self._guard.attempts(), *self._refused, *self._silent()]

    @property
    def _knows_silent(self) -> bool:
        """Whether all that asked for something are known."""
        return len(self._asked) < _MOST_PROCESSES

    def _silent(self) -> Iterator[Attempt]:
        if self._knows_silent:
            came = self._guard.callers() | self._proxied
            yield from (one for process_id, one in came.items() if process_id not in self._asked)

    def is_sure(self) -> bool:
        """Tell that the guard let nothing pass unseen; where there is none, a note says so."""
        return True

    def notes(self) -> Sequence[str]:
        """Give what could not be proved."""
        told = [] if self._knows_silent else [_TOO_MANY]
        if self._unguarded is None:
            return [*self._guard.notes(), *told]
        return [f"{UNPROVEN}: {self._unguarded}", *told]

    async def close(self) -> None:
        """End the guard."""
        self._open.close()

    async def _open_door(self, fake: Fake, told: str, proxying: Proxying | None = None) -> str:
        listener = bind("127.0.0.1", 0)
        port = listener.getsockname()[1]
        await fake.open(listener, tls=True, proxying=proxying)
        self._told[port] = told
        return f"127.0.0.1:{port}"

    def _note_proxied(self, request: ProxyRequest) -> None:
        """Remember who came for a host of Livestorm, while the connection is open."""
        if not is_livestorms(request.host):
            return
        process = self._owner(request.peer, request.door)
        attempt = Attempt(target=f"{request.host}:{request.port}", process=process, at=time.time())
        if request.outcome != "served":
            if len(self._refused) < _MOST:
                self._refused.append(attempt)
        elif process is not None:
            self._began[request.peer[1], request.door[1]] = process
            if len(self._proxied) < _MOST:
                self._proxied.setdefault(process.id, attempt)

    def _owner(self, peer: End, door: End) -> Process | None:
        return None if self._owners is None else self._owners.find_connection(peer, door)

    def _find_owners(self) -> None:
        """Open the tables of connections, where the system has them; without IPv6 there is one."""
        tables = []
        for name in ("tcp", "tcp6"):
            with suppress(OSError):
                # It stays open, and `close` closes it.
                table = Path(f"/proc/net/{name}").open("rb", buffering=0)  # noqa: SIM115
                tables.append(self._open.enter_context(table))
        if not tables:
            return
        diagnosis = None
        with suppress(OSError):
            diagnosis = self._open.enter_context(closing(SocketDiagnosis.here()))
        ourselves = os.getpid()
        self._owners = SocketOwners({"tcp": tables}, lambda one: one != ourselves, diagnosis)
