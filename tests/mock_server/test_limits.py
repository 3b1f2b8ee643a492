"""What the server takes of one connection, in bytes and seconds."""

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from livestorm_mock_server import InvalidInputError, MockLivestorm
from livestorm_mock_server.journal.journal import Size
from livestorm_mock_server.limits import (
    DEFAULT_LIMITS,
    MAX_CHUNK_HEADER,
    MAX_FIELD_NAME,
    MAX_HEAD,
)

from .wire import Answer, ConnectionEnded, Wire, exchange, frame

CHUNKED = [("Transfer-Encoding", "chunked")]
PING = frame("GET", "/v1/ping")
ENDLESS = 4_000_000
"""Bytes that a test sends at most of what has no end."""


@pytest.fixture(scope="module")
def server() -> Iterator[MockLivestorm]:
    """A server that takes short bodies only."""
    with MockLivestorm(rate_limits=False, max_body=1000) as livestorm:
        yield livestorm


@pytest.fixture
def short(server: MockLivestorm) -> MockLivestorm:
    """It, with an empty journal."""
    server.journal.clear()
    return server


@pytest.fixture(scope="module")
def hasty_server() -> Iterator[MockLivestorm]:
    """A server that waits a tenth of a second for the rest of a request."""
    with MockLivestorm(rate_limits=False, request_timeout=0.1) as livestorm:
        yield livestorm


@pytest.fixture
def hasty(hasty_server: MockLivestorm) -> MockLivestorm:
    """It, with an empty journal."""
    hasty_server.journal.clear()
    return hasty_server


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("request_timeout", value) for value in (math.nan, math.inf, -1, 0, 86_401, "5", True)),
        *(("max_body", value) for value in (math.nan, -1, 1.5, "5", True)),
    ],
)
def test_limit_that_can_not_be_is_refused(name: str, value: Any) -> None:
    """It would end each connection, or none."""
    with pytest.raises(InvalidInputError, match=f"{name} is .*; expected .*, or None"):
        MockLivestorm(**{name: value})


def test_limits_are_those_that_are_promised() -> None:
    """Ten million bytes of a body, and thirty seconds, which are Puma's."""
    assert (DEFAULT_LIMITS.body, DEFAULT_LIMITS.seconds) == (10_000_000, 30.0)


def test_requests_at_once_are_answered_one_by_one(short: MockLivestorm) -> None:
    """However many come, each has its answer, in their order, and others have theirs meanwhile."""
    ids = [f"{number:04}" for number in range(2000)]
    with Wire(short.app_url) as wire:
        wire.send(b"".join(frame("GET", "/v1/ping", [("X-Request-Id", one)]) for one in ids))
        assert exchange(short.app_url, frame("GET", "/v1/me")).status == 401
        assert [wire.read().header("x-request-id") for _ in ids] == ids


def send_on(wire: Wire, data: bytes, piece: Callable[[], bytes]) -> Answer:
    """Send pieces without an end, until the server does not take any more; give its answer."""
    wire.send(data)
    sent = 0
    try:
        while sent < ENDLESS:
            more = piece()
            wire.send(more)
            sent += len(more)
    except OSError:
        pass
    return wire.read()


def told(livestorm: MockLivestorm) -> list[tuple[str, int | None, str | None]]:
    """Give path, status and reason of each exchange."""
    return [
        (
            entry.exchange.request.raw_path,
            None if entry.response is None else entry.response.status,
            entry.exchange.reason,
        )
        for entry in livestorm.journal
    ]


HEAD_LIMIT = f"the head is longer than {MAX_HEAD} bytes"
NAME_LIMIT = f"the name of a header field is longer than {MAX_FIELD_NAME} bytes"
TRAILER_LIMIT = f"the trailers are longer than {MAX_HEAD} bytes"
CHUNK_LIMIT = f"the head of a chunk is longer than {MAX_CHUNK_HEADER} bytes"
BEGUN = b"GET /v1/ping HTTP/1.1\r\nHost: a\r\n"
POSTED = frame("POST", "/v1/ping", CHUNKED)

