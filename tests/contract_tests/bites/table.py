"""What a table of broken clients is made of, and where the tables are."""

import pkgutil
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import KW_ONLY, dataclass, field
from functools import cache
from importlib import import_module

from livestorm_contract_tests.properties.script import Arm, Script, Step
from livestorm_contract_tests.suite.verdicts import Verdict

from ..model_client.client import name_of
from ..model_client.part import Part

_TABLE_NAME = re.compile(r"[a-jp]\d\d")


@dataclass(frozen=True, slots=True)
class Bite:
    """A client, by the parts that it replaces, and the checks that it fails, and no others.

    Without `fails` it is right. A property has the names of invariants in the place of checks.
    """

    replaced: type[Part] | tuple[type[Part], ...]
    fails: Set[str] = frozenset()
    _: KW_ONLY
    verdict: Verdict | None = None
    """What the case ends with, where that is neither PASS without `fails` nor FAIL with."""
    apart: bool = False
    """Whether it has a process of its own: for kills, stores, memory and standard error."""
    strict: bool = True
    patience: float = 1.0
    """The factor of the seconds that the suite waits; below 1, what hangs is found sooner."""
    script: Script | None = None
    """What a property is tried with, in the place of what is drawn."""
    examples: int = 40
    """How many scripts are drawn for a property."""

    @property
    def parts(self) -> tuple[type[Part], ...]:
        """The parts that are replaced, none for the model client itself."""
        return self.replaced if isinstance(self.replaced, tuple) else (self.replaced,)

    @property
    def name(self) -> str:
        """The name in the ids of tests, with what tells rows of one client apart."""
        ways = [
            way for way, is_so in (("apart", self.apart), ("lenient", not self.strict)) if is_so
        ]
        steps = [] if self.script is None else map(_word, self.script.steps)
        return "-".join([name_of(self.parts), *ways, *steps])

    @property
    def expected(self) -> Verdict:
        """The verdict on the case."""
        return self.verdict or (Verdict.FAIL if self.fails else Verdict.PASS)


@dataclass(frozen=True, slots=True)
class Table:
    """The clients that a case or a property is tried with."""

    rows: Sequence[Bite]
    _: KW_ONLY
    follows: Mapping[str, Set[str]] = field(default_factory=dict)
    """What fails by necessity where a check fails, which can't fail alone."""


@cache
def tables() -> Mapping[str, Table]:
    """Give the tables, by the id of their case or property."""
    names = [one.name for one in pkgutil.iter_modules(import_module(__package__).__path__)]
    return {
        name.upper(): import_module(f".{name}", __package__).TABLE
        for name in names
        if _TABLE_NAME.fullmatch(name)
    }


def _word(step: Step) -> str:
    """Name a step, or the fault that it arms."""
    if isinstance(step, Arm):
        return f"{step.fault['fault']}{step.fault.get('status', '')}"
    return type(step).__name__.lower()
