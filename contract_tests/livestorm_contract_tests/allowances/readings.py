"""What correct readers may make of one body: where RFC 8259 leaves it open, they differ."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class Unreadable:
    """The reading of a reader that refuses."""


JSON: TypeAlias = object
Reading: TypeAlias = JSON | Unreadable
Pairs: TypeAlias = list[tuple[str, JSON]]

UNREADABLE: Final = Unreadable()


@dataclass
class Doubts:
    """Whether a reader has met something that another may refuse."""

    found: bool = False

    def keep_last(self, pairs: Pairs) -> dict[str, JSON]:
        """Make an object; of members with the same name the last one counts."""
        members = dict(pairs)
        self.found = self.found or len(members) < len(pairs)
        return members

    def keep_first(self, pairs: Pairs) -> dict[str, JSON]:
        """Make an object; of members with the same name the first one counts."""
        return self.keep_last(pairs[::-1])

    def read_constant(self, name: str) -> float:
        """Read `NaN` and `Infinity`, which are not JSON, as many readers do."""
        self.found = True
        return float(name)


def read_json(body: bytes, content_type: str | None, media_types: Sequence[str]) -> list[Reading]:
    """List what readers may take the body for, the same thing more than once perhaps.

    A byte order mark, bytes that are not UTF-8, member names that occur twice, `NaN` and a
    content type other than `media_types` may be refused or overlooked (RFC 8259, sections 4, 6
    and 8.1).
    """
    doubts = Doubts(found=not is_labelled(content_type, media_types))
    readings = [
        reading
        for text in decode(body, doubts)
        for pairs_hook in (doubts.keep_last, doubts.keep_first)
        for reading in parse(text, doubts, pairs_hook)
    ]
    if doubts.found or not readings:
        readings.append(UNREADABLE)
    return readings


def is_labelled(content_type: str | None, media_types: Sequence[str]) -> bool:
    """Tell whether a body is labelled as one of these, in UTF-8."""
    media_type, _, parameters = (content_type or "").lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    return media_type.strip() in media_types and charset in ("", "charset=utf-8")


def decode(body: bytes, doubts: Doubts) -> Iterator[str]:
    """Give the texts that a body may stand for."""
    if body.startswith(BYTE_ORDER_MARK):
        doubts.found = True
        body = body.removeprefix(BYTE_ORDER_MARK)
    try:
        yield body.decode("utf-8")
    except UnicodeDecodeError:
        doubts.found = True
        yield body.decode("utf-8", "replace")
        yield body.decode("utf-8", "ignore")
        yield body.decode("latin-1")


def parse(
    text: str, doubts: Doubts, pairs_hook: Callable[[Pairs], dict[str, JSON]]
) -> Iterator[JSON]:
    """Give the value that a text stands for, or nothing when it is no JSON."""
    try:
        yield json.loads(text, object_pairs_hook=pairs_hook, parse_constant=doubts.read_constant)
    except (ValueError, RecursionError):
        return
