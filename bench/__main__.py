"""Measures what the fake costs: `python -m bench [--only NAME]... [--write]`.

Figures are ratios wherever they can be: what is compared runs in turn, on the same machine.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from . import growth, listing, page, refreshes, room, workers
from .load import LoadError
from .row import Row

MEASURES: dict[str, Callable[[], Iterable[Row]]] = {
    "refreshes": refreshes.measure,
    "growth": growth.measure,
    "listing": listing.measure,
    "workers": workers.measure,
    "room": room.measure,
}


def main() -> int:
    """Run the command; 1 where nothing could be measured."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=MEASURES, help="measure just this")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    options = parser.parse_args()
    rows: list[Row] = []
    try:
        for name in options.only or MEASURES:
            for row in MEASURES[name]():
                print(row.as_markdown(), flush=True)
                rows.append(row)
    except LoadError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    if options.write:
        today = datetime.now(UTC).date()
        page.write(rows, command="make bench", on=today, cores=os.cpu_count())
    return 0


if __name__ == "__main__":
    sys.exit(main())
