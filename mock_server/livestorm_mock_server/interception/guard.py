"""Nothing that a command starts reaches a host of Livestorm: what misses the fake is refused.

Whoever wants to reach one needs its address first. So connections to nameservers lead to one that
has addresses of nobody's for these hosts; who connects to such an address has missed the fake.
Datagrams that ask for them are refused, and so are the daemons that would ask for others.
Everything else goes on as it is. Linux only; `seccomp.py` has the mechanism.
"""

import contextlib
import errno
import os
import select
import socket
import struct
import threading
import time
from collections.abc import Collection, Mapping
from functools import cached_property, partial
from typing import Final

from ..real_hosts import DOMAIN
from .callers import Callers
from .daemons import FOLDER, SOCKETS
from .destinations import IPAddress, Sent, sent_by
from .dns import PORT
from .hosts_file import HostsFile
from .processes import (
    flags_of,
    gives_descriptors,
    is_readable,
    kind_of_socket,
    process_of,
    read_memory,
)
from .resolver import Resolver, has_question, is_nameserver, real_name
from .seccomp import HAND_OVER, Call, Listener, close_hand_over, install, this_machine
from .way import UNPROVEN, Attempt, Process, RefusedError

_PORT_OVER_TLS: Final = 853
_DAEMONS: Final = frozenset(
    f"{folder}/{path}" for folder in (FOLDER, f"/var{FOLDER}") for path in SOCKETS
)
_LOOPBACK: Final = "127.0.0.1"
_NOBODYS: Final = "192.0.2"  # https://www.rfc-editor.org/rfc/rfc5737
_MOST_NAMES: Final = 250
_PROCESS_ID: Final = struct.Struct("=i")
_MOST: Final = 1000
"""Attempts that are kept."""
_MOST_NOTES: Final = 40
_CLOSE_ON_EXEC: Final = 0o2000000
_SECONDS: Final = 2.0


