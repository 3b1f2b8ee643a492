"""What README.md shows of `docs/scoreboard.md`, which `make scoreboard` writes."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "scoreboard.md"


def core_table() -> str:
    """Give what each client gets in the profile core, the best first, as a Markdown table."""
    found = re.findall(r"^\| \[(.+?)\]\(.+?\) (\S+) \| (\d+)/(\d+)", PAGE.read_text("utf-8"), re.M)
    ranked = sorted(found, key=lambda one: -int(one[2]) / int(one[3]))
    rows = [f"| {name} {version} | {passed} of {put} |\n" for name, version, passed, put in ranked]
    return "".join(["| library | core |\n|---|---|\n", *rows])
