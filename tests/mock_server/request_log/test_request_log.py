"""What `serve` writes on standard error, and that nothing of it can hinder it."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from ..conftest import Start
from ..served import LAUNCH, SECONDS, Served
from ..wire import Wire, exchange, frame

SERVE = [sys.executable, "-c", LAUNCH, "serve", "--port", "0", "--json", "--exit-with-parent"]
SECRETS = {
    "client_secret": "a-secret-client-secret",
    "refresh_token": "a-secret-refresh-token",
    "code": "a-secret-code",
    "code_verifier": "a-secret-verifier",
    "password": "a-secret-password",
    "access_token": "a-secret-access-token",
}
FORM = "application/x-www-form-urlencoded"
MANY = 3_000
"""Exchanges whose lines neither a pipe nor the queue can hold."""


@pytest.fixture
def talk(http: httpx.Client) -> Any:
    """Send three requests: one that is asked, one that is refused, one that a fault strikes."""

    def send(described: dict[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {SECRETS['access_token']}"}
        http.get(f"{described['api_url']}/me?{urlencode(SECRETS)}", headers=headers)
        given = {"grant_type": "refresh_token", "client_id": "example-client-id", **SECRETS}
        http.post(f"{described['app_url']}/oauth/token", data=given)
        fault = {"on": "api.ping", "fault": "rate_limited"}
        http.post(f"{described['control_url']}/faults", json=fault)
        http.get(f"{described['api_url']}/ping")

    return send


def test_each_exchange_is_a_line_without_secrets(start: Start, talk: Any) -> None:
    """Time, status, endpoint, client, request, fault and reason; the control API is none."""
    served = start("--json")
    talk(served.describes_itself())
    *_, errors = served.end(signal.SIGTERM)
    me, token, ping = errors.splitlines()
    assert " 401  api.me " in me
    assert " 400  token.refresh_token " in token
    assert "example-client-id " in token
    assert "POST /oauth/token  the refresh token is unknown" in token
    assert " 429  api.ping " in ping
    assert "[rate_limited, before the effect]" in ping
    assert "a-secret" not in errors


@pytest.mark.parametrize("form", ["text", "json"])
def test_secret_at_a_wrong_place_is_hidden(start: Start, http: httpx.Client, form: str) -> None:
    """Id and secret are swapped, a token stands in the path, a value has a bad escape."""
    served = start("--json", "--log-format", form)
    described = served.describes_itself()
    url, secret = f"{described['app_url']}/oauth/token", described["client_secret"]
    token = http.post(f"{described['control_url']}/tokens", json={}).json()["access_token"]
    http.post(url, data={"client_id": secret, "client_secret": described["client_id"]})
    http.get(f"{described['app_url']}/oauth/{token}")
    http.post(url, content=f"client_secret={secret}%", headers={"Content-Type": FORM})
    *_, errors = served.end(signal.SIGTERM)
    assert len(errors.splitlines()) == 3
    assert errors.count("[hidden]") >= 2
    assert "the parameter client_secret, at byte" in errors
    assert secret not in errors
    assert token not in errors


def test_log_for_programs_is_an_object_a_line(start: Start, talk: Any) -> None:
    """All that is written is JSON, warnings as well."""
    served = start("--json", "--log-format", "json", "--host", "0.0.0.0", "--insecure")  # noqa: S104
    talk(served.describes_itself())
    *_, errors = served.end(signal.SIGTERM)
    warning, _, token, ping = map(json.loads, errors.splitlines())
    assert (warning["kind"], warning["level"]) == ("message", "warning")
    assert (token["seq"], token["status"], token["endpoint"]) == (2, 400, "token.refresh_token")
    assert ping["fault"] == {"fault": "rate_limited", "phase": "before"}
    assert "a-secret" not in errors


def test_quiet_log_has_warnings_only(start: Start, talk: Any) -> None:
    """What is no request is warned of, for whoever speaks TLS to the port."""
    served = start("--json", "--quiet")
    described = served.describes_itself()
    talk(described)
    exchange(described["app_url"], b"\x16\x03\x01" + bytes(500))
    *_, errors = served.end(signal.SIGTERM)
    (line,) = errors.splitlines()
    assert " warning  a request was not taken: a TLS handshake came" in line


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"\x16\x03\x01" + bytes(500), "a TLS handshake came"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/2"),
        (b"GET /v1/ping HTTP/1.1\r\nHos", "the client left before its request was whole"),
        (
            b"POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab",
            "the client left before its request was whole",
        ),
    ],
    ids=["tls", "http2", "head", "body"],
)
def test_what_is_no_request_is_told_once(start: Start, sent: bytes, told: str) -> None:
    """Where exchanges are told, its warning is not."""
    served = start("--json")
    with Wire(served.describes_itself()["app_url"]) as wire:
        wire.send(sent)
        wire.end_sending()
        wire.read_to_end()
    *_, errors = served.end(signal.SIGTERM)
    (line,) = errors.splitlines()
    assert told in line


def test_sandboxes_are_told_of_also_after_a_reset(start: Start, http: httpx.Client) -> None:
    """Each has a journal of its own, and a reset gives it another."""
    served = start("--json", "--log-format", "json")
    control_url = served.describes_itself()["control_url"]
    sandbox = http.post(f"{control_url}/sandboxes", json={}).json()
    for _ in range(2):
        http.get(f"{sandbox['api_url']}/ping")
        http.post(f"{sandbox['control_url']}/reset", json={})
    *_, errors = served.end(signal.SIGTERM)
    assert [json.loads(line)["sandbox"] for line in errors.splitlines()] == [sandbox["id"]] * 2


@pytest.mark.parametrize(
    ("variables", "has_colours"),
    [({"FORCE_COLOR": "1"}, True), ({}, False), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colours_by_the_environment(
    variables: dict[str, str], has_colours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Into a pipe only where they are forced; nobody who wants none gets any."""
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    served = Served("--json")
    try:
        exchange(served.describes_itself()["app_url"], frame("GET", "/v1/ping"))
        *_, errors = served.end(signal.SIGTERM)
    finally:
        served.kill()
    assert ("\x1b[33m401\x1b[0m" in errors) == has_colours