class Guard:
    """Made before the fork; `enter` is the child's, the rest is this process's."""

    def __init__(self) -> None:
        self._machine = this_machine()
        self._open = contextlib.ExitStack()
        self._ours, self._theirs = map(self._open.enter_context, socket.socketpair())
        self._attempts: list[Attempt] = []
        self._notes: dict[str, None] = {}
        self._callers = Callers()
        self._lock = threading.Lock()

    def enter(self) -> None:
        """Put this process, and all that it starts, under guard. Raises RefusedError."""
        if self._machine is None:
            raise RefusedError("connections can be watched on Linux only, on x86_64 and aarch64")
        try:
            listener = install(self._machine)
        except OSError as error:
            raise RefusedError(f"seccomp is refused: {error.strerror}") from error
        # `socket.send_fds` drops its flags.
        rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("=i", listener))
        self._theirs.sendmsg([_PROCESS_ID.pack(os.getpid())], [rights], HAND_OVER)
        close_hand_over(self._machine)
        os.close(listener)
        self._theirs.close()
        self._ours.close()

    def begin(
        self,
        *,
        watched: Collection[int] = (),
        refused: Collection[IPAddress] = (),
        known: Mapping[str, str] | None = None,
        hosts: HostsFile | None = None,
        nameservers: Collection[IPAddress] | None = None,
    ) -> None:
        """Take over the decisions, once the child has entered. Raises OSError.

        `watched` are ports of the loopback at which the fake is. `refused` may not be reached at
        all, such as a proxy that leads past the fake. `known` are addresses of Livestorm's hosts
        with their names, beside those of the machine's hosts file, or of another one.
        """
        self._watched, self._refused = frozenset(watched), frozenset(refused)
        self._known, self._hosts = dict(known or {}), hosts or HostsFile()
        self._theirs.close()
        message, descriptors, _, _ = socket.recv_fds(self._ours, _PROCESS_ID.size, 1)
        self._ours.close()
        self._listener = Listener(descriptors[0])
        (process_id,) = _PROCESS_ID.unpack(message)
        self._is_blind = not is_readable(process_id)
        self._knows_kinds = gives_descriptors(process_id)
        if self._is_blind:
            self._say(f"{UNPROVEN}: the memory of other processes may not be read")
        self._nameservers, self._resolving = nameservers, contextlib.ExitStack()
        self._end, to_end = os.pipe()
        self._open.callback(os.close, self._end)
        thread = threading.Thread(target=self._work, name="guard", daemon=True)
        self._open.callback(thread.join)
        self._open.callback(os.close, to_end)
        thread.start()

    def variables(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Give what lets c-ares look names up: over UDP it takes none but its nameserver's answer.

        https://man7.org/linux/man-pages/man5/resolv.conf.5.html (`use-vc`)
        """
        if self._is_blind or not self._knows_kinds:
            return {}
        return {"RES_OPTIONS": f"{environment.get('RES_OPTIONS', '')} use-vc".strip()}

    def attempts(self) -> list[Attempt]:
        """Give what was refused a connection: to a host of Livestorm, or past the fake."""
        with self._lock:
            return list(self._attempts)

    def callers(self) -> dict[int, Attempt]:
        """Give processes that meant Livestorm, by their ids; which of them missed it is not known.

        They came to a watched port, or asked a nameserver by themselves and were refused.
        """
        return dict(self._callers.attempts)

    def caller_at(self, port: int) -> Process | None:
        """Give who connected to a watched port from a port, where that can be known."""
        return self._callers.at(port)

    def notes(self) -> list[str]:
        """Give what was refused because nothing could be known of it."""
        return list(self._notes)

    def close(self) -> None:
        """End it; what still runs of the command can't connect any more."""
        self._open.close()

    @cached_property
    def _resolver(self) -> Resolver:
        """Begin one when the first name is looked up, in the guard's own thread."""
        made = Resolver(self._address_of, self._nameservers)
        self._resolving.callback(made.close)
        return made

    def _work(self) -> None:
        """Decide until the end; whoever waits then, or comes later, is refused by the kernel."""
        with contextlib.closing(self._listener), self._resolving:
            waiting = select.poll()
            waiting.register(self._listener, select.POLLIN)
            waiting.register(self._end, select.POLLIN)
            while True:
                for descriptor, events in waiting.poll():
                    if descriptor == self._end:
                        return
                    if events & select.POLLIN:
                        self._take_call()
                    else:  # Nobody is left whose calls could come, and to wait for one may hang.
                        waiting.unregister(descriptor)

    def _take_call(self) -> None:
        call = self._listener.receive()
        if call is None:
            return
        try:
            if self._is_blind:
                self._listener.let(call)
            else:
                self._decide(call)
        except Exception as error:  # Whatever it is, the next call must not suffer from it.
            self._say(f"a connection was refused: the guard failed by {error!r}")
            with contextlib.suppress(OSError):
                self._listener.refuse(call, errno.EFAULT)

    def _decide(self, call: Call) -> None:
        with self._lock:
            self._known |= self._hosts.news()
        try:
            what = self._sent(call)
            error = next(filter(None, (self._error_for(call, one) for one in what)), 0)
            if error:
                self._listener.refuse(call, error)
            elif self._is_connection_to_nameserver(call, what):
                self._lead_to_resolver(call)
            else:
                self._listener.let(call)
        except PermissionError:
            self._say(f"a connection of {_named(call)} was refused: its memory can't be read")
            self._listener.refuse(call, errno.EACCES)
        except (OSError, struct.error):
            self._listener.refuse(call, errno.EFAULT)

    def _sent(self, call: Call) -> list[Sent]:
        assert self._machine is not None
        with open(f"/proc/{call.thread}/mem", "rb", buffering=0) as memory:
            return sent_by(call, self._machine, partial(read_memory, memory.fileno()))

    def _error_for(self, call: Call, sent: Sent) -> int:
        """Give the error number that something sent fails with, 0 for none."""
        if isinstance(sent.to, str):
            return errno.ECONNREFUSED if sent.to in _DAEMONS else 0
        if sent.to is None:
            return 0
        host, port = sent.to
        if host == _LOOPBACK and port in self._watched:
            self._callers.remember(call.thread, DOMAIN, call.arguments[0])
            return 0
        if host in self._known or sent.to in self._refused:
            self._note(call, f"{self._known.get(host, host)}:{port}")
            return errno.ECONNREFUSED
        if port == _PORT_OVER_TLS:
            return errno.ECONNREFUSED
        if sent.payload is None:
            return 0
        return self._error_for_datagram(call, sent.payload, port, opens=sent.opens)

    def _error_for_datagram(self, call: Call, payload: bytes, port: int, *, opens: bool) -> int:
        """Let no question for Livestorm go, and to port 53 nothing whose rest can't be seen."""
        is_whole, name = has_question(payload), real_name(payload)
        if opens and port == PORT:
            return errno.EOPNOTSUPP  # Libraries connect then.
        if name is not None and (is_whole or port == PORT):
            self._callers.remember(call.thread, name)
            return errno.ECONNREFUSED
        if is_whole or port != PORT:
            return 0
        self._say(f"what {_named(call)} sent to a nameserver was refused: it is no whole question")
        return errno.ECONNREFUSED

    def _is_connection_to_nameserver(self, call: Call, what: list[Sent]) -> bool:
        assert self._machine is not None
        return call.number == self._machine.connect and any(
            isinstance(one.to, tuple)
            and one.to[1] == PORT
            and is_nameserver(one.to[0], self._nameservers)
            for one in what
        )

    def _lead_to_resolver(self, call: Call) -> None:
        """Put a socket that is connected to the resolver in the place of the caller's."""
        descriptor = call.arguments[0]
        kind = kind_of_socket(process_of(call.thread), descriptor)
        if kind not in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            self._listener.refuse(call, errno.EPROTONOSUPPORT)
            return
        flags = flags_of(call.thread, descriptor)
        with socket.socket(socket.AF_INET, kind) as made:
            made.settimeout(_SECONDS)
            made.connect(self._resolver.address)
            made.setblocking(not flags & os.O_NONBLOCK)
            if self._listener.still_waits(call):
                self._listener.replace(call, made.fileno(), descriptor, flags & _CLOSE_ON_EXEC)
                self._listener.succeed(call)

    def _address_of(self, name: str) -> str | None:
        """Give the address that a host of Livestorm has for the command: one of nobody's.

        The name itself may be asked for by who comes to the fake all the same, as Ruby does to
        learn whether a host is on the loopback.
        """
        with self._lock:
            for address, known in self._known.items():
                if known == name:
                    return address
            if len(self._known) >= _MOST_NAMES:
                return None
            address = f"{_NOBODYS}.{len(self._known) + 1}"
            self._known[address] = name
            return address

    def _say(self, note: str) -> None:
        if len(self._notes) < _MOST_NOTES:
            self._notes[note] = None

    def _note(self, call: Call, target: str) -> None:
        attempt = Attempt(target=target, process=process_of(call.thread), at=time.time())
        with self._lock:
            if len(self._attempts) < _MOST:
                self._attempts.append(attempt)


def _named(call: Call) -> str:
    asking = process_of(call.thread)
    return f"{asking.id} {asking.name}" if asking else "a process"
