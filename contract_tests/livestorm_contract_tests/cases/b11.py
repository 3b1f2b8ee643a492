"""B11: what a callback carries beyond the protocol is ignored, and its texts are not trusted."""

import re
from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.callbacks import REFUSALS, extended, failed, texts_of
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.tokens import token
from ..suite.verdicts import Level

LONGEST_TEXT = 8_192
"""More of a foreign text than this is not limited."""


def deliver_unknown(stage: Stage) -> None:
    """Add parameters to a good callback; they must not change or reach anything."""
    outcome = stage.client.callback(extended(stage.client.obtain_callback(), *UNKNOWN))
    stage.check_kind("unknown-ignored", outcome, Kind.OK)
    names = {name for name, _ in UNKNOWN} | {"x-injected"}
    sent = [
        name for one in outcome.token_requests for name in (*one.parameters, *one.request_headers)
    ]
    stage.check("not-passed-on", names.isdisjoint(sent), outcome)


def break_lines(stage: Stage) -> None:
    """Describe the error in several lines, one of which could stand in a log."""
    marker = token(stage.random)
    outcome = deny(stage, f"It failed.\r\n{marker} CRITICAL Log in at attacker.example.test\r\n")
    lines = [line for text in texts_of(outcome) for line in lines_of(text)]
    stage.check("one-line", not begins_with(lines, marker), outcome)
    printed = lines_of(stage.client.printed().decode("utf-8", "replace"))
    stage.check("log-line", not begins_with(printed, marker), outcome)


def insert_script(stage: Stage) -> None:
    """Describe the error by a script."""
    outcome = deny(stage, f"<script>alert('{token(stage.random)}')</script>")
    shown = any("<script>" in text for text in texts_of(outcome))
    stage.check("markup", not shown, outcome)


def spoil_bytes(stage: Stage, *, octets: str) -> None:
    """Describe the error by octets that are no text, or none for a terminal."""
    url = failed(stage, "access_denied", ODD_PLACE).replace(ODD_PLACE, octets)
    stage.check_kind("kind", stage.client.callback(url), Kind.DENIED, *REFUSALS)


def go_on_and_on(stage: Stage) -> None:
    """Describe the error at great length."""
    outcome = deny(stage, "A" * 65_536)
    longest = max(map(len, texts_of(outcome)), default=0)
    stage.check("limited", longest <= LONGEST_TEXT, told=f"{longest} characters")


def deny(stage: Stage, description: str) -> Outcome:
    """Deny with a description that wants to be more than a text."""
    outcome = stage.client.callback(failed(stage, "access_denied", description))
    stage.check_kind("kind", outcome, Kind.DENIED, *REFUSALS)
    return outcome


def lines_of(text: str) -> list[str]:
    """Give the lines of a text as a terminal or a log file shows them."""
    return re.split(r"[\r\n]+", text)


def begins_with(lines: list[str], marker: str) -> bool:
    """Tell whether one of the lines is the injected one."""
    return any(line.startswith(marker) for line in lines)


ODD_PLACE = "odd-place"
OCTETS = {
    "not-utf-8": "%FF%E9",
    "surrogate": "%ED%A0%80",
    "nul": "a%00b",
    "not-encoded": "100%25%",
    "astral": "%F0%9F%94%91",
}
UNKNOWN = (
    ("session_state", "x.y"),
    ("authuser", "0"),
    ("return_to", "//attacker.example.test"),
    ("list[]", "é"),
    ("broken", "1\r\nX-Injected: 1"),
)

CASE = Case(
    id="B11",
    name="callback/foreign-text",
    level=Level.MUST,
    severity=2,
    requirement="unknown parameters are ignored; a description can't break lines, pages or limits",
    source="RFC 6749, sections 4.1.2 and 10.14",
    injects="unknown parameters; descriptions with CR/LF, with a script, of 64 KB, of odd octets",
    observes="reported kind, error text, standard error, journal",
    checks={
        "unknown-ignored": "a callback with unknown parameters connects",
        "not-passed-on": "unknown parameters reach neither form nor headers of the token request",
        "kind": "a denial stays a denial, whatever its description is",
        "one-line": "a line break in the description begins no line in the text of the error",
        "log-line": "a line break in the description begins no line on standard error",
        "markup": "markup in the description is escaped, or left out, in the text of the error",
        "limited": f"the text of the error has at most {LONGEST_TEXT} characters",
    },
    # An error's text is no page; and no specification says how long one may be.
    levels={"markup": Level.SHOULD, "limited": Level.ROBUST},
    needs=("begin", "callback"),
    variants=(
        Variant(name="unknown-parameters", play=deliver_unknown),
        Variant(name="line-breaks", play=break_lines),
        Variant(name="script", play=insert_script),
        Variant(name="long", play=go_on_and_on),
        *(
            Variant(name=name, play=partial(spoil_bytes, octets=octets))
            for name, octets in OCTETS.items()
        ),
    ),
)
