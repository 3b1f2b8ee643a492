"""The mutants that may survive, each with its reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .mutants import ROOT, Mutant

PATH = Path(__file__).with_name("survivors.txt")
EQUIVALENT = ROOT / "tests" / "client" / "mutants.txt"
"""Those that change nothing, which the client's own tests don't notice either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A line of the file; `*` stands for any text."""

    function: str
    line: str
    reason: str

    def is_about(self, mutant: Mutant) -> bool:
        """Tell whether the mutant changes the function that is meant."""
        return matches(self.function, mutant.function)

    def explains(self, mutant: Mutant) -> bool:
        """Tell whether the mutant is meant."""
        return self.is_about(mutant) and matches(self.line, mutant.line)


def matches(pattern: str, text: str) -> bool:
    """Compare, `*` standing for any text."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text) is not None


def read_explained() -> list[Explained]:
    """Read the file: function, changed line and reason, with ` | ` between them."""
    return read_lines(PATH)


def read_equivalent() -> list[Explained]:
    """Read what the client's own tests explain."""
    lines = read_lines(EQUIVALENT)
    return [replace(line, function=f"livestorm_client.{line.function}") for line in lines]


def read_lines(path: Path) -> list[Explained]:
    """Read a file, without its comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [read_line(line) for line in lines if line and line[0] != "#"]


def read_line(text: str) -> Explained:
    """Read one line; code may hold a bar, too."""
    function, _, rest = text.partition(" | ")
    line, _, reason = rest.rpartition(" | ")
    return Explained(function=function.strip(), line=line.strip(), reason=reason.strip())


def is_explained(mutant: Mutant, explained: Sequence[Explained]) -> bool:
    """Tell whether there is a reason for a mutant to survive."""
    return any(line.explains(mutant) for line in explained)


def stale(
    explained: Sequence[Explained],
    survivors: Sequence[Mutant],
    *,
    tried: Sequence[Mutant],
    left_out: Sequence[Mutant],
) -> list[Explained]:
    """Give the lines that explain no survivor, though all that they are about was tried."""
    return [
        line
        for line in explained
        if any(line.is_about(one) for one in tried)
        and not any(line.is_about(one) for one in left_out)
        and not any(line.explains(one) for one in survivors)
    ]
