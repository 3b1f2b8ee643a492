"""`make first`: from a clone to the first green test, as the tutorials begin.

Each is run as it stands, but for the address of the repository, which is this one.
"""

import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ..pages.blocks import blocks_of
from ..pages.reader import logical_lines
from .ways import ROOT, Machine

PAGES: Final[Mapping[str, str]] = {
    "Python": "docs/first-test.md",
    "Node": "docs/first-test-javascript.md",
}
MOST: Final = 300
"""Seconds that it may take."""
_SHORT: Final = 100
"""Columns of a command that is shown."""


def commands(page: str) -> list[str]:
    """Give the commands of a page."""
    (block,) = (one for one in blocks_of(ROOT / page) if "make first" in (one.reason or ""))
    return logical_lines(block.text)


def main() -> int:
    """Run them, and tell how long each took; give the exit status."""
    status = 0
    for language, page in PAGES.items():
        with tempfile.TemporaryDirectory() as home:
            machine, began = Machine(Path(home)), time.monotonic()
            for line in commands(page):
                step = time.monotonic()
                done = machine.run(machine.here(line))
                seconds = time.monotonic() - step
                print(f"{language}  {seconds:6.1f} s  {line[:_SHORT]}", flush=True)
                if done.returncode:
                    print(done.stdout)
                    status = 1
                    break
            total = time.monotonic() - began
            late = f", more than the {MOST} s that it may take" if total > MOST else ""
            print(f"{language}  {total:6.1f} s  in all{late}", flush=True)
            status |= bool(late)
    return status


if __name__ == "__main__":
    sys.exit(main())