ENDLESS_HEADS = {
    "target": (b"GET /v1/ping?", b"a" * 1000, "the request line is longer than 14336 bytes"),
    "fields": (BEGUN, b"X-Pad: %s\r\n" % (b"a" * 1000), HEAD_LIMIT),
    "value": (BEGUN + b"X: ", b"a" * 1000, HEAD_LIMIT),
    "name": (BEGUN, b"a" * 1000, NAME_LIMIT),
    "behind another": (PING + BEGUN + b"X: ", b"a" * 1000, HEAD_LIMIT),
    "fields behind another": (PING + BEGUN, b"X-Pad: %s\r\n" % (b"a" * 1000), HEAD_LIMIT),
    "trailers": (POSTED + b"0\r\n", b"T: %s\r\n" % (b"a" * 1000), TRAILER_LIMIT),
    "trailer": (POSTED + b"0\r\nT: ", b"a" * 1000, TRAILER_LIMIT),
    "chunk extension": (POSTED + b"3;", b"a" * 1000, CHUNK_LIMIT),
    "chunk size": (POSTED, b"0" * 1000, CHUNK_LIMIT),
}


@pytest.mark.parametrize(("begun", "piece", "reason"), ENDLESS_HEADS.values(), ids=ENDLESS_HEADS)
def test_what_does_not_end_is_refused_at_its_limit(
    short: MockLivestorm, begun: bytes, piece: bytes, reason: str
) -> None:
    """Nothing is collected for ever, wherever in a request it is."""
    with Wire(short.app_url) as wire:
        answer = send_on(wire, begun, lambda: piece)
        if begun.startswith(PING):
            assert answer.status == 401
            answer = wire.read()
    assert answer.status == 400
    assert told(short)[-1][1:] == (400, reason)


@pytest.mark.parametrize("bytewise", [False, True])
def test_head_is_counted_whole(short: MockLivestorm, bytewise: bool) -> None:
    """What lies between names and values counts too, as with Puma: the last byte decides."""
    fields = b"".join(b"X-%d: 1\r\n" % number for number in range(9_000))
    room = MAX_HEAD - len(BEGUN) - len(fields) - len(b"X: \r\n\r\n")
    for extra, status in ((0, 401), (1, 400)):
        head = BEGUN + fields + b"X: %s\r\n\r\n" % (b"a" * (room + extra))
        with Wire(short.app_url) as wire:
            if bytewise:
                wire.send(head[:-100])
                wire.send_bytewise(head[-100:])
            else:
                wire.send(head)
            assert wire.read().status == status


def test_many_fields_in_one_write_are_refused(short: MockLivestorm) -> None:
    """The limit does not depend on how the head came."""
    fields = b"".join(b"X-%d: 1\r\n" % number for number in range(20_000))
    assert exchange(short.app_url, BEGUN + fields + b"\r\n").status == 400
    assert told(short) == [("/v1/ping", 400, HEAD_LIMIT)]


def test_trailers_are_no_header_fields(short: MockLivestorm) -> None:
    """A trailer is dropped, as Puma does, and authenticates nobody."""
    token = short.private_token
    sent = frame("GET", "/v1/ping", CHUNKED) + b"0\r\nAuthorization: %s\r\n\r\n" % token.encode()
    assert exchange(short.api_url, sent).status == 401
    (entry,) = short.journal
    assert [name for name, _ in entry.exchange.request.headers] == ["host", "transfer-encoding"]


TOO_LONG = {
    "length": frame("POST", "/oauth/token", body=b"a" * 1001),
    "announced length": frame("POST", "/oauth/token", [("Content-Length", "99999999999")]),
    "expected length": frame(
        "POST", "/oauth/token", [("Content-Length", "1001"), ("Expect", "100-continue")]
    ),
    "chunks": frame("POST", "/oauth/token", CHUNKED) + b"1F4\r\n%s\r\n" % (b"a" * 500) * 3,
    "control": frame("POST", "/_mock/faults", body=b"a" * 1001),
    "no sandbox": frame("POST", "/s/none/oauth/token", body=b"a" * 1001),
}


