"""The replayer agrees with the recorded answers and notices every kind of deviation."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from .exclusions import Exclusion, judge
from .fake import run_fake
from .placeholders import Placeholders
from .recordings import Answer, Case, Exchange, Form, Page, Request
from .replayer import Verdict, replay_case
from .servers import RealTimeServer
from .wire import exchange, frame_request, parse_answer

HEADERS = ("Location", "Content-Type", "Cache-Control", "ETag", "WWW-Authenticate")
CODE = "c" * 43
FIRST_TOKEN = "a" * 43
SECOND_TOKEN = "b" * 43

REDIRECT = (
    b"HTTP/1.1 302 Found\r\nLocation: https://client.example.test/callback?code="
    + CODE.encode()
    + b"&state=s\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-cache\r\n\r\n"
)
TOKENS = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
    b'Cache-Control: no-store\r\nETag: W/"0123456789abcdef0123456789abcdef"\r\n\r\n'
    b'{"access_token":"' + FIRST_TOKEN.encode() + b'","expires_in":7200,"scope":"a b"}'
)
PAGE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><head>"
    b'<title>T</title><meta name="csrf-token" content="t0"></head><body><h1>Head</h1>'
    b'<pre>Why &amp; how</pre><form method="post" action="/go">'
    b'<input type="hidden" name="authenticity_token" value="t1">'
    b'<input type="hidden" name="state" value=""></form></body></html>'
)

CASE = Case(
    name="example",
    exchanges=(
        Exchange(
            request=Request(method="GET", target="/oauth/authorize?redirect_uri=<REDIRECT_URI>"),
            answers={
                "5.5": Answer(
                    status=302,
                    headers=(
                        ("Location", "<REDIRECT_URI>?code=<CODE_1>&state=s"),
                        ("Content-Type", "text/html; charset=utf-8"),
                        ("Cache-Control", "no-cache"),
                    ),
                    body="",
                )
            },
        ),
        Exchange(
            label="exchange",
            request=Request(method="POST", target="/oauth/token", body="code=<CODE_1>"),
            answers={
                "5.5": Answer(
                    status=200,
                    headers=(
                        ("Cache-Control", "no-store"),
                        ("Content-Type", "application/json; charset=utf-8"),
                        ("ETag", "W/<ETAG>"),
                    ),
                    body='{"access_token":"<ACCESS_TOKEN_1>","expires_in":7200,"scope":"a b"}',
                )
            },
        ),
        Exchange(
            label="page",
            request=Request(method="GET", target="/page"),
            answers={
                "5.5": Answer(
                    status=200,
                    headers=(("Content-Type", "text/html; charset=utf-8"),),
                    html=Page(
                        title="T",
                        headings=("Head",),
                        pre=("Why & how",),
                        text=("Head", "Why & how"),
                        meta=("csrf-token",),
                        forms=(
                            Form(
                                method="post",
                                action="/go",
                                fields=(
                                    ("hidden", "authenticity_token", "<CSRF>"),
                                    ("hidden", "state", ""),
                                ),
                            ),
                        ),
                    ),
                )
            },
        ),
    ),
)


@contextmanager
def serve(*answers: bytes) -> Iterator[RealTimeServer]:
    """Answer one connection after the other with the given bytes, whatever is asked."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=_answer_in_turn, args=(listener, answers), daemon=True)
        thread.start()
        yield RealTimeServer(f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread.join(timeout=10)


def _answer_in_turn(listener: socket.socket, answers: tuple[bytes, ...]) -> None:
    for answer in answers:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)


def replay_against(*answers: bytes) -> Verdict:
    """Replay the example case against the given answers."""
    with serve(*answers) as server:
        return replay_case(CASE, "5.5", server, HEADERS)


def assert_only_finding(verdict: Verdict, what: str) -> None:
    """Assert that exactly one aspect differs."""
    assert [finding.difference.what for finding in verdict.findings] == [what]


