"""The badge: an SVG, and the JSON that shields' endpoint badges read."""

import json
from html import escape

from ..runs.run import Run, Score
from ..suite.verdicts import Verdict
from .findings import NO_PROFILE

LABEL = "livestorm"
_COLORS = {"brightgreen": "#4c1", "yellow": "#dfb317", "red": "#e05d44", "lightgrey": "#9f9f9f"}
_CHARACTER = 6.6
"""Pixels that a character takes on average, at 11 pixels Verdana."""


def badge_message(run: Run) -> str:
    """Give `core 52/52`, and how much failed in other profiles; a badge has room for one."""
    told = next((f"{name} {_score(score)}" for name, score in run.scores.items()), NO_PROFILE)
    shown = next(iter(run.scores), None)
    profile_of = run.requirements.profile_of
    failed = sum(one.fails for one in run.results if profile_of(one.case.id) != shown)
    return f"{told} · {failed} failed elsewhere" if failed else told


def _score(score: Score) -> str:
    return "not supported" if score.lacks else f"{score.passed}/{score.judged}"


def badge_color(run: Run) -> str:
    """Give green where all that was judged passed, red where a broken MUST is among the rest."""
    if not any(score.judged for score in run.scores.values()):
        return "lightgrey"
    if run.exit_status == 0:
        return "brightgreen"
    failed = [one for one in run.results if one.fails and one.verdict is not Verdict.XPASS]
    severe = any(one.case.severity == 1 for one in failed)
    return "red" if severe else "yellow"


def write_shields(run: Run) -> str:
    """Give the JSON of an endpoint badge."""
    message = {
        "schemaVersion": 1,
        "label": LABEL,
        "message": badge_message(run),
        "color": badge_color(run),
    }
    return json.dumps(message, ensure_ascii=False) + "\n"


def write_svg(run: Run) -> str:
    """Give the badge as SVG."""
    message, color = badge_message(run), _COLORS[badge_color(run)]
    widths = [round(len(text) * _CHARACTER) for text in (LABEL, message)]
    left, right = (width + 12 for width in widths)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" '
        f'role="img" aria-label="{escape(LABEL)}: {escape(message)}">'
        f"<title>{escape(LABEL)}: {escape(message)}</title>"
        f'<rect width="{left}" height="20" fill="#555"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{color}"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" '
        'text-anchor="middle">'
        f'<text x="{left / 2}" y="14" textLength="{widths[0]}">{escape(LABEL)}</text>'
        f'<text x="{left + right / 2}" y="14" textLength="{widths[1]}">{escape(message)}</text>'
        "</g></svg>\n"
    )
