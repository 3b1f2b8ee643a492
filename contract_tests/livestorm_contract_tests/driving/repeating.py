"""The lines of a shell that repeat a request: what is secret or differs is a variable there."""

import json
import re
import shlex
from base64 import b64decode
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from ..fake.journal import Exchange
from .secret_forms import secrets_of, written_forms

ORIGIN: Final = "http://127.0.0.1:8787"
"""Where `livestorm-mock serve` listens unless it is told otherwise."""

LONGEST: Final = 2000
"""Characters of a body, or of a fault, that somebody would paste."""

_REPEATED: Final = ("accept", "content-type")
_DEFAULTS: Final = {"accept": "*/*", "content-type": "application/x-www-form-urlencoded"}
"""What curl sends by itself."""
_VARIABLE: Final = re.compile(r"(\$[A-Z_]+)")
_NOT_IN_QUOTES: Final = re.compile(r'[\\"`!$]')


def repeat(exchange: Exchange) -> list[str]:
    """Give the lines: the fault is armed, where one struck, and the request sent.

    None where it was no request to an endpoint, or is one that nobody would paste.
    """
    body = exchange.request_body
    if not exchange.endpoint or len(body) > LONGEST or len(exchange.target) > LONGEST:
        return []
    if not body.isascii() or "\0" in body or "\\x" in body or not exchange.method.isalpha():
        return []
    return [*_arm(exchange.armed), _curl(exchange)]


def _arm(keys: Mapping[str, object]) -> list[str]:
    if not keys:
        return []
    text = json.dumps(keys, ensure_ascii=False)
    return [] if len(text) > LONGEST else [f"curl {ORIGIN}/_mock/faults --json {shlex.quote(text)}"]


def _curl(exchange: Exchange) -> str:
    variables = _variables(exchange)
    method, body = exchange.method, exchange.request_body
    implied = "POST" if body else "GET"
    words = ["curl", "-i", *(() if method == implied else ("-X", method))]
    words += [_quoted(f"{ORIGIN}{exchange.target}", variables), *_credentials(exchange, variables)]
    for name in _REPEATED:
        value = exchange.request_headers.get(name, "")
        if value not in ("", _DEFAULTS[name]) and (body or name != "content-type"):
            words += ["-H", _quoted(f"{name}: {value}", variables)]
    return " ".join([*words, *(("--data-raw", _quoted(body, variables)) if body else ())])


def _credentials(exchange: Exchange, variables: Mapping[str, str]) -> list[str]:
    value = exchange.request_headers.get("authorization")
    if value is None:
        return []
    if _basic(value) is not None:
        return ["-u", '"$CLIENT_ID:$CLIENT_SECRET"']
    return ["-H", _quoted(f"authorization: {value}", variables)]


def _variables(exchange: Exchange) -> Mapping[str, str]:
    """Give the name of the variable for each text that stands for it, the longest first."""
    names = {text: f"${name.upper()}" for text, name in secrets_of(exchange).items()}
    basic = _basic(exchange.request_headers.get("authorization", ""))
    identifier = exchange.parameters.get("client_id") or (basic and basic[0])
    if isinstance(identifier, str):
        names[identifier] = "$CLIENT_ID"
    forms = {form: name for text, name in names.items() for form in written_forms(text)}
    return dict(sorted(forms.items(), key=lambda one: -len(one[0])))


def _basic(authorization: str) -> tuple[str, str] | None:
    """Read an id and a secret (RFC 7617), None where there are none."""
    scheme, _, told = authorization.partition(" ")
    try:
        name, colon, secret = b64decode(told, validate=True).decode().partition(":")
    except ValueError:
        return None
    return (unquote(name), unquote(secret)) if scheme.lower() == "basic" and colon else None


def _quoted(text: str, variables: Mapping[str, str]) -> str:
    """Quote a text for a shell, with variables in the place of what they stand for."""
    parts = [text]
    for form, name in variables.items():
        parts = [
            piece
            for part in parts
            for piece in ([part] if part.startswith("\0") else _split(part, form, name))
        ]
    if len(parts) == 1:
        return shlex.quote(text)
    if any(_NOT_IN_QUOTES.search(part) for part in parts if not part.startswith("\0")):
        return "".join(f'"{p[1:]}"' if p.startswith("\0") else shlex.quote(p) for p in parts if p)
    return '"{}"'.format("".join(part.removeprefix("\0") for part in parts))


def _split(text: str, form: str, name: str) -> list[str]:
    """Split a text at each place of a form; a variable begins with NUL, which no text holds."""
    first, *rest = text.split(form)
    return [first, *(piece for one in rest for piece in (f"\0{name}", one))]
