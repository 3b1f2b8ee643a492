"""What is seen of the namespace from outside: who talks, what goes elsewhere, what is asked for."""

import asyncio
import os
import socket
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress

from ...real_hosts import DOMAIN
from ..dns import PORT, Question, read_question
from ..sock_diag import SocketDiagnosis
from ..socket_owners import SocketOwners
from ..way import Process
from .addresses import REAL_HOSTS
from .attempts import Attempts
from .observers import TABLES
from .packets import Packet, read_packet, refuse, take
from .plan import Listener
from .resolver import Resolver


class Watch:
    """Watches from the moment that it is made, on the running loop, until `close`."""

    def __init__(
        self,
        network: str,
        observers: Mapping[str | Listener, socket.socket],
        tables: Sequence[int],
        names: Mapping[str, str],
    ) -> None:
        """`network` is the link of its namespace in /proc; `names` are resolved inside.

        Raises OSError where that is the namespace of this process.
        """
        if network == _network_of(os.getpid()):
            raise OSError("the command has no network of its own")  # All in it is ended at the end.
        self.attempts = Attempts()
        self._tables = [os.fdopen(one, "rb", buffering=0) for one in tables]
        named = list(zip(TABLES, self._tables, strict=False))
        by_protocol = {
            protocol: [table for name, table in named if name.startswith(protocol)]
            for protocol in ("tcp", "udp")
        }
        self._diagnosis = SocketDiagnosis(observers["diagnosis"])
        self.owners = SocketOwners(
            by_protocol, lambda one: _network_of(one) == network, self._diagnosis
        )
        self._resolver = Resolver(
            observers["queries"], observers["query_connections"], names, self._note_name
        )
        self._icmp = observers["icmp"]
        self._packets = (observers["packets"], observers["packets6"])
        self._loop = asyncio.get_running_loop()
        for one in self._packets:
            one.setblocking(False)
            self._loop.add_reader(one, self._look)

    def close(self) -> None:
        """See what has come, and watch no more."""
        self._look()
        self._resolver.look()
        self._resolver.close()
        for one in self._packets:
            self._loop.remove_reader(one)
            # The kernel waits for its other processors, some 10 ms for each.
            threading.Thread(target=one.close, name="packets").start()
        self._icmp.close()
        self._diagnosis.close()
        for table in self._tables:
            table.close()

    def _look(self) -> None:
        """Note what goes elsewhere, and then refuse it: until then its process waits."""
        for observer in self._packets:
            for raw in take(observer):
                if (packet := read_packet(raw)) is not None:
                    self._note_packet(packet)
                    if not packet.is_refused:
                        refuse(self._icmp, raw)

    def _note_packet(self, packet: Packet) -> None:
        targets = [packet.place.replace(f"{REAL_HOSTS}:", f"{DOMAIN}:")]
        if packet.target_port == PORT and (question := read_question(packet.data)):
            targets.append(question.name)
        if taken := [one for one in targets if self.attempts.takes(one)]:
            process = self._sender(packet)
            for one in taken:
                self.attempts.add(one, process)

    def _sender(self, packet: Packet) -> Process | None:
        """Find who waits for an answer; nobody does where the kernel has refused it."""
        if packet.is_refused:
            return None
        if packet.protocol == "tcp":
            ends = (packet.source, packet.source_port), (packet.target, packet.target_port)
            return self.owners.find_connection(*ends)
        return self.owners.find("udp", packet.source_port) if packet.protocol == "udp" else None

    def _note_name(self, question: Question, protocol: str, port: int) -> None:
        """Note a name once for each process, however many records were asked for."""
        name = question.name
        if name.endswith(".arpa") or not self.attempts.takes(name):
            return
        process = self.owners.find(protocol, port)
        if not self.attempts.has(name, process):
            self.attempts.add(name, process)


def _network_of(process_id: int) -> str | None:
    with suppress(OSError):
        return os.readlink(f"/proc/{process_id}/ns/net")
    return None
