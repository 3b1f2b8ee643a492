"""The program for the client in the documentation, run against the fake."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import livestorm_client
import pytest

if TYPE_CHECKING:
    from tests.client.conftest import ScriptedServer

PAGE = Path(__file__).parents[2] / "docs" / "reference-client.md"


def test_program_of_the_page_connects_and_shows_the_user(
    server: ScriptedServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As it stands, but for the servers and the browser, it connects, calls and keeps tokens."""
    text = PAGE.read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(from livestorm_client import .*?)```", text, re.DOTALL)
    server.script("/oauth/token", server.tokens())
    server.script("/v1/me", server.http(200, {"data": {"type": "users", "id": "1"}}))

    class Here(livestorm_client.LivestormClient):
        def __init__(self, **options: object) -> None:
            servers = {"app_url": server.url, "api_url": f"{server.url}/v1"}
            super().__init__(**options, **servers)  # type: ignore[arg-type]

    def receive(request: livestorm_client.AuthorizationRequest) -> str:
        state = parse_qs(urlsplit(request.url).query)["state"][0]
        return f"{request.redirect_uri}?code=the-code&state={state}"

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(livestorm_client, "LivestormClient", Here)
    monkeypatch.setattr(livestorm_client, "receive_callback", receive)
    exec(program, {})  # noqa: S102
    exec(program, {})  # noqa: S102
    shown = "{'type': 'users', 'id': '1'}\n"
    assert capsys.readouterr().out == shown * 2
    assert len(server.token_requests) == 1