@pytest.mark.parametrize("sent", TOO_LONG.values(), ids=TOO_LONG)
def test_body_beyond_the_limit_is_refused(short: MockLivestorm, sent: bytes) -> None:
    """It gets a 413, wherever it goes, and the journal says why."""
    with Wire(short.app_url) as wire:
        wire.send(sent)
        answer = wire.read()
        assert (answer.status, answer.ends_connection) == (413, True)
    control = b"/_mock/" in sent
    assert [one[1:] for one in told(short)] == (
        [] if control else [(413, "the body is longer than 1000 bytes")]
    )


def test_answer_reaches_a_client_that_goes_on_sending(short: MockLivestorm) -> None:
    """The connection is not reset before a 413 is read."""
    body = b"a" * ENDLESS
    with httpx.Client() as http:
        assert http.post(f"{short.app_url}/oauth/token", content=body).status_code == 413


def test_body_at_the_limit_is_taken(short: MockLivestorm) -> None:
    """The limit itself is not too long."""
    assert exchange(short.app_url, frame("POST", "/oauth/token", body=b"a" * 1000)).status == 400
    assert told(short)[0][2] != "the body is longer than 1000 bytes"


def test_no_limit_can_be_asked_for() -> None:
    """A fake that is to take anything does."""
    with MockLivestorm(max_body=None, request_timeout=None) as livestorm:
        sent = frame("POST", "/oauth/token", body=b"a" * 10_000_001)
        assert exchange(livestorm.app_url, sent).status == 400


def test_too_long_a_body_waits_for_its_turn(short: MockLivestorm) -> None:
    """What came before on the same connection is answered first."""
    with Wire(short.app_url) as wire:
        wire.send(PING * 2 + frame("POST", "/oauth/token", CHUNKED) + b"3E9\r\n%s" % (b"a" * 1001))
        assert [wire.read().status for _ in range(3)] == [401, 401, 413]
        assert wire.receive() == b""


UNFINISHED = {
    "verb": (b"GE", None, ("", None)),
    "head": (b"GET /v1/ping HTTP/1.1\r\nHos", None, ("/v1/ping", None)),
    "body": (frame("POST", "/oauth/token", [("Content-Length", "10")]) + b"ab", 408, None),
    "chunks": (frame("POST", "/oauth/token", CHUNKED) + b"5\r\nab", 408, None),
    "head behind another": (PING + b"GET /v1/me HTTP/1.1\r\nHos", None, ("/v1/me", None)),
}


@pytest.mark.parametrize("case", UNFINISHED)
def test_unfinished_request_is_given_up(hasty: MockLivestorm, case: str) -> None:
    """As Puma does: one in its body gets a 408, and a head that does not end gets nothing."""
    sent, status, _ = UNFINISHED[case]
    with Wire(hasty.app_url) as wire:
        wire.send(sent)
        if sent.startswith(PING):
            assert wire.read().status == 401
        if status is None:
            with pytest.raises(ConnectionEnded):
                wire.read()
        else:
            assert wire.read().status == status
            assert wire.receive() == b""
    _, got, reason = told(hasty)[-1]
    assert (got, reason) == (
        status,
        "the request was not whole, and nothing more came for 0.1 seconds",
    )


def test_connection_without_a_byte_is_closed(hasty: MockLivestorm) -> None:
    """It is no exchange."""
    with Wire(hasty.app_url) as wire:
        assert wire.receive() == b""
    assert told(hasty) == []


def test_whole_request_may_be_answered_late(hasty: MockLivestorm) -> None:
    """The limit is the client's, and not that of a fault."""
    hasty.faults.arm("api.ping", "delay", seconds=0.3)
    with Wire(hasty.app_url) as wire:
        wire.send(PING + b"GET /v1/me HTTP/1.1\r\nHo")
        assert wire.read().status == 401
        with pytest.raises(ConnectionEnded):
            wire.read()


LEFT = {
    "head": b"GET /v1/ping HTTP/1.1\r\nHos",
    "body": frame("POST", "/oauth/token", [("Content-Length", "10")]) + b"ab",
    "head behind another": PING + b"GET /v1/me HTTP/1.1\r\nHos",
}


