"""`make docs`: bring the pages up to date that are made from the code."""

from collections.abc import Callable, Mapping
from pathlib import Path

import livestorm_contract_tests.runs.page as cases
import livestorm_mock_server.arming.page as faults
import livestorm_mock_server.audit.page as audit
import livestorm_mock_server.control.page as control

from .architecture import page as layers
from .fidelity import report
from .scenarios import page as scenarios

ROOT = Path(__file__).parents[1]
MADE: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "ARCHITECTURE.md": {
        "layers of the fake": lambda: layers.picture("livestorm_mock_server"),
        "layers of the contract tests": lambda: layers.picture("livestorm_contract_tests"),
    },
    "docs/audit.md": {"rules": audit.rule_table},
    "docs/cases.md": {"cases": cases.case_tables},
    "docs/control-api.md": {"operations": control.operation_table},
    "docs/faults.md": {"keys": faults.key_tables, "kinds": faults.kind_sections},
    "docs/fidelity.md": {"fidelity": lambda: report.section(report.judge_releases())},
    "docs/scenarios.md": {"scenarios": scenarios.scenario_tables},
}
"""What is made of each page: the parts from `<!-- name -->` to `<!-- end of name -->`.

The scoreboard is not here: `make scoreboard` installs libraries and takes long.
"""


def updated(name: str, page: str) -> str:
    """Give a page with its parts as they are now."""
    for part, make in MADE[name].items():
        begin, end = f"<!-- {part} -->\n", f"<!-- end of {part} -->"
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = f"{before}{begin}{make()}{end}{after}"
    return page


def main() -> None:
    """Write all pages."""
    for name in MADE:
        path = ROOT / name
        path.write_text(updated(name, path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
