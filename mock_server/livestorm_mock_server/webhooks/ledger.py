"""A sandbox, as its webhooks see it."""

from typing import Protocol

from ..doors import OpenDoors
from ..exchange import Exchange
from ..journal.entry import Entry
from ..provider import Provider
from ..rails.response import Response


class Ledger(Provider, Protocol):
    """A provider with a journal."""

    @property
    def doors(self) -> OpenDoors:
        """The ways in, to none of which a webhook goes."""

    async def open(self, exchange: Exchange) -> Entry:
        """Write down a request as it is sent, and number it."""

    async def answer(self, entry: Entry, response: Response | None) -> None:
        """Write down the answer."""

    def note(self, exchange: Exchange, response: Response | None, *, entry: Entry | None) -> None:
        """Write down what came of it, where nobody can wait."""
