"""Changing the framing of an answer's head."""

import re

_CONTENT_LENGTH = re.compile(rb"(?i)\r\ncontent-length:[^\r\n]*(?=\r\n)")


def without_length(head: bytes, instead: bytes = b"") -> bytes:
    """Take `Content-Length` out of a head and put a field line in its place."""
    return _CONTENT_LENGTH.sub(b"", head).removesuffix(b"\r\n") + instead + b"\r\n"
