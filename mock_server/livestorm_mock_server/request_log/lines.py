"""What the request log tells, as a line for people and as one for programs."""

import json
import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec
from msgspec.structs import replace

from ..exchange import WebhookAttempt
from ..journal.entry import Entry
from ..journal.kept import KeptExchange
from ..masking import Mask
from ..origins import origin_of
from ..printable import printable

MOST_OF_NAME: Final = 200
"""Characters that are told of a path or a client's id."""
MOST_OF_REASON: Final = 500
MOST_OF_MESSAGE: Final = 20_000
"""Characters that are told of a message, which may have a traceback."""

_MOST_OF_TEXT: Final = 4_000
"""Characters that are looked through for secrets: more than are told, so that none is cut there."""

_RESET, _DIM = "\x1b[0m", "\x1b[2m"
_RED, _GREEN, _YELLOW, _MAGENTA, _CYAN = (f"\x1b[{code}m" for code in (31, 32, 33, 35, 36))
_OF_STATUS: Final = {2: _GREEN, 3: _CYAN, 4: _YELLOW, 5: _RED}
_OF_LEVEL: Final = {logging.WARNING: _YELLOW, logging.ERROR: _RED, logging.CRITICAL: _RED}


class Told(msgspec.Struct, frozen=True, gc=False):
    """What is told of an exchange; no query and no body, in which secrets are.

    Its lines have what `shown` gives.
    """

    wall: float
    seconds: float
    seq: int
    sandbox: str | None
    client_id: str | None
    endpoint: str | None
    method: str
    path: str
    status: int | None
    fault: str | None
    phase: str | None
    reason: str | None
    ground: str | None
    """The id of the rule by which it was refused."""
    webhook: WebhookAttempt | None
    """What the fake sent itself."""
    mask: Mask = Mask()

    def shown(self) -> "Told":
        """Give it without secrets at wrong places, and of each text only the beginning."""
        client_id, method, path, reason = self.client_id, self.method, self.path, self.reason
        told = client_id, method, path, reason
        if self.mask.is_harmless(told):
            return self
        hide = self.mask.text
        client_id = client_id and hide(client_id)[:MOST_OF_NAME]
        method, path = hide(method), hide(path)[:MOST_OF_NAME]
        reason = reason and hide(reason)[:MOST_OF_REASON]
        if (client_id, method, path, reason) == told:
            self.mask.remember_harmless(told)
        return replace(self, client_id=client_id, method=method, path=path, reason=reason)


class Message(msgspec.Struct, frozen=True, gc=False):
    """What the fake says of itself."""

    wall: float
    level: int
    text: str


def told_of(entry: Entry, kept: KeptExchange, mask: Mask) -> Told:
    """Take from an exchange that is over what is told of it, and nothing that is large."""
    strike, response, request = entry.strike, entry.response, kept.kept_request
    client_id, reason = kept.client_id, kept.reason
    return Told(
        entry.wall,
        (entry.answered_at or entry.wall) - entry.wall,
        entry.seq,
        kept.sandbox,
        client_id and client_id[:_MOST_OF_TEXT],
        kept.endpoint,
        request.head.method,
        (request.head.prefix + request.head.raw_path)[:_MOST_OF_TEXT],
        None if response is None else response.status,
        None if strike is None else strike.fault.kind,
        None if strike is None else strike.fault.phase,
        reason and reason[:_MOST_OF_TEXT],
        None if kept.ground is None else kept.ground.id,
        kept.webhook,
        mask,
    )


