"""A carrier for a command without an adapter: each `call` is one run of it.

The journal and the exit status are all that there is to judge by.
"""

import errno
import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from multiprocessing.connection import wait
from pathlib import PurePath
from typing import Any, Final

from .carrier import NotOffered, Pending, not_started
from .command_adapter import Message
from .environment import client_environment
from .groups import kill_group, pieces_of, watch_end
from .kinds import Kind
from .messages import PROTOCOL, ClientName, Features, Ready, Reply

PREFIX: Final = "LIVESTORM_MOCK_"
"""Each value is in the environment under its name in capitals, `LIVESTORM_MOCK_TOKEN_URL`."""

KINDS: Final[Mapping[int, Kind]] = {
    0: Kind.OK,
    69: Kind.TRANSPORT_ERROR,  # EX_UNAVAILABLE
    75: Kind.RETRY_LATER,  # EX_TEMPFAIL
    76: Kind.PROTOCOL_ERROR,  # EX_PROTOCOL
    77: Kind.REAUTH_REQUIRED,  # EX_NOPERM
    78: Kind.CONFIG_ERROR,  # EX_CONFIG
}
"""What exit statuses mean, after sysexits.h; any other one says that it failed, not how."""

_ABORTED = range(128, 256)
"""How a shell reports a signal."""


class BareCarrier:
    """Runs a command; `{name}` in its arguments is replaced by the value of that name."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._values: dict[str, str] = {}
        self._printed = bytearray()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._alive = True
        self._last_id = 0

    @property
    def ready(self) -> Ready:
        """What is taken for granted: that the command calls the API, and refreshes for it."""
        return Ready(
            protocol=PROTOCOL,
            client=ClientName(name=PurePath(self._command[0]).name, language="command"),
            ops=("seed", "call"),
            features=Features(
                refresh="auto",
                on_401=True,
                base_path=True,
                logs=("stderr",),
                kinds="ok_or_failed",
            ),
        )

    @property
    def is_alive(self) -> bool:
        """Tell whether the command can be run again."""
        return self._alive

    @property
    def events(self) -> Sequence[Message]:
        """None: the command is silent."""
        return ()

    def submit(self, message: dict[str, object]) -> Pending:
        """Run the command for a `call`; any other message only changes its values."""
        self._last_id += 1
        pending = Pending(self._last_id)
        if message["type"] == "configure":
            self._values = read_values(message)
        elif message.get("op") == "seed":
            self._values |= read_token(message)
        elif message.get("op") == "call" and message.get("method", "GET") == "GET":
            values = {**self._values, "path": str(message["path"])}
            threading.Thread(target=self._run, args=(values, pending), daemon=True).start()
            return pending
        elif message["type"] == "command":
            asked = " ".join(str(message[name]) for name in ("op", "method") if name in message)
            reason = f"a command without an adapter has no {asked}"
            pending.settle(Reply(kind=Kind.UNSUPPORTED, reason=reason))
            return pending
        pending.settle(Reply(kind=Kind.OK))
        return pending

    def cancel(self, pending: Pending) -> None:
        """Refuse: a command knows no cancelling. Raises NotOffered."""
        raise NotOffered(f"a command without an adapter can't cancel {pending.number}")

    def printed(self) -> bytes:
        """Give what the runs have printed, standard output included."""
        return bytes(self._printed)

    def kill(self) -> None:
        """End what is running."""
        with self._lock:
            self._alive = False
            for process in self._running:
                kill_group(process)

    def stop(self) -> int | None:
        """End what is running; there is no process that could be stopped in order."""
        self.kill()
        return None

    def _run(self, values: Mapping[str, str], pending: Pending) -> None:
        try:
            process = self._start(values)
        except (OSError, ValueError) as error:
            self._alive = False
            pending.settle(not_started(self._command, error))
            return
        self._printed += _output_of(process)
        with self._lock:
            self._running.discard(process)
        pending.settle(read_status(process.returncode))

    def _start(self, values: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        with self._lock:
            if not self._alive:  # Nobody would end what is started now.
                raise InterruptedError(errno.EINTR, "the client was ended")
            process = subprocess.Popen(  # noqa: S603 - the user's own command
                [filled(argument, values) for argument in self._command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=environment(values),
                process_group=0,
            )
            self._running.add(process)
            return process


def _output_of(process: "subprocess.Popen[bytes]") -> bytes:
    """Give what a run prints until its end; what it has started ends with it."""
    assert process.stdout is not None
    ended = watch_end(process)
    with process.stdout as stdout:
        printed = b"".join(pieces_of(stdout.fileno(), ended))
    wait([ended])
    process.wait()
    os.close(ended)
    return printed


def read_values(configure: Mapping[str, Any]) -> dict[str, str]:
    """Give what a `configure` tells the command, by name."""
    config = configure["config"]
    told = {
        "scenario": configure["case"],
        "base_url": config["api_base"],
        "authorize_url": config["authorize_url"],
        "token_url": config["token_url"],
        "client_id": config["client_id"],
        "client_secret": config["client_secret"],
        "redirect_uri": config["redirect_uri"],
        "scopes": " ".join(config["scopes"]),
        "store_dir": config["store_dir"],
        "max_wait_ms": config["budget"]["max_wait_ms"],
    }
    return {name: "" if value is None else str(value) for name, value in told.items()}


def read_token(seed: Mapping[str, Any]) -> dict[str, str]:
    """Give what a `seed` tells the command; what there is not is empty."""
    token = seed["token"]
    names = ("access_token", "refresh_token", "expires_at")
    return {name: "" if token.get(name) is None else str(token[name]) for name in names}


def read_status(status: int) -> Reply:
    """Give what an exit status says."""
    if status < 0 or status in _ABORTED:
        return Reply(kind=Kind.BUG, reason=f"ended by signal {-status if status < 0 else status}")
    return Reply(kind=KINDS.get(status, Kind.FAILED), reason=f"exit status {status}")


def filled(argument: str, values: Mapping[str, str]) -> str:
    """Put values in the place of their names."""
    for name, value in values.items():
        argument = argument.replace(f"{{{name}}}", value)
    return argument


def environment(values: Mapping[str, str]) -> dict[str, str]:
    """Give the environment of a client with the values in it."""
    told = {f"{PREFIX}{name.upper()}": value for name, value in values.items()}
    return {**client_environment(), **told}
