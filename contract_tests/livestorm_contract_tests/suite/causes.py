"""Root causes: what a developer has to change, and the checks that show it."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from .verdicts import Verdict

ENDS: Final = (Verdict.HANG, Verdict.CRASH, Verdict.ERROR)
"""How a case ends that could not be judged to its end; each has a cause as a check has."""


class Cause(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One behaviour of a client that is wrong."""

    id: str
    title: str
    does: str
    """What a correct client does, after the words `a correct client`."""
    remedy: str
    """What to change in the code, in two or three sentences."""
    link: str
    """Where that is said."""
    checks: str
    """Full ids, `C09:store-unchanged`, or names that mean the same in all cases, with spaces.

    `kind=bug` is one of an operation that was reported so.
    """
    is_consequence: bool = False
    """Whether, in a case that shows another cause, it is only what follows from that."""

    @property
    def source(self) -> str:
        """What the link leads to, in words: `RFC 6749, section 10.12`."""
        document, _, part = self.link.partition("#")
        name = document.rpartition("/rfc")[2]
        if name.isdecimal():
            return f"RFC {name}, {part.replace('-', ' ')}"
        return f"JSON:API, {part.replace('-', ' ')}"

    @property
    def first_step(self) -> str:
        """The first sentence of the remedy."""
        return f"{self.remedy.partition('. ')[0].removesuffix('.')}."


@cache
def causes() -> Mapping[str, Cause]:
    """Give every cause by its id."""
    text = (files(__package__) / "causes.toml").read_text(encoding="utf-8")
    table = {name: {"id": name, **rest} for name, rest in tomllib.loads(text).items()}
    return msgspec.convert(table, dict[str, Cause])


@cache
def cause_by_check() -> Mapping[str, Cause]:
    """Give the cause of each full id and each name that the table has."""
    return {check: one for one in causes().values() for check in one.checks.split()}


def cause_of(check: str, reported: str = "") -> Cause:
    """Give the cause of a check, or of an end, `C09:HANG`, by how the operation was reported.

    Raises LookupError without one.
    """
    by_check, name = cause_by_check(), check.partition(":")[2]
    for key in (f"{check}={reported}", f"{name}={reported}", check):
        if key in by_check:
            return by_check[key]
    return by_check[name]


def causes_that_may_be(check: str) -> set[str]:
    """Give the ids of the causes that a check has, however the operation was reported."""
    kinds = {key.partition("=")[2] for key in cause_by_check()}
    return {cause_of(check, kind).id for kind in kinds}
