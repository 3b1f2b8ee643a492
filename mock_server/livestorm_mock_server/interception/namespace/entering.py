"""The child's side: it leaves the machine's namespaces, and lays out those of the command."""

import os
import signal
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import Final, cast

from ..channel import Channel
from . import machine_files
from .addresses import OWN
from .observers import TABLES, observe
from .plan import Done, Listener, Plan
from .rtnetlink import Network
from .syscalls import (
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWUSER,
    MS_NODEV,
    MS_NOSUID,
    MS_REC,
    MS_SLAVE,
    bind,
    end_with_parent,
    mount,
    unshare,
)
from .trust import Trust
from .user_map import keep_users

_KEPT_SETTINGS: Final = (Path("/proc/sys/net/ipv4/ip_unprivileged_port_start"),)
"""Of the network, which a new one would have by default instead of as this machine has them."""


class Entering:
    """What is done in the child before it becomes the command."""

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        command: Sequence[str],
        names: Mapping[str, str],
        addresses: Sequence[str],
    ) -> None:
        """`names` have their addresses; `addresses` are to be of this machine, beside these."""
        self._folder, self._environment, self._command = folder, environment, command
        self._names = names
        self._addresses = [OWN, *map(ip_address, addresses)]

    def enter(self) -> None:
        """Make the namespaces, with the network and the files. Raises OSError."""
        settings = {one: one.read_text("ascii") for one in _KEPT_SETTINGS if one.exists()}
        self._leave()
        end_with_parent(signal.SIGKILL)
        self._lay_network(settings)
        own = [one for one in self._addresses if isinstance(one, IPv4Address)]
        self._observers = observe(own)
        self._tables = [
            os.open(f"/proc/self/net/{one}", os.O_RDONLY)
            for one in TABLES
            if Path(f"/proc/self/net/{one}").exists()
        ]
        mount("", "/", flags=MS_REC | MS_SLAVE)
        mount("tmpfs", self._folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755")
        self._replace_files()
        self._trust = Trust(self._folder, self._environment, self._command)

    def converse(self, channel: Channel) -> None:
        """Listen where the fake is to be, and hand these sockets out with the observers."""
        plan = cast("Plan", channel.receive()[0])
        try:
            self._trust.add(plan.ca_pem)
            listening = dict(_listening(plan.listeners))
        except OSError as error:
            channel.send(Done(error=str(error)))
            raise ConnectionAbortedError from None
        sockets = [*self._observers, *listening.values()]
        done = Done(network=os.readlink("/proc/self/ns/net"), listeners=tuple(listening))
        channel.send(done, [*(one.fileno() for one in sockets), *self._tables])
        for one in sockets:
            one.close()

    def _leave(self) -> None:
        try:
            keep_users(lambda: unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS))
        except OSError:
            # Where user namespaces are switched off, root may do without. In one that could not be
            # set up, nobody is root.
            if os.geteuid():
                raise
            unshare(CLONE_NEWNET | CLONE_NEWNS)

    def _lay_network(self, settings: Mapping[Path, str]) -> None:
        network = Network()
        network.begin_loopback()
        for one in self._addresses:
            network.add_address(one)
        network.lead_all_into_the_void(OWN)
        network.refuse_all_of_ipv6()
        network.close()
        for path, text in settings.items():
            with suppress(OSError):  # In some containers it is read only.
                path.write_text(text, "ascii")

    def _replace_files(self) -> None:
        texts = {
            machine_files.HOSTS: lambda text: machine_files.hosts(text, self._names),
            machine_files.RESOLV_CONF: lambda _: machine_files.resolv_conf(),
            machine_files.NSSWITCH: machine_files.nsswitch,
        }
        for path, write in texts.items():
            if path.exists():
                place = self._folder / path.name
                text = write(path.read_text("utf-8", errors="surrogateescape"))
                place.write_text(text, "utf-8", errors="surrogateescape")
                place.chmod(0o644)
                bind(place, path)
        nothing = self._folder / "nothing"
        nothing.touch()
        for path in machine_files.RESOLVING_DAEMONS:
            if path.exists():
                bind(nothing, path)


def _listening(wanted: Sequence[Listener]) -> Iterator[tuple[Listener, socket.socket]]:
    for one in wanted:
        try:
            yield one, _listen(one)
        except OSError as error:
            if one.is_needed:
                told = f"can't listen on {one.address}:{one.port} for the command"
                raise OSError(error.errno, f"{told}: {error.strerror}") from None


def _listen(wanted: Listener) -> socket.socket:
    family = socket.AF_INET6 if ":" in wanted.address else socket.AF_INET
    one = socket.socket(family, socket.SOCK_STREAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind((wanted.address, wanted.port))
    one.listen(2048)
    return one
