"""Whatever clients send and servers answer, the audit takes it and keeps secrets."""

import asyncio
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.addresses import Addresses
from livestorm_mock_server.answering import answer
from livestorm_mock_server.audit.audit import audit
from livestorm_mock_server.clock import VirtualClock
from livestorm_mock_server.exchange import Exchange
from livestorm_mock_server.rails.request import Request
from livestorm_mock_server.rails.response import Response
from livestorm_mock_server.sandbox import Sandbox, open_sandbox
from livestorm_mock_server.scenario_files import load_scenario, with_options

# A text that stands nowhere else, for everything that may be secret.
CANARY = "Zq7xWv93Lk"
NAMES = (
    "access_token bearer_token client_id client_secret code code_challenge code_challenge_method"
    " code_verifier grant_type password redirect_uri refresh_token response_type state token"
).split()
VALUES = (
    "authorization_code code example-client-id example-client-secret plain refresh_token S256"
    " https://client.example.test/callback"
).split()
PATHS = (
    "/oauth/authorize /oauth/authorize/native /oauth/token /oauth/token.json /oauth//token"
    " /oauth/token/info /oauth/revoke /oauth/introspect /v1/me /v1/ping /oauth/ / //"
).split()
FAULTS = (
    ("token", {"fault": "oauth_error", "error": "invalid_grant"}),
    ("token", {"fault": "delay", "seconds": 0}),
    ("token", {"fault": "token_fields", "set": {"refresh_token": [7]}}),
    ("authorize", {"fault": "redirect", "to": "http://[/?code=x"}),
    ("api", {"fault": "rate_limited", "retry_after": "Thu, 99 Foo 99999 99:99:99 +9999"}),
    ("api", {"fault": "reset"}),
    ("api", {"fault": "api_error", "status": 401}),
)

secrets = st.builds(lambda end: f"{CANARY}{end}", st.text(max_size=40))
values = st.one_of(st.sampled_from(VALUES), secrets)
escaped = values.map(lambda value: value.encode("utf-8", "ignore").hex(" ").replace(" ", "%"))
pairs = st.builds(
    lambda name, form, value: f"{name}{form}=%{value}".encode(),
    st.sampled_from(NAMES),
    st.sampled_from(["", "", "", "", "[]", "[a]", "["]),
    escaped,
)
forms = st.one_of(st.lists(pairs, max_size=8).map(b"&".join), st.binary(max_size=60))
latin = st.text(st.characters(max_codepoint=255), max_size=60)
headers = st.fixed_dictionaries(
    {},
    optional={
        "authorization": st.one_of(
            latin, secrets.map(lambda value: f"Bearer {value}"), st.just("Basic Onh4"), st.just("")
        ),
        "content-type": st.sampled_from(
            ["application/x-www-form-urlencoded", "application/json", "multipart/form-data", "%"]
        ),
        "host": st.one_of(
            latin, st.sampled_from(["[", "[::1", "a:99999", "a:b", "@:1", "127.0.0.1:9", ""])
        ),
        "accept": st.sampled_from(["*/*", "%", ""]),
        "x-forwarded-proto": latin,
        "x-forwarded-host": latin,
    },
)
requests = st.builds(
    lambda method, path, query, headers, body, port: Request(
        method=method,
        raw_path=path,
        query=query,
        headers=list(headers.items()),
        body=body,
        port=port,
    ),
    st.sampled_from(["GET", "POST", "POST", "DELETE", "HEAD", "BREW"]),
    st.sampled_from(PATHS),
    forms,
    headers,
    forms,
    st.sampled_from([8787, 9]),
)
responses = st.builds(
    Response,
    status=st.sampled_from([200, 200, 302, 401, 429, 500]),
    headers=st.dictionaries(
        st.sampled_from(["Location", "Retry-After", "WWW-Authenticate", "Content-Type"]),
        st.one_of(st.text(max_size=40), st.integers().map(str), st.just("http://[/")),
    ),
    body=st.one_of(
        st.binary(max_size=40),
        st.sampled_from([b"[" * 100_000, b"null", b"[]", b'{"error": [], "token_type": 7}']),
    ),
)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """One event loop for all examples."""
    with asyncio.Runner() as runner:
        yield runner


async def make_sandbox() -> Sandbox:
    """Make a sandbox with limits and another origin."""
    options = {"consent": "approve", "interval_limit": 2, "private_tokens": False}
    scenario = with_options(load_scenario("happy_path"), options)
    return await open_sandbox(scenario, seed=1, addresses=Addresses(other_port=9))


@given(st.lists(requests, max_size=8), st.lists(st.sampled_from(FAULTS), max_size=2))
def test_audit_takes_any_request(
    runner: asyncio.Runner, sent: list[Request], faults: list[tuple[str, dict[str, object]]]
) -> None:
    """Odd requests, with and without faults, are judged without an error and without a leak."""

    async def judge() -> list[str]:
        sandbox = await make_sandbox()
        for label, keys in faults:
            sandbox.faults.arm_from({"on": label, **keys})
        for request in sent:
            await answer(sandbox, request)
        return [finding.message for finding in await audit(sandbox)]

    assert [message for message in runner.run(judge()) if CANARY[:7] in message] == []


@given(st.lists(st.tuples(requests, st.none() | responses, st.floats(-1e9, 1e12)), max_size=8))
def test_audit_takes_any_answer(
    runner: asyncio.Runner, journal: list[tuple[Request, Response | None, float]]
) -> None:
    """Odd answers, missing ones and a clock that jumps are judged without an error."""

    async def judge() -> None:
        sandbox = await make_sandbox()
        for request, response, now in journal:
            sandbox.clock = VirtualClock(partial(float, now))
            exchange = Exchange(request=request, provider=sandbox, now=now)
            exchange.endpoint = ENDPOINTS.get(request.path)
            entry = sandbox.journal.open(exchange)
            if response is not None:
                sandbox.journal.answer(entry, response)
        await audit(sandbox)

    runner.run(judge())


ENDPOINTS = {
    "/oauth/authorize": "authorize",
    "/oauth/token": "token.refresh_token",
    "/oauth/token.json": "token.authorization_code",
    "/v1/me": "api.me",
    "/v1/ping": "api.ping",
}
