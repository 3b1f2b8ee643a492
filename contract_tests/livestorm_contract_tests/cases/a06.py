"""A06: several scopes are separated by one space."""

from collections.abc import Sequence
from functools import partial

from ..steps.callbacks import read_parameter
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, scopes: Sequence[str]) -> None:
    """Have the client ask for several scopes."""
    stage.client.configure(scopes=scopes)
    sent = read_parameter(stage.client.begin(), "scope") or ""
    told = f"decoded once the scope is {sent!r}"
    stage.check("one-space", sorted(sent.split(" ")) == sorted(scopes), told=told)


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
    variants=tuple(
        Variant(name=name, play=partial(play, scopes=scopes))
        for name, scopes in (
            ("two", ("identity:read", "events:read")),
            ("three", ("identity:read", "events:read", "webhooks:write")),
        )
    ),
)
