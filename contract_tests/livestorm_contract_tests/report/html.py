"""The report as one HTML file that needs nothing else: no script, no other file."""

from collections.abc import Mapping, Sequence

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from ..suite.run import Run
from ..suite.sets import profile_of
from ..suite.verdicts import Verdict
from .badge import badge_message
from .findings import findings, replay_command, skips, sorted_results

_QUIET = (Verdict.PASS, Verdict.SKIP)


def write_html(run: Run) -> str:
    """Give the page, with a sequence diagram for each check that did not pass."""
    templates = Environment(loader=PackageLoader(__package__), autoescape=True, trim_blocks=True)
    drawing = templates.get_template("diagram.svg")

    def diagram(exchanges: Sequence[Mapping[str, object]]) -> Markup:
        return Markup(drawing.render(exchanges=exchanges))  # noqa: S704 - rendered with autoescape

    results = sorted_results(run.results)
    return templates.get_template("report.html").render(
        client=run.ready.client,
        message=badge_message(run),
        seed=run.settings.seed,
        strict=run.settings.strict,
        scores=run.scores,
        loud=[one for one in results if one.verdict not in _QUIET],
        results=sorted(results, key=lambda one: one.case.id),
        findings=findings,
        skips=skips,
        replay_command=replay_command,
        profile_of=profile_of,
        diagram=diagram,
    )
