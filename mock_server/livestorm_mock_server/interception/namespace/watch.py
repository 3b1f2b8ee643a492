"""What is seen of the namespace from outside: who talks, what goes elsewhere, what is asked for."""

import asyncio
import os
import socket
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress

from ...real_hosts import is_livestorms
from ..dns import PORT, Question, read_question
from ..sock_diag import SocketDiagnosis
from ..socket_owners import SocketOwners
from ..way import Process
from .attempts import MOST, Attempts
from .observers import TABLES, lost
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
        self.by_quic = Attempts()
        """The first datagram of each process to the real hosts' port 443."""
        self._quic_ports: set[tuple[str, int]] = set()
        self._real_hosts = {at: name for name, at in names.items() if is_livestorms(name)}
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
        self._packets = tuple(observers[one] for one in ("urgent", "packets", "packets6"))
        self._queries = observers["queries"]
        self.lost = 0
        """Packets that nobody could look at, at the end."""
        self.may_have_lost_real = False
        """Whether one of them may have meant Livestorm."""
        self._loop = asyncio.get_running_loop()
        for one in self._packets:
            one.setblocking(False)
            self._loop.add_reader(one, self._look)

    def close(self) -> None:
        """See what has come, and watch no more."""
        self._look()
        self._resolver.look()
        self._count_lost()
        self._resolver.close()
        for one in self._packets:
            self._loop.remove_reader(one)
            # The kernel waits for its other processors, some 10 ms for each.
            threading.Thread(target=one.close, name="packets").start()
        self._icmp.close()
        self._diagnosis.close()
        for table in self._tables:
            table.close()

    def _count_lost(self) -> None:
        """Names are led to the real hosts' address: what goes to another one has none of them."""
        urgent, others, others6 = map(lost, self._packets)
        may_be_real = urgent + others6 + lost(self._queries)
        self.lost, self.may_have_lost_real = others + may_be_real, may_be_real > 0

    def _look(self) -> None:
        """Note what goes elsewhere, and then refuse it: until then its process waits."""
        for observer in self._packets:
            for raw in take(observer):
                if (packet := read_packet(raw)) is not None:
                    self._note_packet(packet)
                    if not packet.is_refused:
                        refuse(self._icmp, raw)

    def _note_packet(self, packet: Packet) -> None:
        if packet.begins_quic and len(self._quic_ports) < MOST:
            self._note_quic(packet)
            return
        targets = [self._told(packet)]
        if packet.target_port == PORT and (question := read_question(packet.data)):
            targets.append(question.name)
        if taken := [one for one in targets if self.attempts.takes(one)]:
            process = self._sender(packet)
            for one in taken:
                self.attempts.add(one, process)

    def _told(self, packet: Packet) -> str:
        """Give where it goes, by the name of a real host."""
        real = self._real_hosts.get(packet.target)
        return f"{real}:{packet.target_port}" if real else packet.place

    def _note_quic(self, packet: Packet) -> None:
        """Look once for the process of each socket."""
        target = self._told(packet)
        if (target, packet.source_port) in self._quic_ports:
            return
        self._quic_ports.add((target, packet.source_port))
        process = self._sender(packet)
        if not self.by_quic.has(target, process):
            self.by_quic.add(target, process)

    def _sender(self, packet: Packet) -> Process | None:
        """Find who waits for an answer; a connection that the kernel has refused is gone."""
        if packet.protocol == "udp":
            return self.owners.find("udp", packet.source_port)
        if packet.protocol != "tcp" or packet.is_refused:
            return None
        ends = (packet.source, packet.source_port), (packet.target, packet.target_port)
        return self.owners.find_connection(*ends)

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
