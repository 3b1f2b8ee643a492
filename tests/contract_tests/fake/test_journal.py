"""Reading the journal gives back what went over the wire."""

import base64
from urllib.parse import urlencode

import httpx
import pytest
from livestorm_contract_tests.fake.control import ControlAPI, ControlError, Sandbox
from livestorm_contract_tests.fake.server import Registration, start_fake

REGISTRATION = Registration(
    client_id="client", client_secret="secret", redirect_uri="https://client.example.test/callback"
)


def call(sandbox: Sandbox) -> None:
    """Call the API, whatever it answers."""
    httpx.get(f"{sandbox.urls['api_base']}/me", trust_env=False)


@pytest.mark.parametrize(
    "body", [b"", b"plain", "é".encode(), b"\xe9 \xff\xfe", b'"\\u00e9"'], ids=repr
)
def test_body_is_read_byte_for_byte(body: bytes) -> None:
    """Bytes that are not UTF-8 survive the journal."""
    with start_fake("happy_path", REGISTRATION, {}, seed="x") as url, ControlAPI(url) as control:
        sandbox = control.default_sandbox()
        content = base64.b64encode(body).decode("ascii")
        sandbox.arm("api.me", "answer", status=403, body_base64=content)
        call(sandbox)
        assert sandbox.read_journal()[0].body == body


def test_journal_is_read_from_where_it_was_left() -> None:
    """What was read before does not come again."""
    with start_fake("happy_path", REGISTRATION, {}, seed="x") as url, ControlAPI(url) as control:
        sandbox = control.default_sandbox()
        call(sandbox)
        (first,) = sandbox.read_journal()
        call(sandbox)
        assert [one.seq for one in sandbox.read_journal(since=first.seq)] == [first.seq + 1]


def authorization_url(sandbox: Sandbox, state: str) -> str:
    """Give a URL for the browser."""
    query = {
        "response_type": "code",
        "client_id": REGISTRATION.client_id,
        "redirect_uri": REGISTRATION.redirect_uri,
        "state": state,
    }
    return f"{sandbox.urls['authorize_url']}?{urlencode(query)}"


def test_exchanges_are_without_the_browsers() -> None:
    """What the user's decision sends is in the journal, and no exchange of the client."""
    with start_fake("happy_path", REGISTRATION, {}, seed="x") as url, ControlAPI(url) as control:
        sandbox = control.default_sandbox()
        sandbox.decide(authorization_url(sandbox, "x"))
        too_long = authorization_url(sandbox, "x" * 12_000)
        sandbox.browse(too_long)
        with pytest.raises(ControlError, match="longer than 10240 bytes"):
            sandbox.decide(too_long)
        assert [one.method for one in sandbox.read_journal()] == ["GET", "POST", "GET", "GET"]
        assert sandbox.exchanges() == ()
        assert len(sandbox.exchanges(sandbox.last_seq())) == 0


def test_user_denies_to_a_client_that_is_connected() -> None:
    """A denial comes, although who is connected would not be asked again."""
    with start_fake("happy_path", REGISTRATION, {}, seed="x") as url, ControlAPI(url) as control:
        sandbox = control.default_sandbox()
        sandbox.issue_tokens()
        denied = sandbox.decide(authorization_url(sandbox, "x"), decision="deny")
        assert "error=access_denied" in denied
