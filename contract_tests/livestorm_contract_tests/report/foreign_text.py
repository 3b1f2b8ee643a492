"""The text of others, made harmless: it steers no terminal, no log of CI, and no reader's eye."""

import re
from typing import Final

_ODD: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|([\u2028-\u202e\u2066-\u2069])"
)
"""Controls and what XML 1.0 can't hold; as a group, what breaks or turns a line unseen."""

_LONE: Final = re.compile("[\ud800-\udfff]")
"""What no encoding holds: Python's sign for a byte of a command line that is not UTF-8."""

MARK: Final = "  | "
"""What stands before each further line of a text; GitHub's runner trims blanks alone."""


def cleaned(text: str) -> str:
    """Give a text in which controls are U+FFFD, and what turns the reading order is escaped."""
    return _ODD.sub(_shown, text.replace("\r\n", "\n"))


def marked(text: str) -> str:
    """Give a cleaned text of which no line begins as a command to the runner of CI."""
    return f"{mark_of(text)}{behind_marks(text)}"


def mark_of(text: str) -> str:
    """Give what has to stand before a text, which is nothing unless it begins as a command."""
    return MARK if cleaned(text).lstrip().startswith(("::", "##[")) else ""


def behind_marks(text: str) -> str:
    """Give a cleaned text, each further line of it behind a mark."""
    return cleaned(text).replace("\n", f"\n{MARK}")


def encoded(text: str) -> bytes:
    """Give a text in UTF-8, in which what no encoding holds is U+FFFD."""
    return _LONE.sub("\ufffd", text).encode()


def encodable(value: object) -> object:
    """Give builtins of which each text can be encoded."""
    if isinstance(value, str):
        return _LONE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {encodable(name): encodable(one) for name, one in value.items()}
    return [encodable(one) for one in value] if isinstance(value, list | tuple) else value


def _shown(found: re.Match[str]) -> str:
    return f"\\u{ord(found[1]):04x}" if found[1] else "\ufffd"
