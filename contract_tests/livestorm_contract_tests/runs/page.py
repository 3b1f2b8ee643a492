"""What `docs/cases.md` lists: the cases and the properties."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files

from ..properties.properties import PROPERTIES
from ..suite.case import Case
from .catalogue import all_cases
from .sets import profiles


def unchecked() -> Mapping[str, str]:
    """Give the cases that can't be checked over the protocol, each with its reason."""
    file = files("livestorm_contract_tests.cases") / "unchecked.toml"
    if not file.is_file():
        return {}
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    return {case: str(entry["reason"]) for case, entry in read.items()}


def case_tables() -> str:
    """Give a Markdown table for each profile, and one for the properties."""
    known, reasons = all_cases(), unchecked()
    parts = []
    for name, profile in profiles().items():
        rows = [_row(known[case]) for case in profile.cases if case in known]
        rows += [
            f"| {case} | not checked: {reasons[case]} | | | |\n"
            for case in profile.cases
            if case in reasons
        ]
        parts.append(f"## {name}\n\nNeeds {', '.join(profile.requires)}.\n\n{_table(rows)}")
    parts.append(f"## Properties\n\n{_table([_row(one.case) for one in PROPERTIES])}")
    return "\n".join(parts)


def _table(rows: list[str]) -> str:
    return "".join(
        ["| case | required | level | checks | source |\n|---|---|---|---|---|\n", *rows]
    )


def _row(case: Case) -> str:
    checks = ", ".join(f"`{name}`" for name in case.checks)
    cells = (f"{case.id} {case.name}", case.requirement, str(case.level), checks, case.source)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"
