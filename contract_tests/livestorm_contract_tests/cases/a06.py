"""A06: several scopes are separated by one space."""

from collections.abc import Sequence

from ..steps.callbacks import read_parameter
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Have the client ask for several scopes."""
    asked = SCOPES[stage.variant]
    stage.client.configure(scopes=asked)
    sent = read_parameter(stage.client.begin(), "scope") or ""
    told = f"decoded once the scope is {sent!r}"
    stage.check("one-space", sorted(sent.split(" ")) == sorted(asked), told=told)


SCOPES: dict[str, Sequence[str]] = {
    "two": ("identity:read", "events:read"),
    "three": ("identity:read", "events:read", "webhooks:write"),
}

CASE = Case(
    id="A06",
    name="authorization/several-scopes",
    level=Level.MUST,
    severity=3,
    requirement="scopes are separated by one space, encoded as %20 or +",
    source="RFC 6749, section 3.3",
    injects="nothing; several scopes are asked for",
    observes="the authorization URL",
    checks={"one-space": "decoded once, the scope is the wanted scopes with one space between"},
    needs=("begin",),
    variants=tuple(Variant(name=name) for name in SCOPES),
    play=play,
)
