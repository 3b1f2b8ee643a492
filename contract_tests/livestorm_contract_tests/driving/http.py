"""A carrier for an app that is already running: the same messages over HTTP.

`GET /v1/ready` gives the `ready` message, `POST /v1/command` answers each other message with its
reply. Events have no way to travel, and an app is never started twice.
"""

import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import httpx
import msgspec

from .carrier import AdapterFailed, Crash, DrivingError, Garbage, NotOffered, Pending
from .command_adapter import Message, is_reply
from .environment import client_environment
from .messages import (
    LONGEST_LINE,
    READY_SECONDS,
    BadMessage,
    Features,
    Ready,
    Reply,
    read_line,
    read_ready,
    read_reply,
)

HOW = "LIVESTORM_MOCK_RESTART"
"""The environment variable that tells the restart command `kill` or `stop`."""

_POLL_SECONDS = 0.1
"""Between two looks whether a restarted app answers again, which nothing tells."""
_RESTART_SECONDS = 120.0
_LONGEST_ANSWER_SECONDS = 600.0


class HttpApp:
    """The client that is the app at a URL; `launch` gives a carrier to it, one at a time.

    Without a restart command it can't be started again, and does not count as one that keeps
    tokens; without a log file it does not log.
    """

    most_at_once: ClassVar[int | None] = 1

    def __init__(
        self,
        url: str,
        *,
        restart_command: Sequence[str] | None = None,
        log_file: Path | None = None,
        ready_seconds: float = READY_SECONDS,
    ) -> None:
        self.name = url
        self.url = url.rstrip("/")
        self.log_file = log_file
        self._restart_command = restart_command
        self._ready_seconds = ready_seconds
        self._carrier: HttpCarrier | None = None

    def launch(self) -> "HttpCarrier":
        """Give a carrier, after a restart where the one before was ended.

        Raises AdapterFailed where the app does not get ready, NotOffered for a second process.
        """
        ended = self._carrier
        if ended is not None and ended.is_alive:
            raise NotOffered("an app that is driven over HTTP has one process")
        if ended is not None and ended.end_told is not None and self._restart_command:
            self._restart(self._restart_command, ended.end_told)
        self._carrier = HttpCarrier(self, self._offered(self._wait_until_ready()))
        return self._carrier

    def log_size(self) -> int:
        """Give the bytes of the log so far."""
        try:
            return 0 if self.log_file is None else self.log_file.stat().st_size
        except OSError:
            return 0

    def read_log(self, start: int) -> bytes:
        """Give the log from a byte on; all of it where it was begun anew meanwhile."""
        if self.log_file is None or not self.log_file.exists():
            return b""
        log = self.log_file.read_bytes()
        return log[start:] if len(log) >= start else log

    def _offered(self, ready: Ready) -> Ready:
        """Leave out what can't be had over HTTP, or not without an option of the operator."""
        ops, features = ready.ops, ready.features
        if self._restart_command is None:
            ops = tuple(op for op in ops if op != "restart")
            features = msgspec.structs.replace(features, persist="none")
        if self.log_file is None:
            features = msgspec.structs.replace(features, logs=())
        return msgspec.structs.replace(ready, ops=ops, features=features)

    def _restart(self, command: Sequence[str], how: str) -> None:
        environment = {**client_environment(), HOW: how}
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own command
                command, env=environment, timeout=_RESTART_SECONDS, check=False
            )
        except OSError as error:
            raise AdapterFailed(f"--restart-cmd: {command[0]!r}: {error.strerror}") from None
        except subprocess.TimeoutExpired:
            told = f"--restart-cmd took longer than {_RESTART_SECONDS:g} s"
            raise AdapterFailed(told) from None
        if done.returncode != 0:
            raise AdapterFailed(f"--restart-cmd ended with status {done.returncode}")

    def _wait_until_ready(self) -> Ready:
        until = time.monotonic() + self._ready_seconds
        while True:
            try:
                return _read_ready(self.url)
            except httpx.HTTPError as error:
                if time.monotonic() >= until:
                    told = f"{self.url}: not ready within {self._ready_seconds:g} s: {error}"
                    raise AdapterFailed(told) from None
                time.sleep(_POLL_SECONDS)


