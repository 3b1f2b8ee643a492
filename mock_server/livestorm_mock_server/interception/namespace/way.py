"""The way that needs no cooperation: the command's network has the fake in it and nothing else."""

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, cast

from ...real_hosts import DOMAIN, name_of
from ..channel import Channel
from ..way import UNPROVEN, Arrival, Attempt, Fake, Launch, Process, RefusedError
from . import refusals
from .addresses import FIRST_REAL_HOST
from .allowing import Allowed, addresses_of, names_of
from .bridge import Bridge
from .inherited import inherited_sockets, warning
from .plan import BUNDLE_FILE, CA_FILE, OBSERVERS, Done, Listener, Plan
from .remaining import descendants, end_all
from .survivor import Survivor
from .syscalls import adopt_orphans
from .watch import Watch

_VARIABLES: Final = {
    "NODE_EXTRA_CA_CERTS": CA_FILE,
    "DENO_CERT": CA_FILE,
    "SSL_CERT_FILE": BUNDLE_FILE,
    "REQUESTS_CA_BUNDLE": BUNDLE_FILE,
}
"""For runtimes that bring their roots with them, where the user has set nothing himself."""
_PROXIES: Final = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_EXCEPTIONS: Final = ("NO_PROXY", "no_proxy")
_DIRECT: Final = ("localhost", "127.0.0.1", "::1", DOMAIN, f".{DOMAIN}")
"""What may go through no proxy: nothing but the fake is there, and no proxy."""


