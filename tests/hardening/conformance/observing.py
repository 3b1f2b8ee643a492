"""What a client sees of a server that it sends a probe to."""

import re
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Literal

import msgspec

HOST = "127.0.0.1"
FOLLOW_UP = b"GET /next HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"
"""Sent after the answers to a probe, to learn whether the connection is still one."""

_ANSWER = re.compile(rb"HTTP/1\.[01] (\d{3})(?: [^\r\n]*)?\r\n((?:[^\r\n]+\r\n)*)\r\n")
_LENGTH = re.compile(rb"(?im)^content-length: *(\d+)\r$")
_SERVED = re.compile(rb"(?im)^x-request-id:")
_SEEN = re.compile(rb"(?im)^x-seen: *(.*?)\r$")

Quiet = Callable[[socket.socket], bool]
"""Tells, once a server has had its time, that there is nothing to read from it."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A request as an application is given it; texts are cut after 200 characters."""

    method: str
    path: str
    query: str
    fields: dict[str, str]
    """By the names that Rack has for them, without what frames the body."""
    body: str


class Observation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a probe."""

    answers: tuple[str, ...]
    """`served` by the application, or the status with which the server itself refuses."""
    then: Literal["open", "closed", "waits"]
    """Whether a further request is answered; `waits` where nothing comes, not even an end."""
    seen: tuple[Seen, ...] = ()
    """What the application was given, of the further request only if it is another."""


class Answer(msgspec.Struct, frozen=True):
    """One answer."""

    word: str
    seen: Seen | None
    """What its head says that the application saw."""


def observe(port: int, sent: bytes, quiet: Quiet) -> tuple[list[Answer], str]:
    """Send a probe, then a further request; give the answers, and `then`."""
    with socket.create_connection((HOST, port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        first, ended = _send(connection, sent, quiet)
        answers = read_answers(first)
        if ended:
            return answers, "closed"
        if not [answer for answer in answers if answer.word != "100"]:
            return answers, "waits"
        rest, ended = _send(connection, FOLLOW_UP, quiet)
        further = read_answers(rest)
        answers += further
        return answers, "open" if further else "closed" if ended else "waits"


def _send(connection: socket.socket, data: bytes, quiet: Quiet) -> tuple[bytes, bool]:
    """Send; give what comes until nothing does, and whether that is the end."""
    came = b""
    with suppress(ConnectionError):  # refused before the whole has been sent; the answer is there
        connection.sendall(data)
    with suppress(ConnectionError):
        while not quiet(connection):
            received = connection.recv(65536)
            if not received:
                return came, True
            came += received
        return came, False
    return came, True


def read_answers(came: bytes) -> list[Answer]:
    """Take answers apart. Raises ValueError for what is none."""
    answers = []
    while came:
        head = _ANSWER.match(came)
        if head is None:
            raise ValueError(f"no answer: {came[:80]!r}")
        came = came[head.end() :]
        length = _LENGTH.search(head[2])
        if length is not None and not came.startswith(b"HTTP/1."):  # to HEAD it has no body
            came = came[int(length[1]) :]
        seen = _SEEN.search(head[2])
        answers.append(
            Answer(
                "served" if _SERVED.search(head[2]) else head[1].decode(),
                None if seen is None else msgspec.json.decode(seen[1], type=Seen),
            )
        )
    return answers


NEXT = Seen(
    method="GET",
    path="/next",
    query="",
    fields={"HOST": "a.test", "CONNECTION": "close"},
    body="",
)
"""The further request, as an application is given it."""


def observation(answers: Sequence[Answer], then: str, seen: Sequence[Seen]) -> Observation:
    """Put together what became of a probe; of the further request only what is not plain."""
    words = [answer.word for answer in answers]
    if then == "open" and words[-1] == "served" and seen[-1] == NEXT:
        words, seen = words[:-1], seen[:-1]
    return msgspec.convert({"answers": words, "then": then, "seen": seen}, Observation)
