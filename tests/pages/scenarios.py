"""What `docs/scenarios.md` lists: the scenarios, by the cases that they show."""

from collections import defaultdict
from collections.abc import Iterable

from livestorm_mock_server import Scenario
from livestorm_mock_server.scenario_files import load_scenario, scenario_names

from ..scenarios.catalogue import SECTIONS


def scenario_tables() -> str:
    """Give a Markdown table for each section of the catalogue."""
    sections: defaultdict[str, list[str]] = defaultdict(list)
    for name in scenario_names():
        scenario = load_scenario(name)
        sections[scenario.cases[0][0]].append(_row(name, scenario))
    tables = [_table(SECTIONS[letter][0], rows) for letter, rows in sorted(sections.items())]
    return "\n".join(tables)


def _table(heading: str, rows: Iterable[str]) -> str:
    head = "| name | situation | a correct client should | cases |\n|---|---|---|---|"
    return "\n".join([f"## {heading}", "", head, *rows, ""])


def _row(name: str, scenario: Scenario) -> str:
    cells = (
        f"`{name}`",
        _escaped(scenario.title),
        _escaped(scenario.client_should),
        ", ".join(scenario.cases),
    )
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """Escape what Markdown would take for markup, code spans apart."""
    parts = text.split("`")
    parts[::2] = [part.replace("_", r"\_").replace("|", r"\|") for part in parts[::2]]
    return "`".join(parts)
