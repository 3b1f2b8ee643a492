"""Refreshes under load, in turn with servers that answer with a constant."""

from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

import httpx

from .load import Load, post
from .row import Row, at_least, at_most, with_bars
from .served import Served, serve_bare, serve_fake

ROUNDS = 5
SECONDS = 4
TOKENS = "Answers of the token endpoint a second"
_JOURNAL = 10_000


def measure() -> Iterator[Row]:
    """Measure refreshes a second, and their 99th percentile, the journal full."""
    with ExitStack() as stack:
        fake = stack.enter_context(serve_fake())
        bare = stack.enter_context(serve_bare("bare_starlette"))
        raw = stack.enter_context(serve_bare("raw_asgi"))
        body, done = refresh_body(fake), 0
        while done < _JOURNAL:
            done += post(fake, body, seconds=2).requests
        loads: dict[Served, list[Load]] = {fake: [], bare: [], raw: []}
        for _ in range(ROUNDS):
            for server, rounds in loads.items():
                rounds.append(post(server, body, seconds=SECONDS))
    yield from _of_loads(loads[fake], loads[bare], loads[raw])


def _of_loads(fake: list[Load], bare: list[Load], raw: list[Load]) -> Iterator[Row]:
    speed, stack, limit = (median(one.per_second for one in it) for it in (fake, bare, raw))
    absolute = f"{speed:,.0f}/s; Starlette {stack:,.0f}/s, raw ASGI {limit:,.0f}/s"
    row = at_least("refreshes a second, to bare Starlette", speed / stack, 0.75, absolute)
    bars = (("livestorm-mock", speed), ("bare Starlette", stack), ("raw ASGI", limit))
    yield with_bars(row, TOKENS, *bars)
    cpu, of_stack = (median(one.cpu for one in it) for it in (fake, bare))
    absolute = f"{cpu:.0f} us; Starlette {of_stack:.0f} us"
    yield at_least("refreshes for the same processor time", of_stack / cpu, 0.75, absolute)
    late, of_stack = (median(one.p99 for one in it) for it in (fake, bare))
    absolute = f"{late:.1f} ms; Starlette {of_stack:.1f} ms"
    yield at_most("99th percentile, to bare Starlette's", late / of_stack, 2, "x", absolute)


def refresh_body(fake: Served) -> str:
    """Give a refresh that can be repeated: a refresh token lives until its successor is used."""
    told = fake.described
    pair = httpx.post(f"{told['control_url']}/tokens", json={"scope": "events:read"}).json()
    return (
        f"grant_type=refresh_token&refresh_token={pair['refresh_token']}"
        f"&client_id={told['client_id']}&client_secret={told['client_secret']}"
    )
