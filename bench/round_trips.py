"""Whole round trips: the user approves at once, the code is exchanged, the token is used."""

import json
import time
from collections.abc import Callable, Iterator
from statistics import median
from urllib.parse import parse_qs, urlencode, urlsplit

from .client import Client, location_of
from .row import Row, at_least, told
from .served import serve_fake

ROUNDS = 7
SECONDS = 2.0


def measure() -> Iterator[Row]:
    """Measure round trips with the fake alone; `make bench-peers` compares them."""
    with serve_fake("--auto-approve", "--no-rate-limits") as fake, Client(fake.port) as client:
        trip = trip_at_fake(client, fake.described)
        before, done = fake.cpu_seconds(), 0
        rates = []
        for _ in range(ROUNDS):
            count = count_trips(trip, SECONDS)
            rates.append(count / SECONDS)
            done += count
        cpu = (fake.cpu_seconds() - before) / done * 1e6
    measured = f"{median(rates):,.0f}/s over one connection, {cpu:.0f} us of processor time"
    yield told("round trips: authorize, token, `/v1/me`", measured)


def count_trips(trip: Callable[[], None], seconds: float) -> int:
    """Make round trips for so long; give their number."""
    end, count = time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        trip()
        count += 1
    return count


def trip_at_fake(client: Client, described: dict[str, object]) -> Callable[[], None]:
    """Give what makes one round trip with the fake."""
    uris = described["redirect_uris"]
    assert isinstance(uris, list)
    who = {"client_id": described["client_id"], "redirect_uri": uris[0]}
    ask = urlencode(who | {"response_type": "code", "scope": "identity:read"})
    given = urlencode(
        who | {"grant_type": "authorization_code", "client_secret": described["client_secret"]}
    )

    def trip() -> None:
        head, _ = client.get(f"/oauth/authorize?{ask}")
        code = parse_qs(urlsplit(location_of(head)).query)["code"][0]
        _, body = client.post("/oauth/token", f"{given}&code={code}")
        token = json.loads(body)["access_token"]
        head, _ = client.get("/v1/me", f"Authorization: Bearer {token}")
        assert b" 200 " in head[:20]

    return trip


def compared(
    name: str, at_fake: Callable[[], None], at_peer: Callable[[], None], target: float
) -> Row:
    """Compare round trips with the fake's and with another's, in turn."""
    rates: dict[str, list[float]] = {"fake": [], "peer": []}
    for _ in range(ROUNDS):
        rates["fake"].append(count_trips(at_fake, SECONDS) / SECONDS)
        rates["peer"].append(count_trips(at_peer, SECONDS) / SECONDS)
    fake, peer = (median(one) for one in rates.values())
    absolute = f"{fake:,.0f}/s; {peer:,.0f}/s"
    return at_least(f"round trips a second, to {name}'s", fake / peer, target, absolute)
