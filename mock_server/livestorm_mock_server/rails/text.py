"""Ruby's text rules that reach the wire: blank values, form encoding, HTML escaping."""

import re
from collections.abc import Iterable
from urllib.parse import quote_plus

from ..patterns import compile_late

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_WORDS = compile_late(r"[^ \t\n\v\f\r]+")
_FIRST_WORD = compile_late(r"^[a-z0-9]*", re.MULTILINE)
_LATER_WORD = compile_late(r"_([A-Za-z0-9]*)")
# Python's own notion of white space has four control characters more.
_BLANK = compile_late(r"(?:(?![\x1c-\x1f])\s)*\Z")


def is_blank(value: object) -> bool:
    """Tell whether Rails' `blank?` holds: null, false, empty, or nothing but white space."""
    if not value:
        return value is None or value is False or isinstance(value, (str, list, dict))
    if isinstance(value, str):
        return not value[0].isalnum() and _BLANK.match(value) is not None
    return False


def split_words(text: str) -> list[str]:
    """Split at ASCII white space only, as Ruby's `String#split` does."""
    return _WORDS.findall(text)


def camelize(text: str) -> str:
    """Make a class name of `some_words`, as Rails does: only what begins small is capitalised."""
    begun = _FIRST_WORD.sub(lambda match: match[0].capitalize(), text, count=1)
    return _LATER_WORD.sub(lambda match: match[1].capitalize(), begun)


def escape_html(text: str) -> str:
    """Escape the five characters that ERB escapes, with ERB's entities."""
    return text.translate(_ESCAPES)


def encode_form_component(text: str) -> str:
    """Encode one form name or value: space to `+`, all but `*-._` and alphanumerics to `%XX`."""
    return quote_plus(text, safe="*", errors="surrogateescape").replace("~", "%7E")


def encode_form(pairs: Iterable[tuple[str, str]]) -> str:
    """Encode pairs as `application/x-www-form-urlencoded`, in order."""
    return "&".join(f"{encode_form_component(k)}={encode_form_component(v)}" for k, v in pairs)


def to_s(value: object) -> str:
    """Render a parameter as Ruby's `to_s` would where the engine interpolates or looks it up."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, (list, dict)):
        return _inspect(value)
    return _scalar_to_s(value)


def _scalar_to_s(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _inspect(value: object) -> str:
    """Render as Ruby's `inspect` does: `["a"]`, `{"a"=>"b"}`."""
    if isinstance(value, list):
        return f"[{', '.join(_inspect(one) for one in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_inspect(k)}=>{_inspect(v)}' for k, v in value.items())}}}"
    if isinstance(value, str):
        return f'"{value.translate(_INSPECT_ESCAPES)}"'
    return "nil" if value is None else _scalar_to_s(value)


_INSPECT_ESCAPES = str.maketrans(
    {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\u0000"}
)
