"""Questions to a resolver and its answers: RFC 1035, sections 4.1 and 4.2."""

import struct
from collections.abc import Iterator
from io import BufferedIOBase
from ipaddress import ip_address
from typing import Final

from msgspec import Struct

PORT: Final = 53
_HEAD: Final = struct.Struct("!HHHHHH")
_ANSWER: Final = struct.Struct("!HHHIH")
_KIND_AND_CLASS: Final = struct.Struct("!HH")
_A, _IN = 1, 1
_FAILED, _NO_SUCH_NAME = 2, 3
_IS_ANSWER, _RECURSION_AVAILABLE, _IS_TRUNCATED = 0x8000, 0x0080, 0x0200
_KEPT: Final = 0x7900
"""Flags that an answer has from its question: the kind of query, and whether to ask others."""
_LONGEST_LABEL: Final = 63
_NAME_OF_QUESTION: Final = 0xC00C
_RECORD: Final = struct.Struct("!H6xH")
_CNAME, _DNAME, _SVCB, _HTTPS = 5, 39, 64, 65
_TARGET_AT: Final = {_CNAME: 0, _DNAME: 0, _SVCB: 2, _HTTPS: 2}
"""Where the data of a record has the name that it leads to. https://www.rfc-editor.org/rfc/rfc9460"""
_MOST_LABELS: Final = 128


class Question(Struct, frozen=True):
    """What is asked, and the bytes in which it was."""

    number: int
    flags: int
    name: str
    kind: int
    asked: bytes


def read_question(message: bytes) -> Question | None:
    """Read a query; None for what is none."""
    try:
        number, flags, count, *_ = _HEAD.unpack_from(message)
        labels, at = [], _HEAD.size
        while length := message[at]:
            if length > _LONGEST_LABEL:
                return None
            labels.append(message[at + 1 : at + 1 + length].decode("latin-1"))
            at += 1 + length
        kind, _ = _KIND_AND_CLASS.unpack_from(message, at + 1)
    except (struct.error, IndexError):
        return None
    if count != 1 or flags & _IS_ANSWER:
        return None
    return Question(number, flags, ".".join(labels), kind, message[_HEAD.size : at + 5])


def answer(question: Question, address: str | None) -> bytes:
    """Answer for a name with an IPv4 address and no other records, or for one that there is not."""
    if address is None:
        return _message(question, _NO_SUCH_NAME)
    packed = ip_address(address).packed
    if question.kind != _A or len(packed) != 4:
        return _message(question, 0)
    return _message(question, 0, _ANSWER.pack(_NAME_OF_QUESTION, _A, _IN, 0, 4) + packed)


def fail(question: Question) -> bytes:
    """Answer that nothing could be found out."""
    return _message(question, _FAILED)


def is_cut(message: bytes) -> bool:
    """Tell whether an answer was too long for its datagram."""
    return len(message) >= _HEAD.size and bool(_HEAD.unpack_from(message)[1] & _IS_TRUNCATED)


def over_tcp(message: bytes) -> bytes:
    """Give a message as it goes by TCP, behind its length."""
    return len(message).to_bytes(2, "big") + message


def read_over_tcp(stream: BufferedIOBase) -> bytes:
    """Read a message that comes by TCP. Raises OSError where the sender leaves before its end."""
    head = stream.read(2)
    length = int.from_bytes(head, "big")
    message = stream.read(length) if len(head) == 2 else b""
    if len(head) < 2 or len(message) < length:
        raise ConnectionAbortedError("the other side has left")
    return message


def _message(question: Question, code: int, record: bytes = b"") -> bytes:
    flags = question.flags & _KEPT | _IS_ANSWER | _RECURSION_AVAILABLE | code
    return _HEAD.pack(question.number, flags, 1, bool(record), 0, 0) + question.asked + record


def names_led_to(message: bytes) -> Iterator[str]:
    """Give, in lower case, the names of an answer's records and those that they lead to.

    It ends where the message is broken.
    """
    try:
        _, _, questions, *counts = _HEAD.unpack_from(message)
        at = _HEAD.size
        for _ in range(questions):
            at = _name(message, at)[1] + 4
        for _ in range(sum(counts)):
            name, at = _name(message, at)
            yield name
            kind, size = _RECORD.unpack_from(message, at)
            at += _RECORD.size
            if kind in _TARGET_AT:
                yield _name(message, at + _TARGET_AT[kind])[0]
            at += size
    except (struct.error, IndexError):
        return


def _name(message: bytes, at: int) -> tuple[str, int]:
    """Give a name, and where it ends. Raises IndexError where the message is broken."""
    labels: list[str] = []
    end = None
    for _ in range(_MOST_LABELS):
        length = message[at]
        if length >= 0xC0:
            end = at + 2 if end is None else end
            at = (length & 0x3F) << 8 | message[at + 1]
        elif length:
            labels.append(message[at + 1 : at + 1 + length].decode("latin-1"))
            at += 1 + length
        else:
            return ".".join(labels).lower(), at + 1 if end is None else end
    raise IndexError("the name leads to itself")
