"""What an exchange costs with few and with many tokens, in this process and without a socket."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from livestorm_mock_server import shortcuts
from livestorm_mock_server.answering import answer
from livestorm_mock_server.rails.request import FORM, Request
from livestorm_mock_server.sandbox import Sandbox, open_sandbox
from livestorm_mock_server.scenario_files import load_scenario, with_options

from .row import Row, at_most

FEW, MANY = 100, 100_000
REPEATED = 400
_WORST = 1.1


@dataclass(kw_only=True, slots=True)
class Filled:
    """A sandbox in which the user has many tokens."""

    sandbox: Sandbox
    credentials: dict[str, str]

    async def token(self) -> dict[str, object]:
        """Issue one more pair."""
        return await shortcuts.issue_tokens(self.sandbox, scope="events:read")

    async def post(self, path: str, **members: object) -> float:
        """Post a form; give the seconds that the answer took."""
        body = urlencode(self.credentials | members).encode()
        headers = [("host", "127.0.0.1"), ("content-type", FORM)]
        return await self._send("POST", path, b"", headers, body)

    async def get(self, path: str, **members: object) -> float:
        """Get a page; give the seconds that it took."""
        return await self._send("GET", path, urlencode(members).encode(), [("host", "x")], b"")

    async def _send(
        self, method: str, path: str, query: bytes, headers: list[tuple[str, str]], body: bytes
    ) -> float:
        request = Request(method=method, raw_path=path, query=query, headers=headers, body=body)
        began = time.process_time()
        await answer(self.sandbox, request)
        return time.process_time() - began


async def filled(number: int) -> Filled:
    """Make a sandbox in which the user has so many tokens."""
    scenario = with_options(load_scenario("happy_path"), {"consent": "approve"})
    sandbox = await open_sandbox(scenario)
    client = (await sandbox.store.applications())[0]
    credentials = {"client_id": client.client_id, "client_secret": client.client_secret}
    some = Filled(sandbox=sandbox, credentials=credentials)
    for _ in range(number):
        await some.token()
    return some


async def _authorize(filled: Filled) -> float:
    client = (await filled.sandbox.store.applications())[0]
    return await filled.get(
        "/oauth/authorize",
        response_type="code",
        client_id=client.client_id,
        redirect_uri=client.redirect_uris[0],
        scope="events:read",
    )


async def _revoke(filled: Filled) -> float:
    token = (await filled.token())["access_token"]
    return await filled.post("/oauth/revoke", token=token)


async def refresh(filled: Filled) -> float:
    """Refresh a new pair; give the seconds that the answer took."""
    token = (await filled.token())["refresh_token"]
    return await filled.post("/oauth/token", grant_type="refresh_token", refresh_token=token)


async def _rehearse(filled: Filled) -> float:
    filled.sandbox.faults.arm("token", "truncated_json", times=1)
    return await refresh(filled)


async def _end_family(filled: Filled) -> float:
    token = (await filled.token())["refresh_token"]
    await filled.post("/oauth/token", grant_type="refresh_token", refresh_token=token)
    found = await filled.sandbox.store.find_refresh_token(str(token))
    assert found is not None
    began = time.process_time()
    await filled.sandbox.store.revoke_family(found.family, filled.sandbox.clock.now())
    return time.process_time() - began


_MEASURED: dict[str, Callable[[Filled], Awaitable[float]]] = {
    "`GET /oauth/authorize`": _authorize,
    "`POST /oauth/revoke`": _revoke,
    "a refresh": refresh,
    "a rehearsed fault": _rehearse,
    "the end of a family": _end_family,
}


async def _measure() -> AsyncIterator[Row]:
    few, many = await filled(FEW), await filled(MANY)
    for what, measured in _MEASURED.items():
        took: dict[int, list[float]] = {FEW: [], MANY: []}
        for _ in range(REPEATED):
            took[FEW].append(await measured(few))
            took[MANY].append(await measured(many))
        fast, slow = (sorted(one)[REPEATED // 4] * 1e6 for one in took.values())
        name = f"{what} with {MANY:,} tokens of the user, to {FEW}"
        yield at_most(name, slow / fast, _WORST, "x", f"{slow:.0f} us; {fast:.0f} us")


def measure() -> list[Row]:
    """Measure exchanges among few and many tokens, in turn."""

    async def collect() -> list[Row]:
        return [row async for row in _measure()]

    return asyncio.run(collect())
