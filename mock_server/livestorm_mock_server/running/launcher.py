"""The child that gets ready beside the start of the fake, and becomes the command."""

import os
import signal
import socket
import traceback
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import NoReturn, Self, cast

from ..interception.channel import Channel
from ..interception.way import RefusedError, Way
from ..printable import printable
from .signals import let_go

NOT_FOUND = 127
NOT_EXECUTABLE = 126
# What a shell says of a command that it can't start.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_08_02

_CHANGED_BY_PYTHON = ("SIGPIPE", "SIGXFSZ")
"""Ignored since the start of the interpreter: https://docs.python.org/3/library/signal.html"""


class Launcher:
    """A child of this process from its fork until its end.

    Its standard streams and whatever else it has inherited are those of this process, and so are
    its process group and its terminal.
    """

    def __init__(self, way: Way, mask: Collection[int]) -> None:
        """`mask` is of the signals that the command is to have blocked."""
        ours, theirs = socket.socketpair()
        self.process_id = os.fork()
        if not self.process_id:
            ours.close()
            _become_the_command(way, Channel(theirs), mask)
        theirs.close()
        # Where it is ignored, as some supervisors leave it, nobody could wait for a child.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.channel = Channel(ours)
        self._is_started = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the child, unless it has become the command."""
        self.channel.close()
        if not self._is_started:
            with suppress(ChildProcessError):  # The way has waited for all that there was.
                os.waitpid(self.process_id, 0)

    def refusal(self) -> str | None:
        """Wait until the system has allowed the way, None, or has not: why."""
        message, _ = self.channel.receive()
        return None if message is None else str(message)

    def give_up(self) -> None:
        """Have the child end instead of becoming the command."""
        self.channel.close()

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Let it become the command; its end is for others to wait for."""
        self._is_started = True
        self.channel.send((list(command), dict(environment)))
        self.channel.close()


def _become_the_command(way: Way, channel: Channel, mask: Collection[int]) -> NoReturn:
    """Do what comes before the command, then let it take this process."""
    status = NOT_EXECUTABLE
    try:
        try:
            way.enter()
        except (RefusedError, OSError) as error:
            channel.send(str(error))
            os._exit(status)
        channel.send(None)
        way.converse(channel)
        message, _ = channel.receive()
        command, environment = cast("tuple[list[str], dict[str, str]]", message)
        for name in _CHANGED_BY_PYTHON:
            signal.signal(getattr(signal, name), signal.SIG_DFL)
        let_go(mask)
        status = _execute(command, environment)
    except (KeyboardInterrupt, ConnectionError):
        pass  # The parent has given up, or the user has.
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _execute(command: list[str], environment: Mapping[str, str]) -> int:
    """Give the exit status where there is no such command."""
    try:
        os.execvpe(command[0], command, environment)  # noqa: S606  # a shell would change it
    except (FileNotFoundError, NotADirectoryError):
        status, told = NOT_FOUND, "command not found"
    except OSError as error:
        status, told = NOT_EXECUTABLE, error.strerror or str(error)
    except ValueError as error:
        status, told = NOT_EXECUTABLE, str(error)
    os.write(2, f"livestorm-mock: {printable(f'{command[0]}: {told}')}\n".encode())
    return status
