"""What `docs/cases.md` lists: the cases and the properties."""

from livestorm_contract_tests.properties.properties import PROPERTIES
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.sets import profiles
from livestorm_contract_tests.suite.case import Case


def case_tables() -> str:
    """Give a Markdown table for each profile, and one for the properties."""
    known = all_cases()
    parts = []
    for name, profile in profiles().items():
        rows = [_row(known[case]) for case in profile.cases]
        parts.append(f"## {name}\n\nNeeds {', '.join(profile.requires)}.\n\n{_table(rows)}")
    parts.append(f"## Properties\n\n{_table([_row(one.case) for one in PROPERTIES.values()])}")
    return "\n".join(parts)


def _table(rows: list[str]) -> str:
    return "".join(
        ["| case | required | level | checks | source |\n|---|---|---|---|---|\n", *rows]
    )


def _row(case: Case) -> str:
    checks = ", ".join(f"`{name}`" for name in case.checks)
    cells = (f"{case.id} {case.name}", case.requirement, str(case.level), checks, case.source)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"
