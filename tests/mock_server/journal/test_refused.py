"""What the server refuses before there is a request is an exchange, too."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.refusal import MOST_KEPT

from ..wire import ConnectionEnded, Wire, exchange, frame

LONG = "a" * 12_000
PING = frame("GET", "/v1/ping")


@pytest.fixture(scope="module")
def server() -> Iterator[MockLivestorm]:
    """A server whose default sandbox nobody else uses."""
    with MockLivestorm(rate_limits=False) as livestorm:
        yield livestorm


@pytest.fixture
def default(server: MockLivestorm) -> MockLivestorm:
    """Its default sandbox, with an empty journal."""
    server.journal.clear()
    return server


def last(
    livestorm: LivestormSandbox, status: int = 400
) -> tuple[str | None, str, str, str, str | None]:
    """Give label, method, path, body and reason of the last exchange, which is refused."""
    entry = livestorm.journal.entries()[-1]
    told, request = entry.exchange, entry.exchange.request
    assert entry.response is not None
    assert (entry.response.status, entry.response.body, entry.response.headers) == (
        status,
        b"",
        {"Connection": "close"},
    )
    body = request.body.decode("latin-1")
    return told.endpoint, request.original_method, request.raw_path, body, told.reason


CASES = {
    "garbage": (
        b"garbage\r\n\r\n",
        (None, "", "", "garbage\r\n\r\n", "no HTTP method"),
    ),
    "query": (
        frame("GET", f"/oauth/authorize?state={LONG}"),
        ("authorize", "GET", "/oauth/authorize", "", "the query string is longer than 10240 bytes"),
    ),
    "target": (
        frame("GET", f"/v1/me/{LONG * 2}"),
        (
            None,
            "GET",
            f"/v1/me/{LONG * 2}"[:MOST_KEPT],
            "",
            "the request target is longer than 12288 bytes",
        ),
    ),
    "unknown-verb": (
        frame("BREW", f"/v1/me?{LONG}"),
        (None, "BREW", "/v1/me", "", "the query string is longer than 10240 bytes"),
    ),
    "path": (
        frame("GET", f"/v1/me/{LONG[:8_186]}"),
        (None, "GET", f"/v1/me/{LONG[:8_186]}", "", "the path is longer than 8192 bytes"),
    ),
    "verb-with-a-digit": (
        frame("M-SEARCH1.1", f"/v1/me?{LONG}"),
        (None, "M-SEARCH1.1", "/v1/me", "", "the query string is longer than 10240 bytes"),
    ),
    "field": (
        frame("GET", "/v1/me", [("X-Foo", "a" * 90_000)]),
        ("api.me", "GET", "/v1/me", "", "a header field is longer than 81920 bytes"),
    ),
    "field-name": (
        frame("GET", "/v1/me", [("a" * 300, "a")]),
        ("api.me", "GET", "/v1/me", "", "the name of a header field is longer than 256 bytes"),
    ),
    "head": (
        frame("GET", "/v1/me", [("X-Foo", "a" * 60_000)] * 2),
        ("api.me", "GET", "/v1/me", "", "the head is longer than 114688 bytes"),
    ),
    "control-byte": (
        frame("POST", "/oauth/token", [("X-Foo", "a\0b")]),
        ("token", "POST", "/oauth/token", "", "a control character in a header field"),
    ),
    "no-url": (
        frame("CONNECT", "code=s3cr3t:443"),
        (None, "CONNECT", "code=s3cr3t:443", "", "a request target that no URL has"),
    ),
    "version": (
        b"GET /v1/ping HTTP/one\r\n\r\n",
        ("api.ping", "GET", "/v1/ping", "", "no HTTP version behind the request target"),
    ),
    "chunk": (
        frame("POST", "/oauth/token", [("Transfer-Encoding", "chunked")]) + b"?\r\n",
        ("token", "POST", "/oauth/token", "", "a chunk's size that is no hexadecimal number"),
    ),
}


@pytest.mark.parametrize(("sent", "told"), CASES.values(), ids=CASES)
def test_refusal_is_written_down(
    default: MockLivestorm, sent: bytes, told: tuple[str | None, str, str, str, str | None]
) -> None:
    """The journal has what can be read of it, the answer, and why it is refused."""
    assert exchange(default.app_url, sent).status == 400
    assert len(default.journal) == 1
    assert last(default) == told
    assert default.journal.entries()[0].as_json()["connection"] is not None


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        (
            frame("CONNECT", "s3cr3t.test:443"),
            500,
            (None, "CONNECT", "s3cr3t.test:443", "", "the request target leads to no path"),
        ),
        (
            frame("POST", "/oauth/token", [("Transfer-Encoding", "tea")]),
            501,
            ("token", "POST", "/oauth/token", "", "a Transfer-Encoding that is not chunked"),
        ),
    ],
    ids=["no-path", "coding"],
)
def test_refusal_has_the_status_of_puma(
    default: MockLivestorm,
    sent: bytes,
    status: int,
    told: tuple[str | None, str, str, str, str | None],
) -> None:
    """What Puma has no 400 for is refused, and written down, with its status."""
    assert exchange(default.app_url, sent).status == status
    assert last(default, status) == told


def test_refusal_is_written_down_where_it_was_sent(
    default: MockLivestorm, server: MockLivestorm
) -> None:
    """By its path it belongs to a sandbox, as far as there is one; else to the default one."""
    with server.sandbox() as livestorm:
        prefix = livestorm.app_url.removeprefix(server.origin)
        exchange(server.app_url, frame("GET", f"{prefix}/oauth/authorize?state={LONG}"))
        assert last(livestorm)[:3] == ("authorize", "GET", "/oauth/authorize")
        assert livestorm.journal.entries()[0].exchange.request.prefix == prefix
    assert len(default.journal) == 0
    exchange(server.app_url, frame("GET", f"{prefix}/oauth/authorize?state={LONG}"))
    assert last(default)[:3] == (None, "GET", f"{prefix}/oauth/authorize")


def test_request_to_no_sandbox_is_written_down(default: MockLivestorm) -> None:
    """A sandbox that is gone, or never was, has no journal: the default one has it."""
    assert exchange(default.app_url, frame("GET", "/s/gone/v1/me?a=b")).status == 404
    (entry,) = default.journal
    assert (entry.exchange.request.target, entry.exchange.endpoint) == ("/s/gone/v1/me?a=b", None)
    assert entry.exchange.reason == "there is no such sandbox"
    assert entry.response is not None
    assert entry.response.status == 404


@pytest.mark.parametrize("path", ["/_mock/faults", "/s/gone/_mock/faults"])
def test_refused_control_request_is_in_no_journal(default: MockLivestorm, path: str) -> None:
    """What steers the fake is no exchange, whatever becomes of it."""
    assert exchange(default.app_url, frame("GET", f"{path}?{LONG}")).status == 400
    assert exchange(default.app_url, frame("GET", "/s/gone/_mock/faults")).status == 404
    assert len(default.journal) == 0


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (b"garbage\r\n\r\n", (None, "", "")),
        (frame("GET", f"/oauth/authorize?state={LONG}"), ("authorize", "GET", "/oauth/authorize")),
    ],
    ids=["garbage", "query"],
)
def test_refusal_behind_other_requests_is_the_last_exchange(
    default: MockLivestorm, refused: bytes, told: tuple[str | None, str, str]
) -> None:
    """It is written down when it is answered, and takes nothing from those before it."""
    with Wire(default.app_url) as wire:
        wire.send(PING * 2 + refused)
        assert [wire.read().status for _ in range(3)] == [401, 401, 400]
    labels = [entry.exchange.endpoint for entry in default.journal]
    assert labels == ["api.ping", "api.ping", told[0]]
    assert last(default)[:3] == told


def test_header_fields_are_kept_up_to_a_limit(default: MockLivestorm) -> None:
    """A head of many kilobytes does not fill the journal."""
    fields = [(f"X-{number}", "a" * 4_000) for number in range(10)]
    exchange(default.app_url, frame("GET", "/v1/me", [*fields, ("X-Bad", "\0")]))
    kept = default.journal.entries()[0].exchange.request.headers
    assert [name for name, _ in kept] == ["host", "x-0", "x-1", "x-2", "x-3"]


def test_refusal_can_be_waited_for_and_exported(default: MockLivestorm) -> None:
    """It is an exchange to all that reads the journal, and shows no secret in a diagram."""
    exchange(default.app_url, frame("GET", f"/oauth/authorize?state={LONG}&client_id=a"))
    exchange(default.app_url, b"code=s3cr3t\r\n\r\n")
    assert [one.seq for one in default.wait_for_exchanges(status=400)] == [
        entry.seq for entry in default.journal
    ]
    diagram = default.export_mermaid()
    assert "GET /oauth/authorize" in diagram
    assert "the query string is longer than 10240 bytes" in diagram
    assert "s3cr3t" not in diagram
    har = default.export_har()["log"]
    assert isinstance(har, dict)
    assert [one["request"]["method"] for one in har["entries"]] == ["GET", ""]


sent = st.one_of(
    st.binary(min_size=1, max_size=200),
    st.builds(
        lambda verb, target, rest: b"%s %s %s\r\n\r\n" % (verb, target, rest),
        st.sampled_from([b"GET", b"POST", b"BREW", b"get", b"\xff"]),
        st.one_of(st.binary(max_size=60), st.just(b"/oauth/token?code=a&code[b]=c")),
        st.sampled_from([b"HTTP/1.1\r\nHost: [\0", b"HTTP/9", b"", b"HTTP/1.1\nCookie: a=\x01"]),
    ),
)


@settings(max_examples=60)
@given(sent=sent)
def test_whatever_is_refused_can_be_read(server: MockLivestorm, sent: bytes) -> None:
    """No bytes make the journal, its exports or the audit fail.

    Each answer is one exchange, and so is what is not finished at the end.
    """
    server.journal.clear()
    with Wire(server.app_url) as wire:
        wire.send(sent)
        wire.end_sending()
        answered = wire.read_to_end().count(b"HTTP/1.1 ")
    answers = [entry.as_json()["response"] for entry in server.journal]
    unfinished = answers[answered:]
    assert None not in answers[:answered]
    assert unfinished in ([], [None])
    server.export_har()
    assert all(len(line) < 400 for line in server.export_mermaid().splitlines())
    server.audit()


def test_connection_ends_with_the_refusal(default: MockLivestorm) -> None:
    """What follows is not read, and in no journal."""
    with Wire(default.app_url) as wire:
        wire.send(b"garbage\r\n\r\n" + PING)
        assert wire.read().status == 400
        with pytest.raises(ConnectionEnded):
            wire.read()
    assert len(default.journal) == 1
