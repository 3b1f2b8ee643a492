"""The parser of requests: what it reads does not depend on how it comes."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from livestorm_mock_server.limits import MAX_AHEAD
from livestorm_mock_server.refusal import Refused
from livestorm_mock_server.request_parser import RequestParser

from .probes import load_probes

PROBES = [probe.sent for probe in load_probes().values() if len(probe.sent) < 2_000]

Event = tuple[str, ...] | tuple[str, int]


class Told:
    """Writes down what a parser tells."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.bodies: list[bytes] = []
        self.parser = RequestParser(self)

    def on_message_begin(self) -> None:
        """Begin a body, too."""
        self.bodies.append(b"")

    def on_url(self, url: bytes) -> None:
        """Write down the request line."""
        method, version = self.parser.get_method().decode(), self.parser.get_http_version()
        self.events.append(("line", method, url.decode("latin-1"), version))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Write down a field."""
        self.events.append(("field", name.decode(), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        """Write down where the request goes."""
        path, query = self.parser.path.decode("latin-1"), self.parser.query.decode("latin-1")
        self.events.append(("path", path, query))

    def on_body(self, body: bytes) -> None:
        """Collect the body."""
        self.bodies[-1] += body

    def on_message_complete(self) -> None:
        """Write down whether the connection goes on."""
        self.events.append(("end", str(self.parser.should_keep_alive())))


def read(pieces: Iterable[bytes]) -> tuple[list[Event], list[bytes]]:
    """Give what a parser tells of what comes in pieces, a refusal's status as the last."""
    told = Told()
    try:
        for piece in pieces:
            told.parser.feed_data(piece)
    except Refused as error:
        told.events.append(("refused", error.status))
    return told.events, told.bodies


def cut(sent: bytes, places: Iterable[int]) -> Sequence[bytes]:
    """Cut bytes at some places."""
    edges = [0, *sorted({place % (len(sent) + 1) for place in places}), len(sent)]
    return [sent[begin:end] for begin, end in pairwise(edges) if begin < end]


@given(sent=st.sampled_from(PROBES), places=st.lists(st.integers(0, 2_000), max_size=6))
@example(sent=b"GET / HTTP/1.1\r\nX: a\r\n\r\n", places=range(23))
@example(
    sent=b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
    places=range(70),
)
@example(
    sent=b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na=b\r\n0\r\n\r\n",
    places=[52],
)
def test_what_is_read_does_not_depend_on_the_pieces(sent: bytes, places: Iterable[int]) -> None:
    """Cut anywhere, the same requests are read, or refused with the same status."""
    assert read(cut(sent, places)) == read([sent])


@given(
    sent=st.sampled_from(PROBES),
    place=st.integers(0, 2_000),
    inserted=st.binary(max_size=4),
    removed=st.integers(0, 3),
)
def test_whatever_comes_is_read_or_refused(
    sent: bytes, place: int, inserted: bytes, removed: int
) -> None:
    """No bytes make it fail otherwise, and nothing is told after a refusal."""
    place %= len(sent) + 1
    changed = sent[:place] + inserted + sent[place + removed :]
    events, _ = read(cut(changed, [place]))
    refusals = [index for index, event in enumerate(events) if event[0] == "refused"]
    assert refusals in ([], [len(events) - 1])


@pytest.mark.parametrize(
    ("begun", "reason"),
    [
        (b"\r\n", "a line break before the request line"),
        (b"GET  ", "two spaces before the request target"),
        (b"GET /  ", "two spaces before the HTTP version"),
        (b"GET /\r\n", "a request line without an HTTP version"),
        (b"GET\r\n", "a request line without a target"),
        (b"GET /<", "a request target that no URL has"),
        (b'GET /a?b="', "a request target that no URL has"),
        (b"GET v1 HTTP/1.1\r\n", "a request target that no URL has"),
        (b"GET / HTTP/1.1\n", "a request line that does not end with CR LF"),
        (b"GET / HTTP/1.1 ", "no HTTP version behind the request target"),
        (b"get ", "no HTTP method"),
        (b"ABCDEFGHIJKLMNOPQRSTU", "no HTTP method"),
        (b"GET / HTTP/1.1\r\n X", "a folded header field, or white space before its name"),
        (b"GET / HTTP/1.1\r\nX :", "white space between a header's name and its colon"),
        (b"GET / HTTP/1.1\r\nX\r\n", "a header field without a colon"),
        (b"GET / HTTP/1.1\r\nX(", "a character that no header's name has"),
        (b"GET / HTTP/1.1\r\nX: a\n", "a header field that does not end with CR LF"),
        (b"GET / HTTP/1.1\r\nX: a\x00", "a control character in a header field"),
        (b"GET / HTTP/1.1\r\n\n", "a head that does not end with CR LF"),
        (b"GET / HTTP/1.1\r\n" + b"a" * 257, "the name of a header field is longer than 256 bytes"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 120_000, "the head is longer than 114688 bytes"),
    ],
    ids=range(21),
)
def test_what_can_become_no_request_is_refused_at_once(begun: bytes, reason: str) -> None:
    """As soon as no further bytes could mend it, and with a reason."""
    parser = Told().parser
    with pytest.raises(Refused, match=f"^{reason}$"):
        parser.feed_data(begun)


class Patient(Told):
    """Wants no further request until it says so."""

    def on_message_complete(self) -> None:
        """Hold what follows."""
        super().on_message_complete()
        self.parser.hold()


def test_next_request_waits_for_its_release() -> None:
    """What follows a request is kept until it is wanted, and is enough beyond a limit."""
    told = Patient()
    told.parser.feed_data(b"GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n")
    assert [event[0] for event in told.events] == ["line", "path", "end"]
    assert not told.parser.is_full
    told.parser.feed_data(b"a" * MAX_AHEAD)
    assert told.parser.is_full
    assert told.parser.release()
    told.parser.feed_data(b"")
    assert [event[0] for event in told.events] == ["line", "path", "end"] * 2
    assert told.parser.release()
    assert not told.parser.is_full
    with pytest.raises(Refused):
        told.parser.feed_data(b"")
