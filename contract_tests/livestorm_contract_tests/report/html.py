"""The report as one HTML file that needs nothing else: no script, no other file."""

from collections.abc import Mapping, Sequence
from functools import cache

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from ..runs.run import Run
from ..suite.causes import cause_of
from .findings import expired, findings, loud, replay_command, scores_told, skips, told_lists
from .grouping import causes_of


def write_html(run: Run) -> str:
    """Give the page: what to mend, then each case that did not pass, with sequence diagrams."""
    drawing = _templates().get_template("diagram.svg")

    def diagram(exchanges: Sequence[Mapping[str, object]]) -> Markup:
        return Markup(drawing.render(exchanges=exchanges))  # noqa: S704 - rendered with autoescape

    page = _templates().get_template("report.html")
    return page.render(
        client=run.ready.client,
        message=scores_told(run),
        seed=run.settings.seed,
        strict=run.settings.strict,
        scores=run.scores,
        expired=expired(run),
        compared=run.compared,
        told_lists=told_lists,
        causes=causes_of(run),
        cause_of=cause_of,
        with_code=_with_code,
        loud=loud(run.results),
        results=run.results,
        findings=findings,
        skips=skips,
        replay_command=replay_command,
        requirements=run.requirements,
        diagram=diagram,
    )


def _with_code(text: str) -> Markup:
    """Show what stands between backticks as code."""
    parts = text.split("`")
    shown = [
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part)
        for index, part in enumerate(parts)
    ]
    return Markup().join(shown)


@cache
def _templates() -> Environment:
    return Environment(loader=PackageLoader(__package__), autoescape=True, trim_blocks=True)