class HttpCarrier:
    """The way to an app that has said that it is ready."""

    def __init__(self, app: HttpApp, ready: Ready) -> None:
        self.end_told: str | None = None
        """`kill` or `stop`, once it has been told to end."""
        self._app = app
        self._ready = ready
        self._alive = True
        self._last_id = 0
        self._log_start = app.log_size()

    @property
    def ready(self) -> Ready:
        """What the app said, without what it can't be asked for."""
        return self._ready

    @property
    def is_alive(self) -> bool:
        """Tell whether messages can still be sent."""
        return self._alive

    @property
    def events(self) -> Sequence[Message]:
        """None: an app that is asked can't speak up."""
        return ()

    def submit(self, message: dict[str, object]) -> Pending:
        """Post a message in a thread of its own."""
        self._last_id += 1
        pending = Pending(self._last_id)
        self._send(message, pending)
        return pending

    def cancel(self, pending: Pending) -> None:
        """Post one more message, while the command's answer is still waited for."""
        if not pending.done():
            self._send({"type": "cancel"}, pending)

    def printed(self) -> bytes:
        """Give what has been written to the log file."""
        return self._app.read_log(self._log_start)

    def kill(self) -> None:
        """Have the app killed before it is used again."""
        self._end("kill")

    def stop(self) -> int | None:
        """Have the app stopped before it is used again; its exit status is not known."""
        self._end("stop")
        return None

    def _end(self, how: str) -> None:
        self._alive = False
        self.end_told = self.end_told or how

    def _send(self, message: Message, pending: Pending) -> None:
        sent = {"id": pending.number, **message}
        threading.Thread(target=self._post, args=(sent, pending), daemon=True).start()

    def _post(self, message: dict[str, object], pending: Pending) -> None:
        try:
            if reply := self._answer(message):
                pending.settle(reply)
        except DrivingError as error:
            self._alive = False
            pending.settle(error)

    def _answer(self, message: dict[str, object]) -> Reply | None:
        """Give the reply, None for a `cancel` that is taken. Raises DrivingError."""
        try:
            answer = _request("POST", f"{self._app.url}/v1/command", message)
            if not is_reply(message, answer):
                return None
            return _read_answer(answer, message["id"], self._ready.features)
        except BadMessage as error:
            if message["type"] == "cancel":
                return None
            raise Garbage(f"the app sent {error}") from None
        except httpx.HTTPError as error:
            raise Crash(f"{self._app.url}/v1/command: no answer: {error!r}") from None


def _read_ready(url: str) -> Ready:
    """Ask for the first message. Raises httpx.HTTPError or AdapterFailed."""
    try:
        return read_ready(_request("GET", f"{url}/v1/ready"))
    except BadMessage as error:
        raise AdapterFailed(f"{url}/v1/ready: the app sent {error}") from None


def _read_answer(answer: Message, number: object, features: Features) -> Reply:
    if answer.get("type") == "adapter_error":
        told = str(answer.get("message", ""))
        raise AdapterFailed(f"the adapter itself failed: {told[:500]}")
    if answer.get("id") != number:
        raise BadMessage(f"a reply to {answer.get('id')!r}, where {number!r} was asked")
    return read_reply(answer, features)


def _request(method: str, url: str, message: Message | None = None) -> Mapping[str, object]:
    """Give the JSON object of an answer. Raises httpx.HTTPError or BadMessage."""
    body = None if message is None else msgspec.json.encode(message)
    headers = {"content-type": "application/json"}
    timeout = httpx.Timeout(_LONGEST_ANSWER_SECONDS, connect=READY_SECONDS)
    with (
        httpx.Client(timeout=timeout, trust_env=False) as client,
        client.stream(method, url, content=body, headers=headers) as response,
    ):
        response.raise_for_status()
        return read_line(_limited(response))


def _limited(response: httpx.Response) -> bytes:
    """Read a body up to the most that a message may have, and a little more."""
    body = bytearray()
    for chunk in response.iter_bytes(65536):
        body += chunk
        if len(body) > LONGEST_LINE:
            break
    return bytes(body)
