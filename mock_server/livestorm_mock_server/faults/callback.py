"""`callback`: the user comes back with something wrong (RFC 6749, sections 4.1.2 and 10.12)."""

from collections.abc import Callable
from typing import ClassVar, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ..exchange import Exchange
from ..rails.response import HTML, Response
from ..rails.text import escape_html
from .fault import Answer, Fault, Proceed

Pairs = list[tuple[str, str]]

_HOSTILE = "<script>alert(1)</script>\r\nSet-Cookie: a=b" + " " * 64 + "\0" + "A" * 4096


class CallbackFault(Fault, frozen=True, kw_only=True, tag="callback"):
    """Spoil the redirection from the authorization endpoint to the client."""

    places: ClassVar[tuple[str, ...]] = ("authorize",)

    variant: Literal[
        "wrong_state",
        "missing_state",
        "empty_state",
        "duplicate_state",
        "duplicate_code",
        "error_beside_code",
        "foreign_iss",
        "extra_parameters",
        "server_error",
        "temporarily_unavailable",
        "hostile_description",
        "twice",
    ]
    """What is wrong; `twice` is a page whose browser delivers the callback two times."""
    phase: Literal["before", "after"] = "after"

    async def finds(self, exchange: Exchange, answer: Answer) -> bool:
        """Tell whether there is a redirection, and in it what is to be spoiled."""
        location = (await answer()).headers.get("Location")
        if location is None or self.variant == "twice":
            return location is not None
        given = _pairs_of(location)
        return _CHANGES[self.variant](given) != given

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Change the Location."""
        response = await proceed.to_spoil()
        location = response.headers["Location"]
        if self.variant == "twice":
            return _deliver_twice(location)
        query = urlencode(_CHANGES[self.variant](_pairs_of(location)))
        response.headers["Location"] = urlunsplit(urlsplit(location)._replace(query=query))
        return response


def _pairs_of(location: str) -> Pairs:
    return parse_qsl(urlsplit(location).query, keep_blank_values=True)


def _without(pairs: Pairs, *names: str) -> Pairs:
    return [(name, value) for name, value in pairs if name not in names]


def _only(pairs: Pairs, name: str) -> Pairs:
    return [(n, value) for n, value in pairs if n == name]


def _failed(pairs: Pairs, error: str, description: str = "It failed.") -> Pairs:
    return [("error", error), ("error_description", description), *_only(pairs, "state")]


_CHANGES: dict[str, Callable[[Pairs], Pairs]] = {
    "wrong_state": lambda pairs: [*_without(pairs, "state"), ("state", "of-another-flow")],
    "missing_state": lambda pairs: _without(pairs, "state"),
    "empty_state": lambda pairs: [*_without(pairs, "state"), ("state", "")],
    "duplicate_state": lambda pairs: [*pairs, ("state", "of-another-flow")],
    "duplicate_code": lambda pairs: [*pairs, ("code", "of-another-flow")],
    "error_beside_code": lambda pairs: [*pairs, ("error", "access_denied")],
    "foreign_iss": lambda pairs: [*pairs, ("iss", "https://attacker.example.test")],
    "extra_parameters": lambda pairs: [*pairs, ("session_state", "x"), ("authuser", "0")],
    "server_error": lambda pairs: _failed(pairs, "server_error"),
    "temporarily_unavailable": lambda pairs: _failed(pairs, "temporarily_unavailable"),
    "hostile_description": lambda pairs: _failed(pairs, "access_denied", _HOSTILE),
}


def _deliver_twice(location: str) -> Response:
    frame = f'<iframe src="{escape_html(location)}"></iframe>'
    page = f"<!DOCTYPE html>\n<html><body>{frame}{frame}</body></html>\n"
    return Response(headers={"Content-Type": HTML}, body=page.encode())
