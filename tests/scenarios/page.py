"""`docs/scenarios.md`, made from the files; `python -m tests.scenarios.page` writes it anew."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from livestorm_mock_server import Scenario
from livestorm_mock_server.scenario import load_scenario, scenario_names

from .catalogue import SECTIONS

PAGE = Path(__file__).parents[2] / "docs" / "scenarios.md"

_INTRODUCTION = """\
# Scenarios

The situations that the fake can be put into: `livestorm-mock serve --scenario NAME`, \
`MockLivestorm(scenario=...)`, `@pytest.mark.livestorm(scenario=...)`, or `{"scenario": NAME}` in \
`POST /_mock/sandboxes`. `livestorm-mock scenarios list` prints their names, \
`livestorm-mock scenarios show NAME` says what one sets, and \
`livestorm-mock scenarios validate FILE...` checks files of your own.

Each file sets only what differs from the defaults. The ids in the last column are those of the \
client failures that a scenario shows; it stands under the first of them.

This page is made from the files: `python -m tests.scenarios.page` writes it anew.
"""


def render_page() -> str:
    """Give the page."""
    sections: defaultdict[str, list[str]] = defaultdict(list)
    for name in scenario_names():
        scenario = load_scenario(name)
        sections[scenario.cases[0][0]].append(_row(name, scenario))
    tables = [_table(SECTIONS[letter][0], rows) for letter, rows in sorted(sections.items())]
    return "\n".join([_INTRODUCTION, *tables])


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


if __name__ == "__main__":
    PAGE.write_text(render_page(), encoding="utf-8")
