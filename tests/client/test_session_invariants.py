"""Whole conversations with servers that answer anything."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_client import (
    LivestormClient,
    LivestormError,
    MemoryStore,
    Tokens,
)

if TYPE_CHECKING:
    from tests.client.conftest import ScriptedServer

TOKEN = "/oauth/token"
ME = "/v1/me"
HELD = ("old-access", "old-refresh", "client-secret")


JUNK = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers())


BODIES = st.binary() | st.fixed_dictionaries(
    {},
    optional={
        "access_token": st.just("new-access") | JUNK,
        "token_type": st.just("Bearer") | JUNK,
        "refresh_token": st.just("new-refresh") | JUNK,
        "expires_in": st.just(7200) | JUNK,
        "error": st.sampled_from(["invalid_grant", "invalid_client", "server_error"]) | JUNK,
        "error_description": st.sampled_from(HELD) | JUNK,
        "data": st.dictionaries(st.text(), JUNK) | JUNK,
        "errors": st.lists(st.fixed_dictionaries({"title": st.sampled_from(HELD)})) | JUNK,
    },
).map(lambda document: json.dumps(document).encode())


REPLIES = st.tuples(
    st.sampled_from([200, 200, 204, 302, 400, 401, 403, 404, 429, 500, 503]),
    BODIES,
    st.sampled_from(["application/json", "text/html", "application/vnd.api+json"]),
    st.sampled_from(["", "2", "0", "99", "soon"]),
    st.sampled_from([0, 0, 0, 1]),
)


def write(server: ScriptedServer, reply: tuple[int, bytes, str, str, int]) -> bytes:
    """Write a reply, some of them a byte short."""
    status, body, content_type, wait, cut = reply
    whole = server.http(status, body, {"Retry-After": wait}, content_type)
    return whole[: len(whole) - cut]


@given(
    token_replies=st.lists(REPLIES, min_size=1, max_size=3),
    api_replies=st.lists(REPLIES, min_size=1, max_size=3),
    expires_at=st.sampled_from([0.0, None]),
)
@settings(deadline=None, max_examples=60)
def test_any_answers_keep_the_invariants(
    session_server: ScriptedServer,
    token_replies: list[tuple[int, bytes, str, str, int]],
    api_replies: list[tuple[int, bytes, str, str, int]],
    expires_at: float | None,
    assert_shows_no_secret: Callable[[BaseException], None],
) -> None:
    """Any conversation ends in a document or a LivestormError, in budget, with the tokens safe."""
    session_server.reset()
    session_server.script(TOKEN, *(write(session_server, reply) for reply in token_replies))
    session_server.script(ME, *(write(session_server, reply) for reply in api_replies))
    old = Tokens(access_token="old-access", refresh_token="old-refresh", expires_at=expires_at)
    store, outcome = MemoryStore(old), "ok"
    client = LivestormClient(
        client_id="client-id",
        client_secret="client-secret",
        redirect_uri="https://example.com/callback",
        app_url=session_server.url,
        api_url=f"{session_server.url}/v1",
        store=store,
        sleep=lambda _seconds: None,
    )
    try:
        client.get("/me")
    except LivestormError as error:
        assert_shows_no_secret(error)
        outcome = error.kind
    assert len(session_server.seen) <= 4
    assert len(session_server.token_requests) <= 2
    stored = store.load()
    assert stored is not None
    assert stored.refresh_token
    if stored.needs_reauth:
        assert outcome == "reauth_required"
        assert any(b"invalid_grant" in body for _, body, *_ in token_replies)
