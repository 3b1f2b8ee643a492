"""Which parts of an answer are not the engine's but come from what runs below it."""

import re

from .comparison import Difference
from .recordings import Answer
from .servers import Server
from .transcription import header_values
from .wire import exchange, frame_request

HEADERS = {
    "Vary": "Rails",
    "X-Frame-Options": "Rails",
    "ETag": "Rack",
    "Allow": "Rack",
}
"""Headers that the engine never sets, and what sets them."""

STATIC = "charset=UTF-8"
"""In the content type of what Rails answers without a controller, which says `utf-8`."""

_PARAMETERS = re.compile(r";[^,]*")


def layer_of(difference: Difference, before: Answer, after: Answer) -> str | None:
    """Name what decides the aspect in which two answers differ, None where the engine does."""
    what = difference.what
    if what in HEADERS:
        return HEADERS[what]
    if _is_static(before) and _is_static(after):
        return "Rails"
    if what == "Content-Type" and _media_type(before) == _media_type(after):
        return "Rails"
    if what == "Set-Cookie" and _names_of_cookies(before) == _names_of_cookies(after):
        return "Rails"
    if what == "Cache-Control" and not _forbids_storing(before) and not _forbids_storing(after):
        return "Rack"
    if what == "body" and before.status == after.status and before.status // 100 == 3:
        return "Rails"
    return None


def vary_below(server: Server) -> str:
    """Ask the server which `vary` it has, as the fake's option has it."""
    request = frame_request(server.base, "POST", "/oauth/revoke", (), b"")
    answer = exchange(server.base, request)
    return "negotiation" if answer.values_of("Vary") else "accept"


def _is_static(answer: Answer) -> bool:
    return any(STATIC in value for value in header_values(answer, "Content-Type"))


def _names_of_cookies(answer: Answer) -> list[str]:
    return [value.partition("=")[0] for value in header_values(answer, "Set-Cookie")]


def _media_type(answer: Answer) -> str:
    return _PARAMETERS.sub("", ",".join(header_values(answer, "Content-Type")))


def _forbids_storing(answer: Answer) -> bool:
    return any("no-store" in value for value in header_values(answer, "Cache-Control"))
