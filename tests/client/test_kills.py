"""Processes that are killed: what they had saved counts, and nothing is left locked."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from livestorm_client import FileStore, LivestormClient, Tokens

if TYPE_CHECKING:
    from tests.client.conftest import ScriptedServer

TOKEN = "/oauth/token"
ME = "/v1/me"
USER = {"data": {"type": "users", "id": "1"}}

# `where` says when the process tells that it is to be killed, and waits for that.
CHILD = """
import os, sys
from livestorm_client import FileStore, LivestormClient

url, path, where = sys.argv[1:]

def wait_for_death():
    print("now", flush=True)
    sys.stdin.read()

class WatchedStore(FileStore):
    def save(self, tokens):
        if where == "before the save":
            wait_for_death()
        if where == "before the move":
            os.replace = lambda *paths: wait_for_death()
        super().save(tokens)
        if where == "after the save":
            wait_for_death()

LivestormClient(
    client_id="client-id",
    client_secret="client-secret",
    redirect_uri="https://example.com/callback",
    app_url=url,
    api_url=url + "/v1",
    store=WatchedStore(path),
).me()
"""


def kill_child(server: ScriptedServer, path: Path, where: str) -> None:
    """Run a process that calls the API, and kill it there."""
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, server.url, str(path), where],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"now\n"
        child.kill()
        assert child.wait() == -signal.SIGKILL


@pytest.mark.parametrize(
    ("where", "sent"),
    [
        ("before the save", ["old-refresh", "old-refresh"]),
        ("before the move", ["old-refresh", "old-refresh"]),
        ("after the save", ["old-refresh"]),
    ],
)
def test_killed_process_leaves_old_or_new_tokens_and_no_lock(
    server: ScriptedServer, expired: Tokens, tmp_path: Path, where: str, sent: list[str]
) -> None:
    """J02, INV-10: the next process goes on with what was saved, at once."""
    path = tmp_path / "tokens.json"
    FileStore(path).save(replace(expired, expires_at=0.0))
    server.script(TOKEN, server.tokens())
    server.script(ME, server.http(200, USER))
    kill_child(server, path, where)
    stored = FileStore(path).load()
    assert stored is not None
    assert stored.refresh_token == ("new-refresh" if len(sent) == 1 else "old-refresh")
    client = LivestormClient(
        client_id="client-id",
        client_secret="client-secret",
        redirect_uri="https://example.com/callback",
        app_url=server.url,
        api_url=f"{server.url}/v1",
        store=FileStore(path),
    )
    assert client.me() == USER["data"]
    assert [request.form["refresh_token"] for request in server.token_requests] == sent


def test_process_killed_in_a_request_leaves_no_lock(
    server: ScriptedServer, expired: Tokens, tmp_path: Path
) -> None:
    """A refresh that dies on its way is taken over by the next process."""
    path, gate, arrived = tmp_path / "tokens.json", threading.Event(), threading.Event()
    FileStore(path).save(replace(expired, expires_at=0.0))

    def never(_connection: object, _stop: threading.Event) -> None:
        arrived.set()
        gate.wait(10)

    server.script(TOKEN, never, server.tokens())
    server.script(ME, server.http(200, USER))
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, server.url, str(path), ""], stdin=subprocess.PIPE
    ) as child:
        assert arrived.wait(10)
        with FileStore(path).lock() as held:
            assert not held
        child.kill()
    gate.set()
    with FileStore(path).lock() as held:
        assert held
    assert FileStore(path).load() == replace(expired, expires_at=0.0)
