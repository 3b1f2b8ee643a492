"""Measures what the fake costs: `python -m bench [--only NAME]... [--write]`.

Figures are ratios wherever they can be: what is compared runs in turn, on the same machine.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from . import (
    checking,
    collections,
    embedded,
    growth,
    listing,
    memory,
    page,
    peers,
    profile,
    refreshes,
    room,
    workers,
)
from . import round_trips as trips
from . import start as starting
from .load import LoadError
from .row import Row

MEASURES: dict[str, Callable[[], Iterable[Row]]] = {
    "start": starting.measure,
    "refreshes": refreshes.measure,
    "profile": profile.measure,
    "round-trips": trips.measure,
    "memory": memory.measure,
    "embedded": embedded.measure,
    "growth": growth.measure,
    "collections": collections.measure,
    "listing": listing.measure,
    "check": checking.measure,
    "workers": workers.measure,
    "room": room.measure,
}
_PEERS: dict[str, Callable[[], Iterable[Row]]] = {"peers": peers.measure}


def main() -> int:
    """Run the command; 1 where nothing could be measured."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=MEASURES, help="measure just this")
    parser.add_argument("--peers", action="store_true", help="compare other fakes instead")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    options = parser.parse_args()
    measures = _PEERS if options.peers else MEASURES
    rows: list[Row] = []
    try:
        for name in options.only or measures:
            for row in measures[name]():
                print(row.as_markdown(), flush=True)
                rows.append(row)
    except LoadError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    if options.write:
        today = datetime.now(UTC).date()
        part, command = ("peers", "bench-peers") if options.peers else ("figures", "bench")
        page.write(rows, part=part, command=f"make {command}", on=today, cores=os.cpu_count())
    return 0


if __name__ == "__main__":
    sys.exit(main())