def test_recorded_answers_agree() -> None:
    """Answers that are as recorded give no finding."""
    assert replay_against(REDIRECT, TOKENS, PAGE).findings == ()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b"302 Found", b"303 See Other", "status"),
        (b"no-cache", b"no-store", "Cache-Control"),
        (b"Cache-Control: no-cache\r\n", b"", "Cache-Control"),
        (b"\r\n\r\n", b"\r\nCache-Control: no-cache\r\n\r\n", "Cache-Control"),
        (b"\r\n\r\n", b"\r\nWWW-Authenticate: Bearer\r\n\r\n", "WWW-Authenticate"),
        (b"&state=s", b"", "Location"),
        (b"code=c", b"code=", "Location"),
        (b"\r\n\r\n", b"\r\n\r\nbody", "body"),
    ],
)
def test_changed_redirect_is_noticed(old: bytes, new: bytes, what: str) -> None:
    """A redirect that deviates in one place gives a finding about that place."""
    assert_only_finding(replay_against(REDIRECT.replace(old, new, 1), TOKENS, PAGE), what)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b"7200", b"7201", "$.expires_in"),
        (b"7200", b'"7200"', "$.expires_in"),
        (b"7200", b"7200.0", "$.expires_in"),
        (b'"expires_in":7200,"scope":"a b"', b'"scope":"a b","expires_in":7200', "keys of $"),
        (b',"scope":"a b"', b"", "keys of $"),
        (b"}", b',"state":null}', "keys of $"),
        (b'"a b"', b'"b a"', "$.scope"),
        (b'"a b"', b'["a","b"]', "$.scope"),
        (b'":"a b"', b'": "a b"', "spelling of the JSON"),
        (b"aaaa", b"", "$.access_token"),
        (b'ETag: W/"0123456789abcdef0123456789abcdef"\r\n', b"", "ETag"),
        (b'W/"', b'"', "ETag"),
    ],
)
def test_changed_json_is_noticed(old: bytes, new: bytes, what: str) -> None:
    """A JSON answer that deviates in one place gives a finding about that place."""
    assert_only_finding(replay_against(REDIRECT, TOKENS.replace(old, new, 1), PAGE), what)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b"<title>T", b"<title>U", "page title"),
        (b'<meta name="csrf-token" content="t0">', b"", "page meta"),
        (b'action="/go"', b'action="/stay"', "form 1 action"),
        (b'method="post"', b'method="get"', "form 1 method"),
        (b'name="state"', b'name="nonce"', "form 1 fields"),
        (b'value="t1"', b'value=""', "form 1 fields"),
        (b'<input type="hidden" name="state" value="">', b"", "form 1 fields"),
        (b"</form>", b"</form><form></form>", "number of forms"),
        (b"<pre>Why &amp; how</pre>", b"<p>Why &amp; how</p>", "page pre"),
        (b"</body>", b"<p>More</p></body>", "page text"),
    ],
)
def test_changed_page_is_noticed(old: bytes, new: bytes, what: str) -> None:
    """A page that deviates in one place gives a finding about that place."""
    assert_only_finding(replay_against(REDIRECT, TOKENS, PAGE.replace(old, new, 1)), what)


def test_page_instead_of_json_is_noticed() -> None:
    """Another kind of body gives a finding."""
    verdict = replay_against(REDIRECT, PAGE, PAGE)
    assert "body" in [finding.difference.what for finding in verdict.findings]


def test_lost_connection_is_noticed() -> None:
    """A connection that closes without an answer is a finding, not a crash."""
    assert_only_finding(replay_against(REDIRECT, b"", PAGE), "answer")


def test_token_given_twice_is_noticed() -> None:
    """A second token that should be new but isn't gives a finding."""
    placeholders = Placeholders("http://127.0.0.1:1")
    for token in (FIRST_TOKEN, FIRST_TOKEN, SECOND_TOKEN):
        placeholders.learn(parse_answer(TOKENS.replace(FIRST_TOKEN.encode(), token.encode())))
    assert placeholders.transcribe(FIRST_TOKEN, 0) == "<ACCESS_TOKEN_1>"
    assert placeholders.transcribe(SECOND_TOKEN, 0) == "<ACCESS_TOKEN_2>"


