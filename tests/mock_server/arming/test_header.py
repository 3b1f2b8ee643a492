"""A request that asks for a fault itself."""

from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.arming.kinds import KINDS
from livestorm_mock_server.faults.fault import CHOOSING

from ..failure_log import FailureLog
from ..requests import HEADER, OF_REQUESTS, Ping, last_fault
from ..wire import Wire, frame

pytestmark = pytest.mark.livestorm(rate_limits=False)


def test_request_asks_for_its_own_fault(livestorm: LivestormSandbox, send: Ping) -> None:
    """The header gives the kind and its parameters; the journal tells where it came from."""
    answer = send("api.ping", (HEADER, "rate_limited; retry_after=2"))
    assert (answer.status, answer.header("retry-after")) == (429, "2")
    assert last_fault(livestorm) == {
        "id": "request-header",
        "fault": "rate_limited",
        "phase": "before",
    }


def test_own_fault_is_asked_for_by_its_exact_name(send: Ping) -> None:
    """Written with underscores it passes no guard that looks for it, and arms nothing."""
    assert send("api.ping", (HEADER.replace("-", "_"), "api_error; status=503")).status == 200


def test_own_fault_does_not_outlive_its_request(livestorm: LivestormSandbox, send: Ping) -> None:
    """The next request is answered as usual, and nothing is armed."""
    send("api.ping", (HEADER, "api_error; status=503"))
    assert send().status == 200
    assert livestorm.faults.armed() == []


def test_own_fault_may_come_after_the_effect(livestorm: LivestormSandbox, send: Ping) -> None:
    """`phase=after` works from the header, too."""
    answer = send("revoke", (HEADER, 'html_page; status=502; phase="after"'))
    assert (answer.status, send("api.ping").status) == (502, 401)


@pytest.mark.parametrize("value", ["huge_body; megabytes=10000", "api_error; status=99"])
def test_nothing_is_said_of_quotes_in_a_header(send: Ping, value: str) -> None:
    """There all values are texts, with quotes and without."""
    answer = send("api.ping", (HEADER, value))
    assert answer.status == 400
    assert b"expected an integer" in answer.body
    assert b"quotes" not in answer.body


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("rate_limted", [b"fault is 'rate_limted'", b"did you mean 'rate_limited'?"]),
        ("rate_limited; retry_afer=2", [b"unknown key", b"retry_afer", b"'retry_after'"]),
        ("api_error; status=x", [b"status is 'x'", b"expected an integer"]),
        ("api_error", [b"status is missing"]),
        ("", [b"fault is ''"]),
        (";;;", [b"fault is ''"]),
        ("delay; seconds=nan", [b"seconds is"]),
        ("expired_token; phase=after", [b"phase is 'after'", b"expected one of: before"]),
    ],
)
def test_wrong_fault_of_a_request_is_refused(
    livestorm: LivestormSandbox, send: Ping, value: str, words: list[bytes]
) -> None:
    """A fault that can't be is a 400 that names the header, the key and the near miss."""
    answer = send("api.ping", (HEADER, value))
    assert answer.status == 400
    assert answer.body.startswith(
        (b"X-Livestorm-Mock-Fault", b"unknown key X-Livestorm-Mock-Fault")
    )
    assert all(word in answer.body for word in words), answer.body


@pytest.mark.parametrize("kind", OF_REQUESTS)
def test_keys_that_a_header_may_have_are_told(send: Ping, kind: str) -> None:
    """Of a key that there is not, the nearest is told, or all, and each is one that is taken."""
    answer = send("api.ping", (HEADER, f"{kind}; quite_unlike=1"))
    told = answer.body.decode().partition("expected one of: ")[2].strip().split(", ")
    assert {"phase", "delay"} <= set(told)
    assert not {*CHOOSING, "headers", "set", "steps", "scope"} & set(told)
    for name in told:
        refused = send("api.ping", (HEADER, f"{kind}; {name}=~")).body.decode()
        assert "unknown key" not in refused
        assert "expected a list" not in refused
        assert "expected a table" not in refused


def test_nearest_key_of_a_header_is_told(send: Ping) -> None:
    """A slip of the pen has no list of keys that the header refuses."""
    answer = send("api.ping", (HEADER, "rate_limited; retry_afterr=1"))
    assert answer.body.decode() == (
        "unknown key X-Livestorm-Mock-Fault: retry_afterr; expected one of: seed, phase, delay,"
        " retry_after, retry_after_form, shape (did you mean 'retry_after'?)\n"
    )


def test_refused_fault_of_a_request_has_no_effect(livestorm: LivestormSandbox, send: Ping) -> None:
    """Where the header is wrong, the request is not executed."""
    send("revoke", (HEADER, "nonsense"))
    assert send("api.ping").status == 200


@pytest.mark.parametrize("path", ["/oauth/authorize/native", "/oauth/authorized_applications"])
def test_request_to_any_endpoint_may_ask_for_a_fault(
    livestorm: LivestormSandbox, http: httpx.Client, path: str
) -> None:
    """The header says nothing of the label; it is that of the route."""
    answer = http.get(f"{livestorm.app_url}{path}", headers={HEADER: "html_page; status=503"})
    assert answer.status_code == 503


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    value=st.one_of(
        st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=40),
        st.builds(
            "{}; {}={}".format,
            st.sampled_from(sorted(set(KINDS) - {"hang", "drip", "delay", "barrier"})),
            st.sampled_from(["status", "times", "when", "phase", "steps", "variant", "to", "on"]),
            st.sampled_from(["1", "x", "", "after", "{}", "[]", "520", "null", "true"]),
        ),
    )
)
def test_any_fault_header_is_obeyed_or_refused(
    livestorm_server: MockLivestorm, failure_log: FailureLog, value: str
) -> None:
    """No header makes the fake fail."""
    failure_log.clear()
    with livestorm_server.sandbox() as sandbox, Wire(sandbox.app_url) as wire:
        path = urlsplit(f"{sandbox.api_url}/ping").path
        wire.send(frame("GET", path, [(HEADER, value), ("Connection", "close")]))
        try:
            assert b"Traceback" not in wire.read_to_end()
        except ConnectionResetError:
            assert value.startswith("reset")
    assert not failure_log.failures()