@pytest.mark.parametrize("sent", LEFT.values(), ids=LEFT)
def test_half_a_request_is_an_exchange(short: MockLivestorm, sent: bytes) -> None:
    """A client that leaves in the middle is in the journal, without an answer."""
    with Wire(short.app_url) as wire:
        wire.send(sent)
        if sent.startswith(PING):
            wire.read()
        wire.end_sending()
        wire.read_to_end()
    _, status, reason = told(short)[-1]
    assert (status, reason) == (None, "the client left before its request was whole")


OTHER_PROTOCOLS = {
    "tls": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500), "TLS"),
    "http2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", "HTTP/2"),
}


@pytest.mark.parametrize(("sent", "named"), OTHER_PROTOCOLS.values(), ids=OTHER_PROTOCOLS)
def test_other_protocol_is_named(
    short: MockLivestorm, caplog: pytest.LogCaptureFixture, sent: bytes, named: str
) -> None:
    """Who speaks TLS or HTTP/2 to the port gets a 400, one clear line, and an exchange."""
    assert exchange(short.app_url, sent).status == 400
    ((_, status, reason),) = told(short)
    assert status == 400
    assert named in (reason or "")
    assert [record.getMessage() for record in caplog.records] == [
        f"a request was not taken: {reason}"
    ]


@pytest.fixture(scope="module")
def forgetful_server() -> Iterator[MockLivestorm]:
    """A server whose journal takes little."""
    with MockLivestorm(rate_limits=False, journal_bytes=640_000) as livestorm:
        yield livestorm


@pytest.fixture
def forgetful(forgetful_server: MockLivestorm) -> MockLivestorm:
    """It, with an empty journal."""
    forgetful_server.reset()
    return forgetful_server


def test_journal_cuts_long_bodies(forgetful: MockLivestorm) -> None:
    """A 64th of the journal is kept of a body, marked, in the journal and in the archive."""
    body = b"\xff" * 30_000
    exchange(forgetful.app_url, frame("POST", "/oauth/token", [("Content-Type", "a/b")], body))
    kept = forgetful.journal.entries()[0].as_json()["request"]
    assert isinstance(kept, dict)
    assert (kept["body_cut_from"], len(kept["body"]), kept["parameters"]) == (30_000, 40_000, None)
    har = forgetful.export_har()["log"]
    assert isinstance(har, dict)
    assert har["entries"][0]["request"]["bodySize"] == 30_000


def test_journal_cuts_what_a_fault_lengthens(forgetful: MockLivestorm) -> None:
    """The client gets all of it, the journal its beginning."""
    forgetful.faults.arm("api.ping", "huge_body", megabytes=1)
    answer = exchange(forgetful.app_url, PING)
    kept = forgetful.journal.entries()[0].as_json()["response"]
    assert isinstance(kept, dict)
    assert (len(answer.body), kept["body_cut_from"], len(kept["body"])) == (10**6, 10**6, 10_000)


LONG = {
    "body": frame("POST", "/oauth/token", body=b"a" * 9_000),
    "field": frame("GET", "/v1/ping", [("X-Long", "a" * 9_000)]),
    "target": frame("GET", f"/v1/{'a' * 9_000}"),
}


@pytest.mark.parametrize("sent", LONG.values(), ids=LONG)
def test_journal_is_bounded_in_bytes(forgetful: MockLivestorm, sent: bytes) -> None:
    """The oldest exchanges make room, whatever makes them long."""
    for _ in range(100):
        exchange(forgetful.app_url, sent)
    assert 50 < len(forgetful.journal) < 70
    assert forgetful.journal.last_number == 100


def test_long_journal_is_told_whole(short: MockLivestorm) -> None:
    """It comes in parts, between which others have their turn, and is one document."""
    with Wire(short.app_url) as wire:
        for _ in range(200):
            wire.send(PING)
            wire.read()
    answer = exchange(short.app_url, frame("GET", "/_mock/journal"))
    assert answer.header("transfer-encoding") == "chunked"
    listed = json.loads(answer.body)
    assert listed == {"exchanges": [entry.as_json() for entry in short.journal]}
    short.journal.clear()
    assert exchange(short.app_url, frame("GET", "/_mock/journal")).json() == {"exchanges": []}


def test_size_of_a_journal_is_of_its_exchanges_by_default() -> None:
    """By default a journal keeps half a megabyte of one body."""
    assert Size().of_body == 500_000
