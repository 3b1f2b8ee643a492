"""Whatever is sent to the server gets an answer that the engine could give, and does no harm."""

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...mock_server.wire import frame
from . import amounts
from .raw_bytes import Change, changed, changes
from .requests import Drawn, requests
from .target import OPTIONS, Target

LAST = frame("GET", "/_mock/health", [("Connection", "close")])
BATCHES = {
    share: st.lists(requests(len(OPTIONS)), min_size=size // 2, max_size=size * 3 // 2)
    for share, size in amounts.BATCH.items()
}
SPLITS = st.lists(st.floats(0, 1), max_size=4)
MEMORY_GROWTH = 40_000_000
"""Bytes by which the process may grow: the journals fill, and tokens are issued."""

ENGINE_FAILS = re.compile(
    r"there are more than \d+ parameters|the parameters are nested too deeply"
    r"|there is no template for .*|the scope is no text|.* holds bytes beyond ASCII"
    r"|the client secret is no string|the code_verifier is no string"
    r"|the engine has no JSON template here|Deny .*|nobody is logged in at the provider"
    r"|an error is to be sent by form_post"
)
"""Why the engine itself answers with 500, see `rails/errors.py`."""


def check_requests(target: Target, batch: list[Drawn]) -> None:
    """Send a batch of odd requests on one connection, whose last one ends it."""
    came = target.send(target.framed(batch) + LAST)
    target.check_well()
    assert came.startswith(b"HTTP/1.1 ") or came == b""


def check_bytes(
    target: Target,
    batch: list[Drawn],
    changes: list[tuple[Change, float, int, bytes]],
    splits: list[float],
) -> None:
    """Send what is no request any more, in pieces, and leave."""
    data = changed(target.framed(batch), changes)
    places = [0, *sorted(int(part * len(data)) for part in splits), len(data)]
    target.send(*(data[a:b] for a, b in pairwise(places)))
    target.check_well()


CHECKS: Mapping[str, tuple[Callable[..., None], Mapping[str, Any]]] = {
    "http": (check_requests, {"batch": BATCHES["http"]}),
    "bytes": (
        check_bytes,
        {
            "batch": BATCHES["bytes"],
            "changes": changes,
            "splits": st.lists(st.floats(0, 1), max_size=4),
        },
    ),
}


KINDS = {"http": "odd requests", "bytes": "odd bytes"}


def draw(share: str, part: float, target: Target) -> None:
    """Draw a part of all requests of one kind, and send them."""
    check, strategies = CHECKS[share]
    drawn: Callable[[Target], None] = given(**strategies)(check)
    amounts.batches(share, part)(drawn)(target)


@pytest.mark.long
@pytest.mark.parametrize("share", CHECKS)
def test_hostile_input_does_no_harm(
    target: Target, share: str, record_property: Callable[[str, object], None]
) -> None:
    """No exception, no 500 that the engine would not give, no connection that stays, no growth."""
    counted = target.exchanges
    draw(share, 0.2, target)
    before = target.memory()
    draw(share, 0.8, target)
    target.settle()
    grown = target.memory() - before
    record_property(f"exchanges: {KINDS[share]}", target.exchanges - counted)
    record_property(f"growth of the server meanwhile: {KINDS[share]}", f"{grown / 1e6:.1f} MB")
    assert {one for one in target.failures if not ENGINE_FAILS.fullmatch(one or "")} == set()
    assert grown < MEMORY_GROWTH