def test_old_time_is_noticed() -> None:
    """A time that is not now stays as it is, and so differs from `<NOW>`."""
    placeholders = Placeholders("http://127.0.0.1:1")
    text = '{"created_at":1700000000}'
    assert placeholders.transcribe(text, 1700000005) == '{"created_at":<NOW>}'
    assert placeholders.transcribe(text, 1700000500) == text


def test_expiry_is_counted_from_issuance() -> None:
    """`exp` is transcribed by its distance from `iat`."""
    placeholders = Placeholders("http://127.0.0.1:1")
    text = '{"exp":1700007200,"iat":1700000000}'
    assert placeholders.transcribe(text, 1700000000) == '{"exp":<NOW+7200>,"iat":<NOW>}'


def test_values_go_back_into_requests() -> None:
    """Placeholders in a request become the values that the answers before brought."""
    placeholders = Placeholders("http://127.0.0.1:1")
    placeholders.learn(parse_answer(REDIRECT))
    placeholders.learn(parse_answer(PAGE))
    body = "code=<CODE_1|upper>&csrf=<CSRF|1>&to=<REDIRECT_URI>&x=<REPEAT|x|3>"
    request = Request(method="POST", target="/?c=<CLIENT_ID>", body=body)
    assert placeholders.fill_target(request) == "/?c=conf-client-id"
    assert placeholders.fill_body(request) == (
        b"code=" + CODE.upper().encode() + b"&csrf=t1"
        b"&to=https%3A%2F%2Fclient.example.test%2Fcallback&x=xxx"
    )
    assert placeholders.fill_header("Basic b64(<CLIENT_ID>:)") == "Basic Y29uZi1jbGllbnQtaWQ6"


def test_request_is_framed_as_recorded() -> None:
    """Doubled headers and bytes beyond ASCII go out as they stand."""
    framed = frame_request(
        "http://127.0.0.1:1", "GET", "/", (("A", "h\u00e9"), ("A", "2")), b"\xff"
    )
    assert framed == (
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1:1\r\nA: h\xe9\r\nA: 2\r\n"
        b"Content-Length: 1\r\nConnection: close\r\n\r\n\xff"
    )


def test_chunks_are_joined() -> None:
    """A chunked answer has the same body as one with a length."""
    received = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n"
    )
    assert parse_answer(received).body == b"abcd"


def test_excluded_case_that_agrees_is_stale() -> None:
    """An exclusion fails the run once its case agrees."""
    verdict = Verdict(case=CASE, findings=())
    exclusion = Exclusion(case="example", releases=("5.5",), reason="none")
    assert judge([verdict], "5.5", (exclusion,)).stale == (verdict,)
    assert judge([verdict], "5.8", (exclusion,)).agreeing == (verdict,)


def test_excluded_case_that_differs_is_excluded() -> None:
    """An exclusion covers differences in its releases only."""
    verdict = replay_against(REDIRECT.replace(b"302", b"303"), TOKENS, PAGE)
    exclusion = Exclusion(case="example", releases=("5.5",), reason="none")
    assert judge([verdict], "5.5", (exclusion,)).excluded == (verdict,)
    assert judge([verdict], "5.8", (exclusion,)).differing == (verdict,)


def test_time_passes_at_the_fake_only_by_waiting() -> None:
    """A slow replay shows nowhere, not even in what is left of a reused token's lifetime."""
    with run_fake("reuse", "5.5") as server:
        before = server.now()
        server.wait(3)
        request = frame_request(server.base, "GET", "/_mock/clock", (), None)
        clock = json.loads(exchange(server.base, request).body)
    assert clock == {"now": before + 3, "frozen": True}
