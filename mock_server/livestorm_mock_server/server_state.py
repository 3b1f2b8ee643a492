"""What the connections of one server share, and how the application is asked by them."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, NamedTuple

import uvicorn.server

from .connection import Connection
from .limits import Limits
from .refusal import ProtocolRefusal
from .request_parser import WholeHead


class Came(NamedTuple):
    """Where a connection came in: the same for all of its requests."""

    scheme: str
    port: int | None
    state: Mapping[str, Any]
    """What the application finds in the scope."""


Finish = Callable[..., Coroutine[Any, Any, None]]
"""An ASGI application that sends an answer which is decided already."""
AnswerWhole = Callable[[WholeHead, bytes, Connection, Came], bytes | Finish | None]
"""Answers a request that came in one piece, where that waits for nothing.

Gives the answer's head, but for what tells of the connection's end, and its body; or what sends it
where it is not to be sent in one piece. None leaves the request alone.
"""


def _answers_nothing(head: WholeHead, body: bytes, connection: Connection, came: Came) -> None:
    return None


class ServerState(uvicorn.server.ServerState):
    """What the connections of one server share; it is told of each refusal."""

    connection_count = 0

    def __init__(
        self,
        note_refusal: Callable[[ProtocolRefusal], None],
        limits: Limits,
        answer_whole: AnswerWhole = _answers_nothing,
    ) -> None:
        super().__init__()
        self.note_refusal = note_refusal
        self.limits = limits
        self.answer_whole = answer_whole
