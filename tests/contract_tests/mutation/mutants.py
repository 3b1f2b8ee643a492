"""The mutants of the reference client, all in one copy of it."""

import compileall
import difflib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

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

    @property
    def mangled(self) -> str:
        """What mutmut calls the function."""
        return self.id.partition("__mutmut_")[0]

    @property
    def module(self) -> str:
        """The last part of the module's name."""
        return self.function.split(".")[1]


def write_mutants() -> list[Mutant]:
    """Write the changed client to `COPY`; give its mutants."""
    shutil.rmtree(STAGE, ignore_errors=True)
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
    module = f"livestorm_client.{path.stem}".removesuffix(".__init__")
    mutants = []
    for name in mutated.mutant_names:
        function, class_name = orig_function_and_class_names_from_key(f"{module}.{name}")
        original = texts[f"{name.partition('__mutmut_')[0]}__mutmut_orig"]
        mutants.append(
            Mutant(
                id=f"{module}.{name}",
                function=".".join(filter(None, (module, class_name, function))),
                line=read_change(original, texts[name]),
            )
        )
    return mutants


def read_change(before: list[str], after: list[str]) -> str:
    """Give the first line that became another one."""
    changed = [line[1:].strip() for line in difflib.ndiff(before[1:], after[1:]) if line[0] == "+"]
    told = [line for line in changed if "__mutmut_" not in line]
    return told[0] if told else "(a line is gone)"
