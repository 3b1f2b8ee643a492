"""The report as one HTML page that needs nothing else; its script only filters and unfolds."""

import base64
import hashlib
import re
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from ..runs.run import Run
from ..suite.case_result import CaseResult
from ..suite.causes import Cause, cause_of
from ..suite.verdicts import Verdict
from .findings import (
    WORST_FIRST,
    Finding,
    counts,
    end_of,
    expired,
    findings,
    loud,
    name_of,
    replay_command,
    scores_told,
    skips,
    told_lists,
)
from .foreign_text import cleaned
from .grouping import CauseFound, causes_of

_RFC: Final = re.compile(r"RFC (\d+)(?:, sections? ([\d.]*\d))?")


def write_html(run: Run) -> str:
    """Give the page: totals, what to mend, then each case with what shows that it did not pass."""
    causes, shown = causes_of(run), loud(run.results)
    page = _templates().get_template("report.html")
    return page.render(
        run=run,
        client=run.ready.client,
        name=name_of(run.ready.client),
        version=version("livestorm-mock"),
        message=scores_told(run),
        counts=counts(run.results),
        expired=expired(run),
        verdicts=[one for one in WORST_FIRST if any(it.verdict is one for it in run.results)],
        profiles=list(dict.fromkeys(_profile(run, one) for one in run.results)),
        causes=causes,
        loud=shown,
        quiet=[one for one in run.results if one not in shown],
        profile=lambda result: _profile(run, result),
        data=lambda result: _data(run, result, causes),
        cause=lambda result, finding: _cause(result, finding, causes),
    )


def render(template: str, **values: object) -> str:
    """Give another page of this package, with the same style."""
    return _templates().get_template(template).render(**values)


def _findings(result: CaseResult) -> list[Finding]:
    """Give what did not pass, and where it hung, whose reason stands above."""
    if result.hung_at is None:
        return findings(result)
    return [*findings(result), replace(end_of(result, Verdict.HANG), found="")]


def _data(run: Run, result: CaseResult, causes: list[CauseFound]) -> Markup:
    """Give the attributes by which a case is filtered."""
    names = [one.cause.id for one in causes if any(it.case is result.case for it in one.cases)]
    profile = _profile(run, result).replace(" ", "-")
    return Markup('data-verdict="{}" data-profile="{}" data-causes="{}"').format(
        result.verdict, profile, " ".join(names)
    )


def _cause(result: CaseResult, finding: Finding, causes: list[CauseFound]) -> Cause | None:
    """Give the cause that a finding is counted for; of several, that of what was reported."""
    counted = [
        one.cause
        for one in causes
        if any(shown.check == finding.check for shown in one.of_case(result))
    ]
    own = cause_of(finding.check, finding.reported)
    return own if own in counted else next(iter(counted), None)


def _profile(run: Run, result: CaseResult) -> str:
    return run.requirements.shown_profile(result.case.id)


def _harmless(value: object) -> object:
    """Clean each text that comes into the page; markup is ours."""
    return cleaned(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _with_code(text: str) -> Markup:
    """Show what stands between backticks as code."""
    parts = text.split("`")
    shown = [
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part)
        for index, part in enumerate(parts)
    ]
    return Markup().join(shown)


def _with_sources(text: str) -> Markup:
    """Link each RFC that a text names."""
    parts, last = [], 0
    for found in _RFC.finditer(text):
        section = f"#section-{found[2]}" if found[2] else ""
        link = f"https://www.rfc-editor.org/rfc/rfc{found[1]}{section}"
        shown = Markup('<a href="{}">{}</a>').format(link, found[0])
        parts += [escape(text[last : found.start()]), shown]
        last = found.end()
    return Markup().join([*parts, escape(text[last:])])


@cache
def _asset(name: str) -> Markup:
    """Give a file of ours that goes into the page as it is."""
    text = (files(__package__) / "templates" / name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - no part of it is of a run


def _policy(script: str) -> str:
    """Let nothing be loaded or run but the page's own style and script."""
    allowed = {"style-src": _digest("report.css"), "script-src": _digest(script)}
    rules = [f"{name} 'sha256-{digest}'" for name, digest in allowed.items()]
    return "; ".join(["default-src 'none'", *rules, "base-uri 'none'", "form-action 'none'"])


def _digest(name: str) -> str:
    return base64.b64encode(hashlib.sha256(_asset(name).encode()).digest()).decode()


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader(__package__), autoescape=True, trim_blocks=True, finalize=_harmless
    )
    made.globals |= {
        "findings": _findings,
        "live_policy": _policy("live.js"),
        "live_script": _asset("live.js"),
        "policy": _policy("report.js"),
        "replay_command": replay_command,
        "script": _asset("report.js"),
        "skips": skips,
        "style": _asset("report.css"),
        "told_lists": told_lists,
        "with_code": _with_code,
        "with_sources": _with_sources,
    }
    return made