@pytest.mark.parametrize("term", ["xterm", "dumb"])
def test_terminal_gets_colours(term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that knows them."""
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    controller, terminal = pty.openpty()
    with os.fdopen(terminal, "w") as errors:
        served = Served("--json", errors=errors, TERM=term)
    try:
        exchange(served.describes_itself()["app_url"], frame("GET", "/v1/ping"))
        line = os.read(controller, 1_000)
    finally:
        served.kill()
        os.close(controller)
    assert (b"\x1b[33m401\x1b[0m" in line) == (term == "xterm")


@pytest.fixture(params=["pipe", "reader that left", "full disk", "closed"])
def hindered(request: pytest.FixtureRequest) -> Iterator["subprocess.Popen[str]"]:
    """A fake whose standard error nobody reads, or whose writes fail."""
    command, reading = SERVE, -1
    if request.param == "closed":
        command, errors = ["sh", "-c", 'exec "$@" 2>&-', "sh", *SERVE], None
    elif request.param == "full disk":
        if not Path("/dev/full").exists():
            pytest.skip("/dev/full is Linux's")
        errors = os.open("/dev/full", os.O_WRONLY)
    else:
        reading, errors = os.pipe()
        if request.param == "reader that left":
            os.close(reading)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
    ) as process:
        if errors is not None:
            os.close(errors)
        yield process
        process.kill()
    if request.param == "pipe":
        os.close(reading)


@pytest.fixture
def exchanges(hindered: "subprocess.Popen[str]", request: pytest.FixtureRequest) -> int:
    """As many as fill a pipe and the queue, or a few where each line fails."""
    return MANY if "[pipe]" in request.node.name else 50


def test_log_that_cannot_be_written_hinders_nothing(
    hindered: "subprocess.Popen[str]", exchanges: int
) -> None:
    """All exchanges are answered, and the fake ends in order."""
    assert hindered.stdout is not None
    described = json.loads(hindered.stdout.readline())
    with Wire(described["app_url"]) as wire:
        for _ in range(exchanges):
            wire.send(frame("GET", "/nothing"))
            assert wire.read().status == 404
    hindered.send_signal(signal.SIGTERM)
    assert hindered.wait(SECONDS) == 0
