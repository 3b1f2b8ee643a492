"""The body of a request: where it ends, and what is in its chunks, as Puma reads it.

https://github.com/puma/puma/blob/v5.6.5/lib/puma/client.rb
"""

from collections.abc import Mapping
from typing import Final, Protocol

from .limits import MAX_CHUNK_EXCESS, MAX_CHUNK_HEADER, MAX_HEAD
from .patterns import compile_late
from .refusal import Refused
from .request_head import value_of

_CODINGS = (b"compress", b"deflate", b"gzip")
_LONGEST_NUMBER: Final = 18
"""Digits of a length beyond which none is ever reached."""
_LARGEST_CHUNK: Final = 2**63 - 3
_DIGITS = compile_late(rb"[0-9]+")
_HEX_DIGITS = compile_late(rb"[0-9A-Fa-f]+")


class Body(Protocol):
    """What is left of a body."""

    size: int
    """Its bytes, as far as they are known before it has come."""
    ended: bool

    def take(self, buffer: bytearray) -> bytes:
        """Take from the buffer what belongs to it; give the content. Raises Refused."""


def body_of(fields: Mapping[bytes, list[bytes]]) -> Body:
    """Tell by the head what body follows. Raises Refused."""
    coding = value_of(fields, b"transfer-encoding")
    if coding is not None and _is_chunked(coding.lower()):
        return ChunkedBody()
    length = value_of(fields, b"content-length")
    if length is None:
        return SizedBody(0)
    if _DIGITS.fullmatch(length) is None:
        raise Refused("a Content-Length that is not one number")
    return SizedBody(int(length.lstrip(b"0")[: _LONGEST_NUMBER + 1] or b"0"))


def _is_chunked(coding: bytes) -> bool:
    """Tell whether a body comes in chunks; gzip before, white space and all, hides it from Puma."""
    *before, last = coding.rstrip(b",").split(b",") if b"," in coding else [coding]
    known = all(one in _CODINGS for one in before)
    if last == b"chunked" and known and b"chunked" not in before:
        return True
    if b"," not in coding:
        told = "a Transfer-Encoding that is not chunked"
        raise Refused(told, 400 if coding in _CODINGS else 501)
    if b"chunked" in (*before, last):
        raise Refused("a Transfer-Encoding with chunked not once, last and behind known ones")
    if not known:
        raise Refused("a Transfer-Encoding without chunked", 501)
    return False


class SizedBody:
    """So many bytes."""

    def __init__(self, size: int) -> None:
        self.size = self._left = size
        self.ended = size == 0

    def take(self, buffer: bytearray) -> bytes:
        """Take what there is of it."""
        content = bytes(buffer[: self._left])
        del buffer[: len(content)]
        self._left -= len(content)
        self.ended = self._left == 0
        return content


class ChunkedBody:
    """Chunks up to one of no bytes; what trails it is skipped."""

    size = 0
    ended = False

    def __init__(self) -> None:
        self._left = 0
        """Bytes of the chunk that are to come, its line's end included."""
        self._is_last = False
        self._searched = 0
        """Bytes of the trailers in which their end is not."""
        self._excess = 0
        """Bytes of size lines beyond those of the content."""
        self._wrong: Refused | None = None

    def take(self, buffer: bytearray) -> bytes:
        """Take what there is of it, all that comes before what is wrong, too. Raises Refused."""
        content = bytearray()
        while buffer and not self.ended and self._wrong is None:
            before = len(buffer)
            try:
                content += self._take_one(buffer)
            except Refused as error:
                self._wrong = error
            if len(buffer) == before:
                break
        if self._wrong is not None and not content:
            raise self._wrong
        return bytes(content)

    def _take_one(self, buffer: bytearray) -> bytes:
        if self._is_last:
            self._skip_trailers(buffer)
        elif self._left > 0:
            return self._take_content(buffer)
        else:
            self._take_size(buffer)
        return b""

    def _take_content(self, buffer: bytearray) -> bytes:
        content = bytes(buffer[: max(self._left - 2, 0)])
        del buffer[: len(content)]
        self._left -= len(content)
        if not content and self._left == 2 and len(buffer) >= 2:
            if buffer[:2] != b"\r\n":
                raise Refused("a chunk that is not as long as it says")
            del buffer[:2]
            self._left = 0
        return content

    def _take_size(self, buffer: bytearray) -> None:
        end = buffer.find(b"\n")
        if end < 0:
            if len(buffer) >= MAX_CHUNK_HEADER:
                raise Refused(f"the head of a chunk is longer than {MAX_CHUNK_HEADER} bytes")
            return
        line = bytes(buffer[: end + 1])
        del buffer[: end + 1]
        if not line.endswith(b"\r\n"):
            raise Refused("the line of a chunk's size does not end with CR LF")
        digits = line.strip(b" \t\r\n\v\f\0").partition(b";")[0]
        size = _read_size(digits)
        self._excess += len(line) - size - len(digits) - 2
        if self._excess >= MAX_CHUNK_EXCESS:
            raise Refused(f"the chunks' extensions are longer than {MAX_CHUNK_EXCESS} bytes")
        self._is_last = size == 0
        self._left = size + 2

    def _skip_trailers(self, buffer: bytearray) -> None:
        has_none = buffer.startswith(b"\r\n")
        found = 0 if has_none else buffer.find(b"\r\n\r\n", self._searched)
        if found >= 0:
            del buffer[: found + (2 if has_none else 4)]
            self.ended = True
        elif len(buffer) > MAX_HEAD:
            raise Refused(f"the trailers are longer than {MAX_HEAD} bytes")
        self._searched = max(len(buffer) - 3, 0)


def _read_size(digits: bytes) -> int:
    if not digits:
        raise Refused("a chunk without a size", 500)
    if _HEX_DIGITS.fullmatch(digits) is None:
        raise Refused("a chunk's size that is no hexadecimal number")
    size = int(digits, 16)
    if size > _LARGEST_CHUNK:
        raise Refused("a chunk's size that no file can have", 500)
    return size
