"""Bad input over real sockets: the engine's answer, never the fake's own failure."""

import json
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from livestorm_mock_server import MockLivestorm

from .failure_log import FailureLog
from .wire import Answer, ConnectionEnded, Wire, exchange, frame

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MEGABYTE = 1_000_000

# More examples, drawn anew each time: LIVESTORM_FUZZ=2000 pytest -k any_
_ASKED = int(os.environ.get("LIVESTORM_FUZZ", "0"))
FUZZ = settings(
    max_examples=_ASKED or 150,
    deadline=None,
    derandomize=not _ASKED,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

OAUTH_PATHS = (
    "/oauth/authorize",
    "/oauth/authorize/native",
    "/oauth/token",
    "/oauth/token/info",
    "/oauth/revoke",
    "/oauth/introspect",
    "/oauth/authorized_applications",
    "/oauth/authorized_applications/1",
    "/oauth/applications",
    "/oauth/applications/new",
    "/oauth/applications/1/edit",
    "/.well-known/oauth-authorization-server",
)
API_PATHS = ("/v1/me", "/v1/ping", "/v1/organization", "/v1/nothing")
CONTROL_PATHS = (
    "/_mock/health",
    "/_mock/clock",
    "/_mock/journal",
    "/_mock/faults",
    "/_mock/faults/fault-1",
    "/_mock/faults/fault-1/release",
    "/_mock/audit",
    "/_mock/authorize",
    "/_mock/tokens",
    "/_mock/tokens/expire",
    "/_mock/tokens/revoke",
    "/_mock/sandboxes",
    "/_mock/sandboxes/nothing",
    "/_mock/nothing",
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "PROPFIND")
NAMES = (
    "client_id",
    "client_secret",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "grant_type",
    "refresh_token",
    "token",
    "token_type_hint",
    "access_token",
    "bearer_token",
    "authenticity_token",
    "username",
    "password",
    "include",
    "format",
    "_method",
    "since",
    "endpoint",
)
VALUES = (
    "example-client-id",
    "example-client-secret",
    "example-public-client-id",
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "password",
    "code",
    "token",
    "S256",
    "fragment",
    "form_post",
    "https://client.example.test/callback",
    "urn:ietf:wg:oauth:2.0:oob",
    "identity:read",
    "identity:read%20events:read",
    "%00",
    "%zz",
    "%",
    "%ff",
    "%C3%A9",
    "+",
    "",
    "delete",
    "json",
    "xml",
    "0",
)
SUFFIXES = ("", "[]", "[a]", "[a][b]", "[][a]", "[", "]", "[]]", "[a", "[][][]")

pieces = st.one_of(
    st.builds(
        lambda name, suffix, value: f"{name}{suffix}={value}".encode(),
        st.sampled_from(NAMES),
        st.sampled_from(SUFFIXES),
        st.sampled_from(VALUES),
    ),
    st.sampled_from(NAMES).map(str.encode),
    st.integers(1, 60).map(lambda depth: b"state" + b"[a]" * depth + b"=1"),
    st.binary(max_size=20),
)
encoded = st.lists(pieces, max_size=8).map(b"&".join)
targets = encoded.map(
    lambda query: bytes(byte for byte in query if byte > 0x20 and byte not in b"#\x7f")
)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
documents = st.dictionaries(
    st.sampled_from(NAMES) | st.text(max_size=5),
    st.recursive(
        st.sampled_from(VALUES) | scalars,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        ),
        max_leaves=8,
    ),
    max_size=6,
).filter(lambda document: "Infinity" not in json.dumps(document))
bodies = st.one_of(
    st.none(),
    encoded,
    documents.map(lambda document: json.dumps(document).encode()),
    st.text().map(str.encode),
    st.binary(max_size=200),
)
content_types = st.one_of(
    st.sampled_from(
        [
            FORM,
            JSON,
            f"{JSON}; charset=utf-8",
            "application/vnd.api+json",
            "multipart/form-data",
            "multipart/form-data; boundary=x",
            "text/plain",
            "a/b; c",
            ";",
            "",
            "\xe9",
        ]
    ),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=20),
)
field_values = st.one_of(
    st.sampled_from(
        [
            "Bearer x",
            "Bearer \xff",
            "Basic !!!",
            "Basic ZXhhbXBsZS1jbGllbnQtaWQ6ZXhhbXBsZS1jbGllbnQtc2VjcmV0",
            "Basic \xe9",
            "a.b.c",
            "e30.e30.e30",
            "application/json",
            "application/vnd.api+json",
            "*/*",
            "text/html;q=0.5, */*;q=x",
            "XMLHttpRequest",
            "DELETE",
            "_session_id=x",
            "http://attacker.example.test",
        ]
    ),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=30),
)
fields = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "Accept",
                "Authorization",
                "Cookie",
                "If-None-Match",
                "Origin",
                "X-CSRF-Token",
                "X-HTTP-Method-Override",
                "X-Request-Id",
                "X-Requested-With",
                "X-Livestorm-Mock-Fault",
            ]
        ),
        field_values,
    ),
    max_size=4,
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A server of its own, without limits."""
    with MockLivestorm(rate_limits=False) as livestorm:
        yield livestorm.app_url


def assert_no_python(answer: Answer) -> None:
    """Check that nothing on the wire tells what the fake is written in."""
    wire = answer.head + answer.body
    words = (b"Traceback", b'File "', b"site-packages", b"Exception", b"<class '", b" object at 0x")
    assert not [word for word in words if word in wire], wire[:500]
    assert answer.body != b"Internal Server Error", "the HTTP server answered for the application"


def assert_answers(url: str, request: bytes, failure_log: FailureLog) -> Answer:
    """Check that a request is answered, without a failure, and that the connection goes on."""
    failure_log.clear()
    with Wire(url) as wire:
        wire.send(request)
        answer = wire.read(to_head=request.startswith(b"HEAD "))
        assert_no_python(answer)
        assert not failure_log.failures()
        if not answer.ends_connection:
            wire.send(frame("GET", "/v1/ping"))
            assert wire.read().status == 401
    return answer


def assert_survives(url: str, data: bytes, failure_log: FailureLog) -> None:
    """Check that bytes that are no request are refused, and that the server goes on."""
    failure_log.clear()
    with Wire(url) as wire:
        wire.send(data)
        wire.end_sending()
        left = wire.read_to_end()
    assert b"Traceback" not in left
    assert not left.endswith(b"Internal Server Error"), "the HTTP server answered for itself"
    assert not failure_log.failures()
    assert exchange(url, frame("GET", "/v1/ping")).status == 401


@FUZZ
@given(
    method=st.sampled_from(METHODS),
    path=st.sampled_from(OAUTH_PATHS + API_PATHS),
    query=targets,
    headers=fields,
    content_type=content_types,
    body=bodies,
)
def test_provider_with_any_request_answers(
    url: str,
    failure_log: FailureLog,
    method: str,
    path: str,
    query: bytes,
    headers: list[tuple[str, str]],
    content_type: str,
    body: bytes | None,
) -> None:
    """No request makes the provider fail, and the connection stays usable."""
    target = path.encode() + (b"?" + query if query else b"")
    request = frame(method, target, [*headers, ("Content-Type", content_type)], body)
    assert_answers(url, request, failure_log)


@FUZZ
@given(
    method=st.sampled_from(METHODS),
    path=st.sampled_from(CONTROL_PATHS),
    query=targets,
    headers=fields,
    body=bodies,
)
def test_control_api_with_any_request_answers(
    url: str,
    failure_log: FailureLog,
    method: str,
    path: str,
    query: bytes,
    headers: list[tuple[str, str]],
    body: bytes | None,
) -> None:
    """No request makes the control API fail, and the connection stays usable."""
    target = path.encode() + (b"?" + query if query else b"")
    assert_answers(url, frame(method, target, headers, body), failure_log)


@FUZZ
@given(
    grant_type=st.sampled_from(["authorization_code", "refresh_token", "password", "x"]),
    document=documents,
)
def test_token_endpoint_with_any_json_answers(
    url: str, failure_log: FailureLog, grant_type: str, document: dict[str, object]
) -> None:
    """JSON members of any type are refused, or are one of the engine's own 500s."""
    body = json.dumps(document | {"grant_type": grant_type}).encode()
    request = frame("POST", "/oauth/token", [("Content-Type", JSON)], body)
    assert assert_answers(url, request, failure_log).status in (400, 401, 500)


