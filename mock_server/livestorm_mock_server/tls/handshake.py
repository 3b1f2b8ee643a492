"""A TLS handshake, as those see it who carry it out."""

from typing import Protocol

from ..connection import Connection
from .contexts import Flaw


class Handshake(Protocol):
    """What strikes a handshake, and who is told what becomes of it."""

    @property
    def flaw(self) -> Flaw | None:
        """What has to be wrong with the certificate."""

    @property
    def is_reset(self) -> bool:
        """Whether the connection is reset instead."""

    @property
    def delay(self) -> float:
        """How many seconds it waits first."""

    def fail(self, reason: str) -> None:
        """Note why nothing came of it."""

    def go_on(self, connection: Connection) -> None:
        """Note that the client has sent something behind it."""
