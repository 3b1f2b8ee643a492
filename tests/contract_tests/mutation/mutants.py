"""The mutants of the reference client, all in one copy of it."""

import compileall
import difflib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

ROOT = Path(__file__).parents[3]
STAGE = ROOT / "build" / "mutants-contract"
COPY = STAGE / "mutants"
"""Where the changed client is to be imported from."""
SETTINGS = "[mutmut]\nsource_paths = livestorm_client\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One small change of one function."""

    id: str
    """What `MUTANT_UNDER_TEST` selects it by."""
    function: str
    """`livestorm_client.pacing.Gate.pause`."""
    line: str
    """The changed line, as it became."""
    at: tuple[str, int]
    """The statement before the change, which a play has to run: the file's name and the number of
    its first line."""

    @property
    def module(self) -> str:
        """The last part of the module's name."""
        return self.function.split(".")[1]


def write_mutants() -> list[Mutant]:
    """Write the changed client to `COPY`; give its mutants."""
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(ROOT / "client", COPY)
    (STAGE / "setup.cfg").write_text(SETTINGS)
    os.chdir(STAGE)
    paths = sorted((COPY / "livestorm_client").glob("*.py"))
    mutants = [mutant for path in paths for mutant in mutate_module(path)]
    compileall.compile_dir(COPY, quiet=1)
    return mutants


def mutate_module(path: Path) -> list[Mutant]:
    """Replace a module by one that holds all its mutants."""
    mutated = mutate_file_contents(str(path.relative_to(STAGE)), path.read_text(encoding="utf-8"))
    path.write_text(mutated.code, encoding="utf-8")
    lines, spans = mutated.code.splitlines(), mutated.line_span_by_function_name
    texts = {name: lines[span.start - 1 : span.end] for name, span in spans.items()}
    starts = sorted(set(lines_that_run(compile(mutated.code, str(path), "exec"))))
    module = f"livestorm_client.{path.stem}".removesuffix(".__init__")
    mutants = []
    for name in mutated.mutant_names:
        function, class_name = orig_function_and_class_names_from_key(f"{module}.{name}")
        original = f"{name.partition('__mutmut_')[0]}__mutmut_orig"
        offset, line = read_change(texts[original], texts[name])
        first = spans[original].start
        mutants.append(
            Mutant(
                id=f"{module}.{name}",
                function=".".join(filter(None, (module, class_name, function))),
                line=line,
                at=(path.name, statement_at(first + offset, first, spans[original].end, starts)),
            )
        )
    return mutants


def lines_that_run(code: CodeType) -> Iterator[int]:
    """Give the numbers of the lines that a trace can tell of."""
    yield from (line for _, _, line in code.co_lines() if line)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from lines_that_run(constant)


def statement_at(line: int, first: int, last: int, starts: Sequence[int]) -> int:
    """Give the line that runs where this one does, in a function from `first` to `last`.

    That is the line itself or one before; for a change of the head, the function's first.
    """
    inside = [one for one in starts if first < one <= last]
    return max((one for one in inside if one <= line), default=inside[0])


def read_change(before: Sequence[str], after: Sequence[str]) -> tuple[int, str]:
    """Give the first line that became another one: its place, from 0, and what it became.

    The function's name, which changes as well, does not count.
    """
    renamed = [re.sub(r"__mutmut_[0-9]+\b", "__mutmut_orig", line) for line in after]
    matcher = difflib.SequenceMatcher(None, before, renamed, autojunk=False)
    changes = [one for one in matcher.get_opcodes() if one[0] != "equal"]
    _, place, _, start, end = changes[0]
    return place, renamed[start].strip() if start < end else "(a line is gone)"