@FUZZ
@given(
    path=st.text(st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters="?#\x7f"))
)
@example("")
@example("/" * 2000)
@example("/oauth/token/../token")
@example("/oauth/%74oken")
@example("/s/")
@example("/s/x/oauth/token")
@example("/_mock")
@example("/_mock/%ff")
def test_any_path_is_answered(url: str, failure_log: FailureLog, path: str) -> None:
    """A path of any bytes is answered."""
    assert_answers(url, frame("GET", f"/{path}".encode("latin-1")), failure_log)


@FUZZ
@given(data=st.binary(max_size=300))
@example(b"\r\n\r\n")
@example(b"GET\r\n\r\n")
@example(b"GET / HTTP/9.9\r\n\r\n")
@example(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
@example(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
@example(b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n")
@example(b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx")
@example(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
@example(b"GET / HTTP/1.1\r\nno colon\r\n\r\n")
@example(b"CONNECT example.test:443 HTTP/1.1\r\nHost: example.test:443\r\n\r\n")
@example(b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")
@example(b"GET http://[ HTTP/1.1\r\nHost: [\r\n\r\n")
def test_garbage_on_the_connection_is_survived(
    url: str, failure_log: FailureLog, data: bytes
) -> None:
    """What is no HTTP is refused or dropped, and the next connection is served."""
    assert_survives(url, data, failure_log)


@pytest.mark.parametrize(
    "target",
    [
        "/oauth/token?state=" + "a" * 20_000,
        "/" + "a" * 20_000,
        "/oauth/authorize?" + "a&" * 8_000,
    ],
)
def test_target_beyond_the_limit_is_refused(url: str, failure_log: FailureLog, target: str) -> None:
    """A request target that is too long is a 400, as Puma's."""
    failure_log.clear()
    assert exchange(url, frame("GET", target)).status == 400
    assert not failure_log.failures()


@pytest.mark.parametrize("name", ["Authorization", "Accept", "Cookie", "X-Request-Id", "X-Foo"])
def test_header_of_80_kilobytes_is_answered(url: str, failure_log: FailureLog, name: str) -> None:
    """A huge header field is read like any other."""
    assert_answers(url, frame("GET", "/v1/me", [(name, "a" * 80_000)]), failure_log)


def test_header_beyond_the_limit_is_refused(url: str, failure_log: FailureLog) -> None:
    """A header field that is too long is a 400, as Puma's."""
    assert_survives(url, frame("GET", "/v1/me", [("X-Foo", "a" * 90_000)]), failure_log)


def test_thousand_headers_are_answered(url: str, failure_log: FailureLog) -> None:
    """Many header fields are no failure."""
    many = [(f"X-Number-{number}", "x") for number in range(1000)]
    assert_answers(url, frame("GET", "/v1/ping", many), failure_log)


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke", "/oauth/introspect"])
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, b"grant_type=" + b"a" * MEGABYTE),
        (FORM, b"grant_type=refresh_token&refresh_token=" + b"%00" * (MEGABYTE // 3)),
        (FORM, b"a" * MEGABYTE + b"=1"),
        (FORM, b"[" * MEGABYTE),
        (FORM, b"a[" * (MEGABYTE // 2)),
        (FORM, b"a" + b"[]" * (MEGABYTE // 2) + b"=1"),
        (FORM, b"%" * MEGABYTE),
        (JSON, json.dumps({"grant_type": "a" * MEGABYTE}).encode()),
        (JSON, b"[" * MEGABYTE),
        (JSON, b"9" * MEGABYTE),
        (JSON, b" " * MEGABYTE),
        ("text/plain", b"a" * MEGABYTE),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"a" * MEGABYTE),
    ],
)
def test_body_of_a_megabyte_is_answered(
    url: str, failure_log: FailureLog, path: str, content_type: str, body: bytes
) -> None:
    """A megabyte in one parameter, name or value is answered within the timeout."""
    request = frame("POST", path, [("Content-Type", content_type)], body)
    answer = assert_answers(url, request, failure_log)
    assert answer.status in (200, 400, 403, 500)


def test_chunked_body_is_read(url: str, failure_log: FailureLog) -> None:
    """A body in chunks is a body."""
    headers = [("Transfer-Encoding", "chunked"), ("Content-Type", FORM)]
    request = frame("POST", "/oauth/token", headers) + b"8\r\ngrant_ty\r\n6\r\npe=foo\r\n0\r\n\r\n"
    answer = assert_answers(url, request, failure_log)
    assert answer.json()["error"] == "unsupported_grant_type"


def test_body_in_single_bytes_is_read(url: str) -> None:
    """A request that arrives byte by byte is one request."""
    request = frame("POST", "/oauth/token", [("Content-Type", FORM)], b"grant_type=foo")
    with Wire(url) as wire:
        wire.send_bytewise(request)
        assert wire.read().json()["error"] == "unsupported_grant_type"


def test_pipelined_requests_are_answered_in_order(url: str) -> None:
    """Requests in one segment are answered one by one."""
    paths = ["/v1/ping", "/nothing", "/oauth/authorize"]
    with Wire(url) as wire:
        wire.send(b"".join(frame("GET", path) for path in paths))
        assert [wire.read().status for _ in paths] == [401, 404, 400]


def test_control_bytes_in_a_header_are_refused(url: str, failure_log: FailureLog) -> None:
    """A NUL in a header is no request."""
    assert_survives(url, frame("GET", "/v1/ping", [("X-Foo", "a\0b")]), failure_log)


@pytest.mark.parametrize("verb", ["BREW", "VERSION-CONTROL", "get", "$"])
def test_verb_that_the_parser_does_not_know_is_answered(
    url: str, failure_log: FailureLog, verb: str
) -> None:
    """A verb that no parser knows is Rails' 404 or 405, or Puma's 400."""
    failure_log.clear()
    assert exchange(url, frame(verb, "/v1/ping")).status in (400, 404, 405)
    assert not failure_log.failures()


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff", b'{"a":1,}', b"\xef\xbb\xbf{}", b'{"a":"\xff"}', b"NaN", b'{"a":"\\ud800"}'],
)
def test_malformed_json_is_an_empty_400(url: str, failure_log: FailureLog, body: bytes) -> None:
    """JSON that Rails can't parse is a 400 with nothing in it."""
    request = frame("POST", "/oauth/token", [("Content-Type", JSON)], body)
    answer = assert_answers(url, request, failure_log)
    assert (answer.status, answer.body) == (400, b"")


@pytest.mark.parametrize("query", ["state=%zz", "state=%ff", "state=a&state[b]=c", "%=1"])
def test_query_that_rack_refuses_is_an_empty_400(
    url: str, failure_log: FailureLog, query: str
) -> None:
    """Percent-encoding, UTF-8 or nesting that Rack can't parse is a 400 with nothing in it."""
    answer = assert_answers(url, frame("GET", f"/oauth/authorize?{query}"), failure_log)
    assert (answer.status, answer.body) == (400, b"")


@pytest.mark.parametrize(("verb", "path"), [("GET", "/nothing"), ("BREW", "/oauth/token")])
def test_nesting_beyond_the_limit_on_an_unknown_route_is_answered(
    url: str, failure_log: FailureLog, verb: str, path: str
) -> None:
    """Parameters nested too deeply are answered by Rails' last resort, on every route."""
    request = frame(verb, f"{path}?a{'[a]' * 120}=1")
    assert assert_answers(url, request, failure_log).status in (404, 405, 500)


MULTIPART = "multipart/form-data; boundary=x"
DISPOSITIONS = (
    b"",
    b"Content-Disposition: form-data\r\n",
    b"Content-Disposition: form-data; name\r\n",
    b"Content-Disposition: attachment; name=state\r\n",
    b'Content-Disposition: form-data; name="state"\r\n',
    b'Content-Disposition: form-data; name="a[b]"; filename="f"\r\n',
    b'Content-Disposition: form-data; name="\xff"\r\n',
    b'Content-Disposition: form-data; name="a\r\n',
)
ENCODINGS = (
    b"",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Content-Transfer-Encoding: x\r\n",
)
parts = st.builds(
    lambda disposition, encoding, content: (
        b"--x\r\n%s%s\r\n%s\r\n" % (disposition, encoding, content)
    ),
    st.sampled_from(DISPOSITIONS),
    st.sampled_from(ENCODINGS),
    st.binary(max_size=20),
)


@FUZZ
@given(body=st.lists(parts, max_size=4).map(lambda found: b"".join(found) + b"--x--\r\n"))
def test_multipart_with_any_parts_is_answered(
    url: str, failure_log: FailureLog, body: bytes
) -> None:
    """Parts without a name, or with odd encodings, are no failure."""
    request = frame("POST", "/oauth/token", [("Content-Type", MULTIPART)], body)
    assert_answers(url, request, failure_log)


def test_multipart_with_a_long_boundary_is_answered(url: str, failure_log: FailureLog) -> None:
    """A boundary longer than the parser takes is no failure."""
    boundary = b"b" * 300
    body = b"--%b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--%b--" % (
        boundary,
        boundary,
    )
    content_type = b"multipart/form-data; boundary=" + boundary
    request = frame("POST", "/oauth/token", [("Content-Type", content_type)], body)
    assert_answers(url, request, failure_log)


def test_redirect_uri_with_a_huge_port_is_refused(url: str, failure_log: FailureLog) -> None:
    """A port of thousands of digits is an invalid redirect URI."""
    uri = "http://127.0.0.1:" + "9" * 5000
    target = f"/oauth/authorize?client_id=example-client-id&response_type=code&redirect_uri={uri}"
    assert assert_answers(url, frame("GET", target), failure_log).status == 400


def test_number_beyond_floats_is_echoed_as_json(url: str, failure_log: FailureLog) -> None:
    """The state of an error is JSON, whatever number was sent."""
    request = frame("POST", "/oauth/token", [("Content-Type", JSON)], b'{"state":1e999}')
    assert assert_answers(url, request, failure_log).json()["error"] == "invalid_request"


def test_number_beyond_floats_leaves_the_journal_readable(
    url: str, failure_log: FailureLog
) -> None:
    """An exchange with a number beyond floats can be read in the journal."""
    exchange(url, frame("DELETE", "/_mock/journal"))
    exchange(url, frame("POST", "/oauth/token", [("Content-Type", JSON)], b'{"x":1e999}'))
    try:
        assert_answers(url, frame("GET", "/_mock/journal"), failure_log).json()
    finally:
        exchange(url, frame("DELETE", "/_mock/journal"))


def test_request_that_is_cut_has_no_effect() -> None:
    """A request whose client left before its end is never executed."""
    with MockLivestorm() as livestorm:
        tokens = livestorm.issue_tokens()
        body = (
            f"grant_type=refresh_token&refresh_token={tokens['refresh_token']}"
            f"&client_id={livestorm.client_id}&client_secret={livestorm.client_secret}"
        ).encode()
        length = str(len(body) + 20)
        headers = [("Content-Type", FORM), ("Content-Length", length), ("Accept", "*/*")]
        with Wire(livestorm.app_url) as wire:
            wire.send(frame("POST", "/oauth/token", headers) + body)
            wire.end_sending()
            wire.read_to_end()
        exchange(livestorm.app_url, frame("GET", "/v1/ping"))
        cut, ping = livestorm.journal
        assert (cut.exchange.endpoint, cut.response, cut.exchange.tokens) == ("token", None, [])
        assert ping.exchange.endpoint == "api.ping"
        assert livestorm.audit() == []


def test_request_behind_an_unknown_verb_keeps_its_own(url: str) -> None:
    """A pipelined request is read with its own verb."""
    with Wire(url) as wire:
        wire.send(frame("BREW", "/v1/ping") + frame("GET", "/v1/ping"))
        assert [wire.read().status for _ in range(2)] == [405, 401]


@pytest.mark.parametrize(
    ("verb", "target", "status"), [("BREW", b"/v1/ping", 405), ("GET", b"/v1/\xe9", 404)]
)
def test_answer_does_not_depend_on_segments(
    url: str, verb: str, target: bytes, status: int
) -> None:
    """A request that comes in pieces is answered like one that comes at once."""
    with Wire(url) as wire:
        wire.send(frame(verb, target))
        assert wire.read().status == status
    with Wire(url) as wire:
        request = frame(verb, target)
        wire.send(request[:1])
        exchange(url, frame("GET", "/nothing"))
        wire.send(request[1:])
        assert wire.read().status == status


@pytest.mark.parametrize("refused", [frame("brew", "/v1/ping"), b"garbage\r\n\r\n"])
def test_request_before_one_that_is_refused_is_answered(
    url: str, failures: FailureLog, refused: bytes
) -> None:
    """What follows in the segment never takes an answer away, and is refused in its turn."""
    with Wire(url) as wire:
        wire.send(frame("GET", "/v1/ping") * 2 + refused)
        assert [wire.read().status for _ in range(3)] == [401, 401, 400]
        with pytest.raises(ConnectionEnded):
            wire.read()
    assert not failures.failures()


def test_body_that_breaks_its_framing_is_refused(url: str, failures: FailureLog) -> None:
    """A chunk without a size is a 400 at once, and the request has no other answer."""
    with Wire(url) as wire:
        wire.send(frame("POST", "/oauth/token", [("Transfer-Encoding", "chunked")]) + b"?\r\n")
        assert wire.read().status == 400
        with pytest.raises(ConnectionEnded):
            wire.read()
    assert not failures.failures()


def test_body_that_breaks_its_framing_ends_a_stream(url: str, failures: FailureLog) -> None:
    """No other answer comes into the one that is being sent."""
    chunked = [("Transfer-Encoding", "chunked")]
    with Wire(url) as wire:
        wire.send(frame("GET", "/_mock/journal/stream", chunked))
        seen = b""
        while b"\n\n" not in seen:  # the end of the first comment
            seen += wire.receive()
        wire.send(b"?\r\n")
        assert b"HTTP/1.1" not in wire.read_to_end()
    assert not failures.failures()


@pytest.mark.parametrize(("target", "status"), [("/s/nothing/x", 404), ("/_mock/clock", 403)])
def test_body_that_breaks_its_framing_has_one_answer(
    url: str, failures: FailureLog, target: str, status: int
) -> None:
    """Where it breaks behind the answer, the connection ends, and that is all."""
    with Wire(url) as wire:
        wire.send(
            b"POST %s HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n"
            % target.encode()
        )
        assert wire.read().status == status
        wire.send(b"?\r\n")
        assert wire.read_to_end() == b""
    assert not failures.failures()


def test_control_request_that_is_cut_is_no_failure(url: str, failures: FailureLog) -> None:
    """A client that leaves before the end of a body has asked for nothing."""
    with Wire(url) as wire:
        wire.send(frame("POST", "/_mock/faults", [("Content-Length", "9")]) + b"{")
        wire.end_sending()
        wire.read_to_end()
    assert exchange(url, frame("GET", "/_mock/faults")).json() == {"faults": []}
    assert not failures.failures()


def test_header_that_looks_like_a_request_line_is_left_alone() -> None:
    """A header's value is kept as it is, wherever a segment ends."""
    with MockLivestorm() as livestorm, Wire(livestorm.app_url) as wire:
        wire.send(b"GET /v1/ping HTTP/1.1\r\nHost: x\r\nX-Foo: ")
        exchange(livestorm.app_url, frame("GET", "/nothing"))
        wire.send(b"BREW /x HTTP/1.1\r\n\r\n")
        assert wire.read().status == 401
        assert (
            livestorm.journal.entries()[-1].exchange.request.header("x-foo") == "BREW /x HTTP/1.1"
        )


UPGRADE = [
    ("Connection", "Upgrade, HTTP2-Settings"),
    ("Upgrade", "h2c"),
    ("HTTP2-Settings", "AAMAAABkAARAAAAAAAIAAAAA"),
]


def test_offer_of_http_2_with_a_body_is_ignored(url: str, failure_log: FailureLog) -> None:
    """What Java's HTTP client sends by default is answered over HTTP/1.1."""
    headers = [*UPGRADE, ("Content-Type", FORM)]
    request = frame("POST", "/oauth/token", headers, b"grant_type=foo")
    answer = assert_answers(url, request, failure_log)
    assert answer.json()["error"] == "unsupported_grant_type"


def test_offer_of_http_2_leaves_the_connection_usable(url: str, failure_log: FailureLog) -> None:
    """The request after an offer of HTTP/2 is answered."""
    assert assert_answers(url, frame("GET", "/v1/ping", UPGRADE), failure_log).status == 401


def test_offer_of_http_2_in_segments_is_ignored(url: str) -> None:
    """An offer is not taken either where a segment ends within the head."""
    request = frame("GET", "/v1/ping", UPGRADE)
    with Wire(url, timeout=5) as wire:
        wire.send(request[:20])
        exchange(url, frame("GET", "/nothing"))
        wire.send(request[20:] + frame("GET", "/v1/ping"))
        assert [wire.read().status for _ in range(2)] == [401, 401]


def test_request_pipelined_behind_an_offer_of_http_2_is_answered(url: str) -> None:
    """An Upgrade that is not taken does not end the reading of requests."""
    with Wire(url, timeout=2) as wire:
        wire.send(frame("GET", "/v1/ping", UPGRADE) + frame("GET", "/v1/ping"))
        assert [wire.read().status for _ in range(2)] == [401, 401]


def test_request_id_keeps_ascii_only(url: str) -> None:
    """Of a client's X-Request-Id, what is no ASCII word character is dropped."""
    answer = exchange(url, frame("GET", "/v1/ping", [("X-Request-Id", "a\xe9b-1@")]))
    assert answer.header("x-request-id") == "ab-1@"


def test_body_of_a_refused_request_does_not_spill(url: str) -> None:
    """The body of a request to no sandbox is not read as the next request."""
    with Wire(url) as wire:
        wire.send(frame("POST", "/s/nothing/oauth/token", (), b"GET /v1/ping HTTP/1.1\r\n\r\n"))
        assert wire.read().status == 404
        wire.send(frame("GET", "/v1/ping"))
        assert wire.read().status == 401


def test_client_that_leaves_early_is_no_failure(url: str, failure_log: FailureLog) -> None:
    """A client that sends and leaves disturbs nobody."""
    failure_log.clear()
    with Wire(url) as wire:
        wire.send(frame("GET", "/oauth/authorize"))
    assert exchange(url, frame("GET", "/v1/ping")).status == 401
    assert not failure_log.failures()


def test_connection_refused_ends(url: str) -> None:
    """After a request that is none, the server closes."""
    with Wire(url) as wire:
        wire.send(b"garbage\r\n\r\n")
        assert wire.read().status == 400
        with pytest.raises(ConnectionEnded):
            wire.read()
