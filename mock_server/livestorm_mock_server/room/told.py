"""All that the room shows of a sandbox, for the page that asks nobody."""

import json
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from ..audit.audit import audit
from ..beside import call_beside
from ..journal.entry import Entry
from ..overview import overview
from ..sandbox import Sandbox
from ..token_families import token_families
from .page import page_with

MOST_BYTES: Final = 8_000_000
"""Of the newest exchanges."""


async def export_html(sandbox: Sandbox, base_url: str | None = None) -> str:
    """Give the control room as one page that needs no server; it holds what the journal holds."""
    findings = [one.as_json() for one in await audit(sandbox)]
    families = msgspec.to_builtins(await token_families(sandbox))
    told = {
        "clock": {"now": sandbox.clock.now(), "frozen": sandbox.clock.frozen},
        "overview": await overview(sandbox, base_url),
        "tokens": families,
        "faults": {"faults": [one.as_json() for one in await sandbox.armed()]},
        "audit": {"findings": findings},
    }
    entries = await sandbox.exchanges()

    def write() -> str:
        exchanges = _newest(entries)
        left_off = len(entries) - len(exchanges)
        return page_with({**told, "exchanges": exchanges, "left_off": left_off})

    return await call_beside(write, size=len(entries))


def _newest(entries: Sequence[Entry]) -> list[dict[str, object]]:
    return list(_within(MOST_BYTES, reversed(entries)))[::-1]


def _within(bytes_left: int, newest_first: Iterable[Entry]) -> Iterable[dict[str, object]]:
    for entry in newest_first:
        told = entry.as_json()
        bytes_left -= len(json.dumps(told))
        if bytes_left < 0:
            return
        yield told