class NamespaceWay:
    """A private user, network and mount namespace."""

    name = "namespace"
    has_own_loopback = True

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        command: Sequence[str],
        allowed: Sequence[Allowed],
        real_hosts: Sequence[str],
    ) -> None:
        """`folder` is an empty one that others can enter, `environment` what the command gets."""
        self._folder, self._environment, self._command = folder, environment, command
        self._allowed = allowed
        of_real = {one: str(FIRST_REAL_HOST + number) for number, one in enumerate(real_hosts)}
        self._real_addresses = frozenset(of_real.values())
        self._names = of_real | names_of(allowed)
        self._notes: list[str] = []
        self._bridges: list[tuple[Allowed, Bridge]] = []
        self._watch: Watch | None = None
        self._survivor: Survivor | None = None
        self._visitors: set[int] = set()

    def enter(self) -> None:
        """Make the namespaces, in the child. Raises RefusedError."""
        from .entering import Entering

        addresses = addresses_of(self._allowed)
        self._entering = Entering(
            self._folder, self._environment, self._command, self._names, addresses
        )
        try:
            self._entering.enter()
        except OSError as error:
            raise RefusedError(refusals.reason(error)) from error
        if numbers := inherited_sockets():
            with suppress(OSError):
                os.write(2, warning(numbers).encode())

    def converse(self, channel: Channel) -> None:
        """Hand out the sockets, in the child."""
        self._entering.converse(channel)

    async def prepare(self, fake: Fake, channel: Channel, command: Sequence[str]) -> Launch:
        """Let the fake take clients inside. Raises OSError."""
        doors = (
            Listener("127.0.0.1", fake.port),
            Listener("127.0.0.1", fake.other_port),
            *(Listener(one, port) for one in sorted(self._real_addresses) for port in (80, 443)),
        )
        bridged = [listener for one in self._allowed for listener in one.listeners]
        channel.send(Plan(listeners=(*doors, *bridged), ca_pem=fake.ca_pem))
        message, descriptors = channel.receive()
        done = cast("Done", message)
        if done.error is not None:
            raise OSError(done.error)
        named: tuple[str | Listener, ...] = (*OBSERVERS, *done.listeners)
        given, tables = descriptors[: len(named)], descriptors[len(named) :]
        sockets = {name: socket.socket(fileno=one) for name, one in zip(named, given, strict=True)}
        adopt_orphans()
        self._watch = Watch(done.network, sockets, tables, self._names)
        self._survivor = Survivor(self._watch.owners.processes, self._folder)
        for listener in doors:
            is_real = listener.address in self._real_addresses
            await fake.open(sockets[listener], tls=True, of_livestorm=is_real)
        for one in self._allowed:
            bridge = Bridge(one)
            await bridge.begin([sockets[at] for at in one.listeners if at in sockets])
            self._bridges.append((one, bridge))
        return Launch(environment=self._variables())

    def process_of(self, arrival: Arrival) -> Process | None:
        """Find whose request it is, in the tables of the namespace; None for one from outside."""
        if self._watch is None:
            return None
        found = self._watch.owners.find_connection(arrival.peer, arrival.door)
        if found is not None:
            self._visitors.add(found.id)
        return found

    def tell(self, arrival: Arrival) -> str:
        """Say by which host it came."""
        if arrival.door[0] not in self._real_addresses:
            return "the fake's own URL"
        host = name_of(arrival.host)
        return f"namespace, {arrival.scheme}://{host if host in self._names else 'another host'}"

    def attempts(self) -> Sequence[Attempt]:
        """Give what was to be resolved or reached elsewhere."""
        if self._watch is None:
            return ()
        stayed = [one for one in self._watch.by_quic.kept if not self._came_by_tcp(one)]
        return [*self._watch.attempts.kept, *stayed]

    def is_sure(self) -> bool:
        """Tell whether all that may have meant Livestorm was seen."""
        return self._watch is None or not self._watch.may_have_lost_real

    def notes(self) -> Sequence[str]:
        """Give what was not seen, what failed outside, and what outlived the command."""
        failed = [
            f"--allow {allowed.told} could not be reached: {bridge.error}"
            for allowed, bridge in self._bridges
            if bridge.error is not None
        ]
        if any(not one.is_real for one in self.attempts()):
            failed.append("--allow HOST:PORT lets the command reach what it needs beside the fake")
        return [*self._of_watch(), *failed, *self._notes]

    def _of_watch(self) -> Iterator[str]:
        if self._watch is None:
            return
        yield from self._watch.attempts.notes()
        if self._watch.lost:
            told = f"{self._watch.lost} packets came too fast to be looked at"
            yield told if self.is_sure() else f"{told}: {UNPROVEN}"
        for one in filter(self._came_by_tcp, self._watch.by_quic.kept):
            name = f"{one.process.id} {one.process.name}" if one.process else "unknown process"
            yield f"HTTP/3 to {one.target} was refused, and its client has TCP, too: {name}"

    def _came_by_tcp(self, attempt: Attempt) -> bool:
        """Tell whether a client of HTTP/3 reached the fake otherwise; an unknown one may have."""
        process = attempt.process
        return bool(self._visitors) if process is None else process.id in self._visitors

    async def close(self) -> None:
        """End what outlived the command, and all that was begun for it."""
        if self._watch is None:
            return
        self._notes += (await end_all(self._living)).notes()
        if self._survivor is not None:
            self._survivor.close()
        self._watch.close()
        for _, bridge in self._bridges:
            await bridge.close()

    def _living(self) -> Sequence[Process]:
        """Give what the command has begun; where the kernel does not tell, what is in the network.

        The first is quick, which matters for what forks on.
        """
        assert self._watch is not None
        own = () if self._survivor is None else (self._survivor.process_id,)
        return descendants(own) or self._watch.owners.processes()

    def _variables(self) -> dict[str, str]:
        trust = {
            name: str(self._folder / file)
            for name, file in _VARIABLES.items()
            if not self._environment.get(name)
        }
        names = (*_PROXIES, *map(str.lower, _PROXIES))
        has_proxy = any(self._environment.get(one) for one in names)
        return trust | ({one: self._exceptions(one) for one in _EXCEPTIONS} if has_proxy else {})

    def _exceptions(self, name: str) -> str:
        now = self._environment.get(name) or self._environment.get(name.swapcase()) or ""
        kept = [one.strip() for one in now.split(",") if one.strip()]
        return ",".join(dict.fromkeys([*kept, *_DIRECT, *self._names]))
