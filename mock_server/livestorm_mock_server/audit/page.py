"""The page of the documentation that lists the rules: `docs/audit.md`.

`python -m livestorm_mock_server.audit.page docs/audit.md` brings it up to date.
"""

import re
import sys
from pathlib import Path

from .rules import RULES

_TABLE = re.compile(r"(?<=<!-- rules -->\n).*?(?=<!-- end of rules -->)", re.DOTALL)


def updated(page: str) -> str:
    """Give the page with the table of the rules as they are."""
    return _TABLE.sub(lambda _: rule_table(), page)


def rule_table() -> str:
    """Give the rules as a Markdown table."""
    rows = [f"| `{r.id}` | {r.severity} | {r.wrong} | {r.reference} |\n" for r in RULES]
    return "".join(["| rule | severity | the client | reference |\n|---|---|---|---|\n", *rows])


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(updated(path.read_text(encoding="utf-8")), encoding="utf-8")
