"""What a page of a collection costs among few and among many items, in this process."""

import asyncio
import time

from livestorm_mock_server.answering import answer
from livestorm_mock_server.rails.request import Request
from livestorm_mock_server.sandbox import Sandbox, open_sandbox
from livestorm_mock_server.scenario_files import read_scenario

from .row import Row, at_most

FEW, MANY = 1_000, 100_000
REPEATED = 200
_WORST = 1.2
_SCENARIO = """
[provider]
rate_limits = false

[[collections]]
type = "people"
path = "/v1/people"
read = ["events:read"]
filters = ["team", "email"]

[collections.generate]
count = {count}
attributes = {{ email = "person{{n}}@example.test", first_name = "Zoë", team = ["a", "b"] }}
"""
_ASKED = {
    "the first page": "page[size]=100",
    "the last page": "page[size]=100&page[number]={last}",
    "a page of a half": "page[size]=100&filter[team]=a",
    "one person by e-mail": "filter[email]=person500@example.test",
}


async def _filled(count: int) -> Sandbox:
    scenario = read_scenario(_SCENARIO.format(count=count), "bench.toml", None)
    return await open_sandbox(scenario, seed="bench")


async def _get(sandbox: Sandbox, count: int, query: str) -> float:
    """Get a page; give the seconds that the answer took."""
    asked = query.format(last=count // 100 - 1).encode()
    headers = [("host", "x"), ("authorization", sandbox.signing.private_token)]
    request = Request(method="GET", raw_path="/v1/people", query=asked, headers=headers, body=b"")
    began = time.process_time()
    _, response = await answer(sandbox, request)
    took = time.process_time() - began
    if response.status != 200:
        raise AssertionError(f"{query} is answered {response.status}")
    return took


async def _measure() -> list[Row]:
    few, many = await _filled(FEW), await _filled(MANY)
    rows = []
    for what, query in _ASKED.items():
        took: dict[int, list[float]] = {FEW: [], MANY: []}
        for _ in range(REPEATED):
            for count, sandbox in ((FEW, few), (MANY, many)):
                took[count].append(await _get(sandbox, count, query))
        fast, slow = (sorted(one)[REPEATED // 4] * 1e6 for one in took.values())
        name = f"{what} of {MANY:,} items, to {FEW:,}"
        rows.append(at_most(name, slow / fast, _WORST, "x", f"{slow:.0f} us; {fast:.0f} us"))
    return rows


def measure() -> list[Row]:
    """Measure pages of few and of many items, in turn."""
    return asyncio.run(_measure())
