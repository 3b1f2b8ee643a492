"""What `docs/cases.md` lists: the cases and the properties."""

from livestorm_contract_tests.properties.properties import PROPERTIES
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.requirements import UNSCORED, newest
from livestorm_contract_tests.suite.case import Case

from .parts import table_row


def case_tables() -> str:
    """Give a Markdown table for each profile, and one for the properties."""
    known = all_cases()
    parts = []
    scored = newest()
    for name, profile in scored.profiles.items():
        rows = [_row(known[case]) for case in scored.cases_of(name)]
        parts.append(f"## {name}\n\nNeeds {', '.join(profile.requires)}.\n\n{_table(rows)}")
    if new := [_row(case) for case in known.values() if case.id not in scored.cases]:
        parts.append(f"## {UNSCORED.capitalize()} yet\n\n{_table(new)}")
    parts.append(f"## Properties\n\n{_table([_row(one.case) for one in PROPERTIES.values()])}")
    return "\n".join(parts)


def _table(rows: list[str]) -> str:
    return "".join(
        ["| case | required | level | checks | source |\n|---|---|---|---|---|\n", *rows]
    )


def _row(case: Case) -> str:
    checks = ", ".join(f"`{name}`" for name in case.checks)
    name = f"{case.id} {case.name}"
    return table_row(name, case.requirement, str(case.level), checks, case.source)