class TextLines:
    """Lines that people read; in colours where a terminal shows them."""

    def __init__(self, *, in_colour: bool) -> None:
        self._in_colour = in_colour

    def of(self, thing: Told | Message) -> str:
        """Give the line of a thing."""
        told = (
            self._of_exchange(thing.shown()) if isinstance(thing, Told) else self._of_message(thing)
        )
        return f"{self._painted(_clock(thing.wall), _DIM)} {told.rstrip()}\n"

    def _of_exchange(self, told: Told) -> str:
        status = "---" if told.status is None else str(told.status)
        colour = _MAGENTA if told.status is None else _OF_STATUS.get(told.status // 100, "")
        request = f"{told.method} {_name(told.path)}" if told.path else "no request"
        if told.webhook is not None:
            request = f"-> {_receiver(told.webhook)} {request}  {_attempt(told.webhook)}"
        cells = [
            self._painted(status, colour),
            f"{_name(told.endpoint):<24}",
            f"{_name(told.client_id):<18}",
            request,
        ]
        if told.fault is not None:
            cells.append(self._painted(f"[{told.fault}, {told.phase} the effect]", _MAGENTA))
        if _is_refused(told) and (reason := _beyond_fault(told.reason or "")):
            cells.append(self._painted(printable(reason), colour))
        return "  ".join(cells)

    def _of_message(self, message: Message) -> str:
        level = logging.getLevelName(message.level).lower()
        first, *others = message.text.splitlines() or [""]
        lines = [first, *(f"    {one}" for one in others)]
        colour = _OF_LEVEL.get(message.level, "")
        return f"{self._painted(level, colour)}  " + "\n".join(map(printable, lines))

    def _painted(self, text: str, colour: str) -> str:
        return f"{colour}{text}{_RESET}" if self._in_colour and colour else text


class JSONLines:
    """An object a line, in ASCII."""

    def of(self, thing: Told | Message) -> str:
        """Give the line of a thing."""
        told = _exchange(thing.shown()) if isinstance(thing, Told) else _message(thing)
        moment = datetime.fromtimestamp(thing.wall, UTC)
        return json.dumps({"time": f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z", **told}) + "\n"


def _exchange(told: Told) -> Mapping[str, object]:
    fault = None if told.fault is None else {"fault": told.fault, "phase": told.phase}
    return {
        "kind": "exchange",
        "seq": told.seq,
        "sandbox": told.sandbox,
        "client_id": told.client_id,
        "endpoint": told.endpoint,
        "method": told.method,
        "path": told.path,
        "status": told.status,
        "fault": fault,
        "reason": told.reason if _is_refused(told) else None,
        "ground": told.ground,
        "webhook": None if told.webhook is None else _webhook(told.webhook),
        "seconds": round(told.seconds, 6),
    }


def _message(message: Message) -> Mapping[str, object]:
    level = logging.getLevelName(message.level).lower()
    return {"kind": "message", "level": level, "message": message.text}


def _webhook(sent: WebhookAttempt) -> Mapping[str, object]:
    """Give what is told of a webhook; the path of its URL has a member of its own."""
    return {
        "event": sent.event,
        "receiver": _receiver(sent),
        "webhook": sent.webhook,
        "delivery": sent.delivery,
        "attempt": sent.attempt,
    }


def _receiver(sent: WebhookAttempt) -> str:
    return _name((origin_of(sent.url) or "no URL")[:MOST_OF_NAME])


def _attempt(sent: WebhookAttempt) -> str:
    again = f", attempt {sent.attempt}" if sent.attempt > 1 else ""
    return f"({_name(sent.event)}, delivery {sent.delivery}{again})"


def _is_refused(told: Told) -> bool:
    """Tell whether there is a reason to give: there is none of what went well.

    Older releases refuse with a status of 200, too, and the answer to a webhook may be odd.
    """
    is_odd = told.ground is not None or told.webhook is not None
    return is_odd or told.status is None or told.status >= 300


def _beyond_fault(reason: str) -> str:
    """Give what a reason tells beside the fault, which has a cell of its own."""
    return reason.partition("): ")[2] if reason.startswith("fault ") else reason


def _name(text: str | None) -> str:
    """Give a word of a line, quoted where it would look like several."""
    if text is None:
        return "-"
    shown = printable(text)
    if shown and not {" ", '"'} & set(shown):
        return shown
    return '"' + shown.replace('"', r"\"") + '"'


def _clock(wall: float) -> str:
    return f"{time.strftime('%H:%M:%S', time.localtime(wall))}.{int(wall % 1 * 1000):03}"
