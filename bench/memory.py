"""What the fake holds of the machine's memory, idle and after many exchanges."""

import json
from collections.abc import Iterator
from urllib.parse import urlencode

import httpx

from .client import Client
from .row import Row, at_most, told
from .served import Served, serve_fake

EXCHANGES = 50_000
_MEGABYTE = 1_000_000


def measure() -> Iterator[Row]:
    """Measure the memory, and what each of many exchanges adds."""
    with serve_fake("--no-rate-limits") as fake:
        idle = fake.resident_bytes() / _MEGABYTE
        _refresh_and_call(fake, EXCHANGES // 2)
        after = fake.resident_bytes() / _MEGABYTE
    yield at_most("memory, idle", idle, 40, "MB")
    yield at_most(f"memory after {EXCHANGES:,} refreshes and calls in turn", after, 60, "MB")
    with serve_fake() as fake:
        idle = fake.resident_bytes()
        _issue(fake, EXCHANGES)
        each = (fake.resident_bytes() - idle) / EXCHANGES
    yield told("memory of a pair that stays usable", f"{each / 1000:.2f} kB")


def _refresh_and_call(fake: Served, number: int) -> None:
    """Refresh and call as a client does, with the tokens that came last."""
    described = fake.described
    pair = httpx.post(f"{described['control_url']}/tokens", json={"scope": "identity:read"}).json()
    who = {"client_id": described["client_id"], "client_secret": described["client_secret"]}
    form = urlencode(who | {"grant_type": "refresh_token"})
    with Client(fake.port) as client:
        for _ in range(number):
            _, body = client.post("/oauth/token", f"{form}&refresh_token={pair['refresh_token']}")
            pair = json.loads(body)
            client.get("/v1/me", f"Authorization: Bearer {pair['access_token']}")


def _issue(fake: Served, number: int) -> None:
    """Issue pairs that nobody uses, without their exchanges in the journal."""
    described, body = fake.described, '{"scope":"events:read"}'
    path = "/" + described["control_url"].split("/", 3)[3]
    with Client(fake.port) as client:
        for _ in range(number):
            client.send(f"POST {path}/tokens HTTP/1.1", body, "Content-Type: application/json")
