"""Reading the journal gives back what went over the wire."""

import base64

import httpx
import pytest
from livestorm_contract_tests.fake.control import ControlAPI, Sandbox
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
