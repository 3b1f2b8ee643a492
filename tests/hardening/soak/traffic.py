"""Clients that connect, call, refresh and disconnect, while faults strike at random."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from ...mock_server.requests import PARAMETERS, kinds_at

PATIENCE = 15.0
FLOWS_PER_RESET = 50
"""Flows after which a team's tests begin anew; tokens are kept until then, as in a database."""
STRUCK = 0.4
"""The part of the flows that meet a fault."""
PLACES = ("authorize", "token.authorization_code", "token.refresh_token", "api.me", "revoke")


class Failed(Exception):
    """A step of a flow did not succeed; the text says which and how."""


@dataclass(slots=True)
class Seen:
    """What the clients saw."""

    flows: int = 0
    faults: int = 0
    latencies: list[float] = field(default_factory=list)
    """How long each undisturbed flow took, in order of their ends; in seconds."""
    unexplained: list[str] = field(default_factory=list)
    """Failures in flows that no fault had struck."""


class Client:
    """One client with a sandbox of its own."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        control: httpx.AsyncClient,
        told: Mapping[str, Any],
        random: Random,
    ) -> None:
        self._http, self._control_http = http, control
        self._told, self._random = told, random
        self._flows = self._last_seq = 0
        self._was_struck = False

    async def go_on(self, until: float, seen: Seen, *, pause: float) -> None:
        """Go through flows until a moment by the steady clock."""
        while time.monotonic() < until:
            if self._flows % FLOWS_PER_RESET == 0:
                await self._control("POST", "reset")
                self._last_seq = 0
            await self._flow(seen)
            await asyncio.sleep(pause)

    async def _flow(self, seen: Seen) -> None:
        self._flows += 1
        seen.flows += 1
        await self._control("DELETE", "faults")
        if self._random.random() < STRUCK:
            await self._arm()
        began, failure = time.monotonic(), None
        try:
            await self._connect_and_call()
        except (Failed, httpx.HTTPError) as error:
            failure = f"{type(error).__name__}: {error}"
        took = time.monotonic() - began
        struck = await self._struck()
        seen.faults += struck
        if not struck and failure is None:
            seen.latencies.append(took)
        # A fault may have closed a connection behind its answer, which the next flow finds out.
        if failure is not None and not struck and not self._was_struck:
            seen.unexplained.append(failure)
        self._was_struck = struck

    async def _arm(self) -> None:
        place = self._random.choice(PLACES)
        kind = self._random.choice(kinds_at(place))
        fault = {"on": place, "fault": kind, "times": 1, **PARAMETERS.get(kind, {})}
        answer = await self._control("POST", "faults", fault)
        if answer.status_code != 201 and "phase" not in answer.text:
            raise AssertionError(f"{fault} can't be armed: {answer.text}")

    async def _connect_and_call(self) -> None:
        told = self._told
        asked = {"response_type": "code", "state": "soak"} | {
            "client_id": told["client_id"],
            "redirect_uri": told["redirect_uris"][0],
        }
        answer = await self._http.get(f"{told['app_url']}/oauth/authorize", params=asked)
        location = answer.headers.get("location", "")
        code = parse_qs(urlsplit(location).query).get("code", [""])[0]
        if not code:
            raise Failed(f"authorize: {answer.status_code} {location}")
        given = {"grant_type": "authorization_code", "code": code} | {
            "redirect_uri": told["redirect_uris"][0]
        }
        tokens = await self._token(given)
        await self._me(tokens)
        tokens = await self._token(
            {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        )
        await self._me(tokens)
        await self._post("/oauth/revoke", {"token": tokens["access_token"]})

    async def _token(self, members: Mapping[str, str]) -> dict[str, str]:
        answer = await self._post("/oauth/token", members)
        try:
            tokens: dict[str, str] = answer.json()
            return {name: tokens[name] for name in ("access_token", "refresh_token")}
        except (ValueError, KeyError, TypeError) as error:
            raise Failed(f"token: {error!r}") from error

    async def _me(self, tokens: Mapping[str, str]) -> None:
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        answer = await self._http.get(f"{self._told['api_url']}/me", headers=headers)
        if answer.status_code != 200:
            raise Failed(f"me: {answer.status_code}")

    async def _post(self, path: str, members: Mapping[str, str]) -> httpx.Response:
        credentials = {name: self._told[name] for name in ("client_id", "client_secret")}
        url = f"{self._told['app_url']}{path}"
        answer = await self._http.post(url, data={**credentials, **members})
        if answer.status_code != 200:
            raise Failed(f"{path}: {answer.status_code} {answer.text[:200]}")
        return answer

    async def _struck(self) -> bool:
        """Tell by the journal whether a fault struck in the last flow."""
        path = f"journal?since={self._last_seq}"
        exchanges = (await self._control("GET", path)).json()["exchanges"]
        if exchanges:
            self._last_seq = exchanges[-1]["seq"]
        return any(one["fault"] is not None for one in exchanges)

    async def _control(self, method: str, path: str, body: object = None) -> httpx.Response:
        url = f"{self._told['control_url']}/{path}"
        # On connections of its own: a fault may have closed one of the others behind its answer.
        return await self._control_http.request(method, url, json=body)


async def play(
    sandboxes: Sequence[Mapping[str, Any]], seconds: float, *, seed: int, pause: float = 0.0
) -> Seen:
    """Let a client use each of the sandboxes for so many seconds."""
    seen, until = Seen(), time.monotonic() + seconds
    async with AsyncExitStack() as opened:
        https = [await opened.enter_async_context(_http()) for _ in range(len(sandboxes) + 1)]
        clients = [
            Client(http, https[-1], told, Random(f"{seed} {told['id']}"))
            for http, told in zip(https[:-1], sandboxes, strict=True)
        ]
        await asyncio.gather(*(one.go_on(until, seen, pause=pause) for one in clients))
    return seen


def _http() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=PATIENCE)
