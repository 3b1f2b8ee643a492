"""`livestorm-mock cases`: what the suite asks of a client, from the catalogue."""

import json
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from .check_options import Wanted, check_profiles, read_requirements
from .runs.baseline import Baseline
from .runs.catalogue import UnknownCaseError, all_cases_and_properties, find_case
from .runs.requirements import Requirements, all_sets, holding
from .suite.case import Case
from .suite.verdict_book import IN_EACH_CASE
from .usage import UsageError

SEVERITIES: Mapping[int, str] = {
    1: "1, a security hole, a lock-out or a loss",
    2: "2, the integration stops",
    3: "3, a wrong error",
    4: "4, looks",
}


def list_cases(profile: str | None, requirements: str | None, *, as_json: bool) -> None:
    """Print a line for each case and property, of one profile or of all, as a set scores it.

    Raises UsageError.
    """
    chosen = read_requirements(Wanted(requirements=requirements), Baseline())
    check_profiles([] if profile is None else [profile], chosen)
    cases = [
        case
        for case in all_cases_and_properties().values()
        if profile is None or chosen.profile_of(case.id) == profile
    ]
    console = Console()
    if as_json:
        console.print_json(json.dumps([describe(case, chosen) for case in cases]), indent=2)
        return
    table = Table("case", "", "level", "profile", "since", box=None, pad_edge=False)
    for case in cases:
        since = next(iter(holding(case.id)), "")
        table.add_row(case.id, case.name, case.level, chosen.shown_profile(case.id), since)
    console.print(table)


def show_case(name: str) -> None:
    """Print all that is known of a case. Raises UsageError."""
    try:
        case = find_case(name)
    except UnknownCaseError as error:
        raise UsageError(str(error)) from None
    console = Console(highlight=False)
    for line in _paragraphs(case):
        console.print(line, markup=False, soft_wrap=not console.is_terminal)


def describe(case: Case, requirements: Requirements) -> dict[str, object]:
    """Give a case as JSON, as a set scores it."""
    return {
        "case": case.id,
        "name": case.name,
        "level": case.level,
        "severity": case.severity,
        "profile": requirements.profile_of(case.id),
        "set": requirements.name,
        "scored": case.id in requirements.cases,
        "sets": holding(case.id),
        "requirement": case.requirement,
        "source": case.source,
        "injects": case.injects,
        "observes": case.observes,
        "needs": list(case.needs),
        "variants": _variants(case),
        "checks": [
            {
                "check": f"{case.id}:{name}",
                "level": case.level_of(name),
                "requirement": required,
                "sets": holding(case.id, name),
            }
            for name, required in case.checks.items()
        ],
    }


def _variants(case: Case) -> list[str]:
    return [one.name for one in case.variants if one.name]


def _paragraphs(case: Case) -> Iterator[str]:
    sets = holding(case.id)
    profile = all_sets()[sets[-1]].shown_profile(case.id) if sets else "none yet"
    yield f"{case.id} {case.name}"
    yield ""
    yield f"  {case.requirement}"
    yield ""
    facts: Mapping[str, Sequence[str]] = {
        "level": [case.level],
        "severity": [SEVERITIES[case.severity]],
        "profile": [profile],
        "sets": sets or ["none yet: run and shown, not scored"],
        "source": [case.source],
        "injected": [case.injects],
        "observed": [case.observes],
        "needs": case.needs,
        "variants": _variants(case),
    }
    for name, values in facts.items():
        if values:
            yield f"  {name:<9} {', '.join(values)}"
    yield ""
    yield "  checks"
    for name, required in {**case.checks, **IN_EACH_CASE}.items():
        of_check = holding(case.id, name)
        since = "" if of_check == sets else f" ({_since(of_check)})"
        yield f"    {case.id}:{name}: {required}{since}"
    yield ""
    yield f"  livestorm-mock check --client COMMAND --case {case.id}"


def _since(sets: Sequence[str]) -> str:
    """Say which sets score a check that not all sets with its case do."""
    return f"scored by {', '.join(sets)}" if sets else "in no set yet: shown, not scored"
