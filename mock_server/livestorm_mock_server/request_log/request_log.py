"""The request log of a server: its exchanges and its warnings, in one style."""

import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from io import UnsupportedOperation
from typing import Final, Literal, TextIO

from ..clock import read_time
from ..journal.entry import Entry
from ..journal.kept import KeptExchange
from ..masking import Mask
from .line_writer import LineWriter
from .lines import MOST_OF_MESSAGE, JSONLines, Message, TextLines, Told, told_of

Format = Literal["text", "json"]

EXCHANGES: Final = "livestorm_mock_server.exchanges"
"""The logger of warnings that are about an exchange, which has a line of its own."""


class RequestLog(logging.Handler):
    """Writes a line for each exchange, unless it is `quiet`, and for each warning.

    Nobody waits for it, and a standard error that is closed or full fails nothing.
    """

    def __init__(self, stream: TextIO | None, form: Format, *, quiet: bool) -> None:
        super().__init__(logging.WARNING)
        self.is_quiet = quiet
        self._lines = JSONLines() if form == "json" else TextLines(in_colour=_shows_colours(stream))
        self._encoding = getattr(stream, "encoding", None) or "utf-8"
        descriptor = _descriptor_of(stream)
        self._writer = None if descriptor is None else LineWriter(descriptor, self._line_of)

    def begin(self) -> None:
        """Take all warnings of this process."""
        logging.basicConfig(level=logging.WARNING, format="%(message)s", handlers=[self])
        logging.getLogger(EXCHANGES).disabled = not self.is_quiet

    def tell(self, entry: Entry, mask: Mask) -> None:
        """Tell of an exchange that is over, without what the mask hides."""
        kept = entry.exchange
        if self._writer is not None and isinstance(kept, KeptExchange):
            self._writer.put(told_of(entry, kept, mask))

    def emit(self, record: logging.LogRecord) -> None:
        """Tell of a warning."""
        if self._writer is not None:
            text = self.format(record)[:MOST_OF_MESSAGE]
            self._writer.put(Message(record.created, record.levelno, text))

    def close(self) -> None:
        """Write what is still to be written, if somebody takes it."""
        super().close()
        logging.getLogger().removeHandler(self)
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _line_of(self, thing: Told | Message | int) -> bytes:
        if isinstance(thing, int):
            thing = Message(read_time(), logging.WARNING, f"{thing} lines were not read in time")
        return self._lines.of(thing).encode(self._encoding, "backslashreplace")


def write_warning(stream: TextIO | None, form: Format, text: str) -> None:
    """Write a warning at once, where there is no log, as its thread would be lost by a fork."""
    descriptor = _descriptor_of(stream)
    lines = JSONLines() if form == "json" else TextLines(in_colour=_shows_colours(stream))
    if descriptor is not None:
        line = lines.of(Message(read_time(), logging.WARNING, text))
        with suppress(OSError):
            os.write(descriptor, line.encode("utf-8", "backslashreplace"))


def _descriptor_of(stream: TextIO | None) -> int | None:
    """Give what a stream writes to; None where it is closed, and its number may be another's."""
    try:
        return None if stream is None else stream.fileno()
    except (UnsupportedOperation, ValueError):
        return None


def _shows_colours(stream: TextIO | None, variables: Mapping[str, str] = os.environ) -> bool:
    """Tell whether to colour, as https://no-color.org and https://force-color.org have it."""
    if variables.get("NO_COLOR"):
        return False
    if variables.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty() and variables.get("TERM") != "dumb"
