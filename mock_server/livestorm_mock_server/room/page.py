"""The page of the control room, in one piece: style, script and library are part of it."""

import base64
import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

STYLES: Final = ("room.css",)
LIBRARY: Final = "htm_preact.js"
SCRIPTS: Final = (
    "words.js",
    "filter.js",
    "server.js",
    "exchanges.js",
    "actions.js",
    "list.js",
    "moments.js",
    "sequence.js",
    "exchange.js",
    "tokens.js",
    "forms.js",
    "faults.js",
    "people.js",
    "setup.js",
    "room.js",
)
"""The room's own, in the order in which they need each other."""

_DATA = '<script type="application/json" id="told">null</script>'


def room_page() -> str:
    """Give the page that asks the control API for all that it shows."""
    return _page(policy(connects=True))


def page_with(told: object) -> str:
    """Give the page that has all that it shows, and asks nobody; `told` is what JSON can hold."""
    text = json.dumps(told, separators=(",", ":")).replace("<", "\\u003c")
    return _page(policy(connects=False)).replace(_DATA, _DATA.replace("null", text), 1)


@cache
def policy(*, connects: bool) -> str:
    """Give the page's Content-Security-Policy: nothing but what is its own.

    https://www.w3.org/TR/CSP3/ and https://www.w3.org/TR/trusted-types/
    """
    rules = [
        "default-src 'none'",
        f"script-src {_digests([_asset(LIBRARY), _joined(SCRIPTS)])}",
        f"style-src {_digests([_joined(STYLES)])}",
        "img-src data:",
        f"connect-src '{'self' if connects else 'none'}'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
    return "; ".join(rules)


@cache
def _page(rules: str) -> str:
    return _asset("room.html").format(
        policy=rules,
        style=_joined(STYLES),
        data=_DATA,
        library=_asset(LIBRARY),
        script=_joined(SCRIPTS),
    )


def _digests(texts: Iterable[str]) -> str:
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)


@cache
def _joined(names: Iterable[str]) -> str:
    return "\n".join(map(_asset, names))


@cache
def _asset(name: str) -> str:
    return (files(__package__) / "assets" / name).read_text(encoding="utf-8")
