"""The way that needs no cooperation: the command's network has the fake in it and nothing else."""

import asyncio
import os
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

from ..channel import Channel
from ..socket_owners import SocketOwners
from ..way import Arrival, Attempt, Fake, Launch, Process, RefusedError
from . import refusals
from .addresses import REAL_HOSTS
from .allowing import Allowed, addresses_of, names_of
from .bridge import Bridge
from .dns import Question, read_question
from .observers import TABLES
from .packets import Packet, read_packet, refuse, take
from .plan import OBSERVERS, Done, Listener, Plan
from .remaining import end_all
from .resolver import Resolver

_MOST = 1000
"""Attempts that are kept."""
_RESOLVER_PORT = 53


class NamespaceWay:
    """A private user, network and mount namespace."""

    name = "namespace"

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        command: Sequence[str],
        allowed: Sequence[Allowed],
        real_hosts: Sequence[str],
    ) -> None:
        self._folder, self._environment, self._command = folder, environment, command
        self._allowed = allowed
        self._names = dict.fromkeys(real_hosts, str(REAL_HOSTS)) | names_of(allowed)
        self._attempts: list[Attempt] = []
        self._notes: list[str] = []
        self._bridges: list[tuple[Allowed, Bridge]] = []

    def enter(self) -> None:
        """Make the namespaces, in the child. Raises RefusedError."""
        from .entering import Entering

        try:
            self._entering = Entering(
                self._folder,
                self._environment,
                self._command,
                self._names,
                addresses_of(self._allowed),
            )
            self._entering.enter()
        except OSError as error:
            raise RefusedError(refusals.reason(error)) from error

    def converse(self, channel: Channel) -> None:
        """Hand out the sockets, in the child."""
        self._entering.converse(channel)

    async def prepare(self, fake: Fake, channel: Channel, command: Sequence[str]) -> Launch:
        """Let the fake take clients inside. Raises OSError."""
        doors = [
            (Listener("127.0.0.1", fake.port), False),
            (Listener("127.0.0.1", fake.other_port), False),
            (Listener(str(REAL_HOSTS), 80), False),
            (Listener(str(REAL_HOSTS), 443), True),
        ]
        bridged = [listener for one in self._allowed for listener in one.listeners]
        listeners = (*(one for one, _ in doors), *bridged)
        channel.send(Plan(listeners=listeners, ca_pem=fake.ca_pem))
        message, descriptors = channel.receive()
        done = cast("Done", message)
        if done.error is not None:
            raise OSError(done.error)
        count = len(OBSERVERS) + len(listeners)
        sockets = [socket.socket(fileno=one) for one in descriptors[:count]]
        self._begin_watching(done.network, descriptors[count:])
        self._observe(dict(zip(OBSERVERS, sockets, strict=False)))
        inside = iter(sockets[len(OBSERVERS) :])
        for (_, tls), listener in zip(doors, inside, strict=False):
            await fake.open(listener, tls=tls)
        for one in self._allowed:
            bridge = Bridge(one)
            await bridge.begin([listener for _, listener in zip(one.listeners, inside)])
            self._bridges.append((one, bridge))
        return Launch()

    def process_of(self, arrival: Arrival) -> Process | None:
        """Find whose request it is, in the tables of the namespace."""
        return self._owners.find("tcp", arrival.peer[1], arrival.door[1])

    def tell(self, arrival: Arrival) -> str:
        """Say by which host it came."""
        is_real = arrival.door[0] == str(REAL_HOSTS)
        host = arrival.host.partition(":")[0]
        return f"namespace, {arrival.scheme}://{host}" if is_real else "the fake's own URL"

    def attempts(self) -> Sequence[Attempt]:
        """Give what was to be resolved or reached elsewhere."""
        return self._attempts

    def notes(self) -> Sequence[str]:
        """Give what failed outside, and what outlived the command."""
        failed = [
            f"--allow {allowed.told} could not be reached: {bridge.error}"
            for allowed, bridge in self._bridges
            if bridge.error is not None
        ]
        return [*failed, *self._notes]

    async def close(self) -> None:
        """End what outlived the command, and all that was begun for it."""
        if not hasattr(self, "_owners"):
            return
        for process in await end_all(self._owners.processes):
            self._notes.append(f"ended what outlived the command: {process.id} {process.name}")
        self._look()
        self._resolver.look()
        self._resolver.close()
        for one in self._packets:
            asyncio.get_running_loop().remove_reader(one)
            one.close()
        self._icmp.close()
        for _, bridge in self._bridges:
            await bridge.close()
        for table in self._tables:
            table.close()

    def _begin_watching(self, network: str, tables: Sequence[int]) -> None:
        def belongs(one: int) -> bool:
            with suppress(OSError):
                return os.readlink(f"/proc/{one}/ns/net") == network
            return False

        self._tables: list[BinaryIO] = [os.fdopen(one, "rb", buffering=0) for one in tables]
        by_protocol = {
            protocol: [
                table
                for name, table in zip(TABLES, self._tables, strict=False)
                if name.startswith(protocol)
            ]
            for protocol in ("tcp", "udp")
        }
        self._owners = SocketOwners(by_protocol, belongs)

    def _observe(self, observers: dict[str, socket.socket]) -> None:
        self._resolver = Resolver(
            observers["queries"], observers["query_connections"], self._names, self._note_name
        )
        self._packets = (observers["packets"], observers["packets6"])
        self._icmp = observers["icmp"]
        for one in self._packets:
            one.setblocking(False)
            asyncio.get_running_loop().add_reader(one, self._look)

    def _look(self) -> None:
        """Note what goes elsewhere, and then refuse it: until then its process waits."""
        for observer in self._packets:
            for raw in take(observer):
                if (packet := read_packet(raw)) is not None:
                    self._note_packet(packet)
                    refuse(self._icmp, raw)

    def _note_packet(self, packet: Packet) -> None:
        process = None
        if packet.protocol in ("tcp", "udp"):
            process = self._owners.find(packet.protocol, packet.source_port)
        self._note(packet.place, process)
        if packet.target_port == _RESOLVER_PORT and (question := read_question(packet.data)):
            self._note(question.name, process)

    def _note_name(self, question: Question, protocol: str, port: int) -> None:
        """Note a name once for each process, however many records were asked for."""
        if question.name.endswith(".arpa"):
            return
        process = self._owners.find(protocol, port)
        if not any((one.target, one.process) == (question.name, process) for one in self._attempts):
            self._note(question.name, process)

    def _note(self, target: str, process: Process | None) -> None:
        if len(self._attempts) < _MOST:
            self._attempts.append(Attempt(target=target, process=process, at=time.time()))
