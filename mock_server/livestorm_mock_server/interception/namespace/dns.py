"""Questions to a resolver and its answers: RFC 1035, sections 4.1 and 4.2."""

import struct
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final

from msgspec import Struct

_HEAD: Final = struct.Struct("!HHHHHH")
_ANSWER: Final = struct.Struct("!HHHIH")
_A, _AAAA, _IN = 1, 28, 1
_IS_ANSWER, _RECURSION, _NO_SUCH_NAME = 0x8080, 0x0100, 3
_NAME_OF_QUESTION: Final = 0xC00C


class Question(Struct, frozen=True):
    """What is asked, and the bytes in which it was."""

    number: int
    flags: int
    name: str
    kind: int
    asked: bytes

    @property
    def is_second(self) -> bool:
        """Whether it asks for what most resolvers ask for beside the first."""
        return self.kind == _AAAA


def read_question(message: bytes) -> Question | None:
    """Read a query; None for what is none."""
    try:
        number, flags, count, *_ = _HEAD.unpack_from(message)
        labels, at = [], _HEAD.size
        while length := message[at]:
            labels.append(message[at + 1 : at + 1 + length].decode("latin-1"))
            at += 1 + length
        kind = struct.unpack_from("!H", message, at + 1)[0]
    except (struct.error, IndexError):
        return None
    if count != 1 or flags & 0x8000:
        return None
    return Question(number, flags, ".".join(labels), kind, message[_HEAD.size : at + 5])


def answer(question: Question, names: Mapping[str, str]) -> bytes:
    """Answer with the address of a name; no other name exists."""
    address = names.get(question.name.lower())
    found = b""
    if address is not None and question.kind == _A and ip_address(address).version == 4:
        packed = ip_address(address).packed
        found = _ANSWER.pack(_NAME_OF_QUESTION, _A, _IN, 0, len(packed)) + packed
    flags = _IS_ANSWER | question.flags & _RECURSION | (_NO_SUCH_NAME if address is None else 0)
    head = _HEAD.pack(question.number, flags, 1, bool(found), 0, 0)
    return head + question.asked + found
