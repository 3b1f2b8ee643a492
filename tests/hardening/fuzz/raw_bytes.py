"""Bytes that were requests once: cut, doubled, moved, and with others between them."""

from collections.abc import Callable, Mapping

from hypothesis import strategies as st

SPLINTERS = (
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b" ",
    b"\t",
    b":",
    b"\xff",
    b"\r\n\r\n",
    b"0\r\n\r\n",
    b"FFFFFFFFFFFFFFFFF\r\n",
    b"5;a=b\r\nhello\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Length: 5\r\n",
    b"Content-Length: -1\r\n",
    b"Transfer-Encoding: chunked, gzip\r\n",
    b"Host: a\r\nHost: b\r\n",
    b" folded\r\n",
    b"GET /v1/ping HTTP/1.1\r\n\r\n",
    b"HTTP/1.0",
    b"HTTP/0.9\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"Expect: 100-continue\r\n",
    b"Trailer: a\r\n",
    b"Upgrade: websocket\r\nConnection: upgrade\r\n",
)

Change = Callable[[bytes, int, int, bytes], bytes]

CHANGES: Mapping[str, Change] = {
    "insert": lambda data, at, length, other: data[:at] + other + data[at:],
    "replace": lambda data, at, length, other: data[:at] + other + data[at + len(other) :],
    "drop": lambda data, at, length, other: data[:at] + data[at + length :],
    "double": lambda data, at, length, other: data[: at + length] + data[at:],
    "cut": lambda data, at, length, other: data[:at],
    "move": lambda data, at, length, other: (
        data[:at] + data[at + length :] + data[at : at + length]
    ),
}
"""Each gets what came, a place in it, a length, and some other bytes."""

changes = st.lists(
    st.tuples(
        st.sampled_from(list(CHANGES.values())),
        st.floats(0, 1, exclude_max=True),
        st.integers(1, 60),
        st.one_of(st.sampled_from(SPLINTERS), st.binary(min_size=1, max_size=8)),
    ),
    min_size=1,
    max_size=6,
)


def changed(data: bytes, changes: list[tuple[Change, float, int, bytes]]) -> bytes:
    """Make the changes one after the other; places are parts of the whole."""
    for change, part, length, other in changes:
        data = change(data, int(part * len(data)), length, other)
    return data
