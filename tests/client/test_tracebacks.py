"""Tracebacks that show local variables, as crash reports do."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import livestorm_client
import pytest
from livestorm_client import FileStore, LivestormError, Tokens

from tests.client.conftest import SECRETS

if TYPE_CHECKING:
    from tests.client.conftest import BlockingClient, Clients, ScriptedServer

PACKAGE = str(Path(livestorm_client.__file__).parent)
GRANT_GONE = {"error": "invalid_grant", "error_description": "old-refresh is gone"}


def show_frames(error: BaseException) -> str:
    """Write the client's frames of an error, and of what it was raised from, with variables."""
    shown, link = "", traceback.TracebackException.from_exception(error, capture_locals=True)
    while link:
        frames = [frame for frame in link.stack if frame.filename.startswith(PACKAGE)]
        shown += "".join(f"{frame.name}: {frame.locals}\n" for frame in frames)
        link = link.__cause__ or link.__context__  # type: ignore[assignment]
    return shown


def assert_frames_show_no_secret(act: Callable[[], object], *more: str) -> None:
    """Check that an act fails as the client's errors do, and that no frame of it has a secret."""
    with pytest.raises(LivestormError) as raised:
        act()
    shown = show_frames(raised.value)
    assert shown
    lines = [line[:400] for line in shown.splitlines() if any(s in line for s in (*SECRETS, *more))]
    assert lines == []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, GRANT_GONE),
        (401, {"error": "invalid_client"}),
        (503, b""),
        (302, b""),
        (200, {"access_token": "new-access", "refresh_token": "new-refresh"}),
        (200, {"error": "x", "access_token": "new-access"}),
        (200, b'{"access_token": "new-access", '),
        (400, {"errors": [{"title": "old-refresh"}]}),
    ],
)
def test_refusal_of_the_token_endpoint_shows_no_secret(
    clients: Clients, server: ScriptedServer, expired: Tokens, status: int, body: object
) -> None:
    """Neither what was sent nor what was granted."""
    server.script("/oauth/token", server.http(status, body))
    client = clients.make(expired)
    assert_frames_show_no_secret(client.refresh)


@pytest.mark.parametrize("status", [302, 401, 402, 403, 404, 429, 500])
def test_refusal_of_the_api_shows_no_secret(
    clients: Clients, server: ScriptedServer, fresh: Tokens, status: int
) -> None:
    """Not even one that the server repeats."""
    server.script("/oauth/token", server.tokens())
    server.script("/v1/me", server.http(status, {"errors": [{"title": "new-access old-access"}]}))
    client = clients.make(fresh)
    assert_frames_show_no_secret(client.me)


@pytest.mark.parametrize("path", ["/oauth/token", "/v1/me"])
def test_connection_that_breaks_shows_no_secret(
    clients: Clients, server: ScriptedServer, expired: Tokens, path: str
) -> None:
    """A transport's error holds the request, the client's does not."""
    server.script("/oauth/token", server.tokens())
    server.script(path, server.reset_connection)
    client = clients.make(expired)
    assert_frames_show_no_secret(client.me)


@pytest.mark.parametrize(
    "text",
    [
        '{"access_token": "old-access", "refresh_token": "old-refresh"',
        '{"access_token": "old-access", "refresh_token": "old-refresh", "scope": 7}',
        '{"access_token": ["old-access"], "refresh_token": null, "scope": null}',
    ],
)
def test_broken_store_shows_no_secret(
    clients: Clients, server: ScriptedServer, tmp_path: Path, text: str
) -> None:
    """Nothing of a file that holds no tokens."""
    path = tmp_path / "tokens.json"
    path.write_text(text)
    client = clients.make(store=FileStore(path))
    assert_frames_show_no_secret(client.me)


def connect(client: BlockingClient, clients: Clients, **parameters: str) -> None:
    """Connect with a callback of these parameters."""
    request = client.authorization_request()
    url = clients.callback(request, **parameters)
    assert_frames_show_no_secret(lambda: client.connect(request, url), request.code_verifier)


@pytest.mark.parametrize(
    "parameters",
    [
        {"code": "the-code", "error": "access_denied", "error_description": "the-code"},
        {"code": "the-code", "state": "forged"},
        {"code": "the-code\n"},
    ],
)
def test_callback_error_shows_no_secret(clients: Clients, parameters: dict[str, str]) -> None:
    """Neither the code nor the verifier of an authorization that fails."""
    connect(clients.make(), clients, **parameters)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": "invalid_grant"}),
        (200, {"access_token": "new-access", "refresh_token": "new-refresh"}),
    ],
)
def test_exchange_that_fails_shows_no_secret(
    clients: Clients, server: ScriptedServer, status: int, body: object
) -> None:
    """Neither the code and the verifier, nor what came with an answer that is refused."""
    server.script("/oauth/token", server.http(status, body))
    connect(clients.make(), clients, code="the-code")
