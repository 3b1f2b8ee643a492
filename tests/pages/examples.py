"""Examples under `check`: what it says of the naive ones, what changes, what it says at last.

`make examples` plays all of it and writes docs/examples-under-check.md. What changes is told by the
comments of the repaired files: `Mends <cause>, <cause>: ...` before a function.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import ndiff
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from livestorm_contract_tests.check_options import Wanted, asked_by, read_plan
from livestorm_contract_tests.driving.under_test import StdioClient
from livestorm_contract_tests.report.grouping import causes_of
from livestorm_contract_tests.runs.run import Run, run_plan
from livestorm_contract_tests.suite.causes import causes
from livestorm_contract_tests.suite.verdicts import Verdict

from .parts import filled, part_of, table_row
from .tutorial import screen

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/examples-under-check.md"
SEED: Final = "examples"

_ABOUT: Final = re.compile(r'\A""".*?"""\n', re.DOTALL)
_MENDS: Final = re.compile(r"Mends ([a-z0-9, -]+):")
_COMMENT: Final = re.compile(r"\s*(#|//|@|\"\"\")")
_NAME: Final = re.compile(r"(?:(?:export|async|def|class|function|const|let) +)*([\w$]+)")


@dataclass(frozen=True, kw_only=True)
class Example:
    """A client as guides write it, and as it is repaired, behind one adapter."""

    name: str
    title: str
    folder: Path
    adapter: str
    program: str
    versions: tuple[str, str]
    """What the adapter is told: naive, and repaired."""
    files: Sequence[tuple[str, str]]
    """Each of the naive files, with the repaired one."""

    def command(self, *, repaired: bool) -> str:
        """Give what starts the adapter in the example's folder."""
        return f"{self.program} {self.adapter} {self.versions[repaired]}"

    def client(self, *, repaired: bool) -> StdioClient:
        """Give it as a client, whatever the current folder is."""
        program = sys.executable if self.program == "python" else self.program
        adapter, version = str(self.folder / self.adapter), self.versions[repaired]
        path = self.folder / version
        command = [program, adapter, str(path) if path.suffix else version]
        return StdioClient(name=self.command(repaired=repaired), command=command)


_NEXT: Final = "app/api/livestorm"
EXAMPLES: Final = (
    Example(
        name="fastapi",
        title="FastAPI",
        folder=ROOT / "examples/fastapi_app",
        program="python",
        adapter="adapter.py",
        versions=("naive", "app"),
        files=[("naive.py", "app.py")],
    ),
    Example(
        name="cron",
        title="cron job",
        folder=ROOT / "examples/cron_job",
        program="python",
        adapter="adapter.py",
        versions=("naive.sh", "refresh.sh"),
        files=[("naive.sh", "refresh.sh")],
    ),
    Example(
        name="next",
        title="Next.js",
        folder=ROOT / "examples/next_app",
        program="node",
        adapter="adapter.mjs",
        versions=("naive", "app"),
        files=[
            (f"naive/{name}", name)
            for name in (
                "lib/livestorm.js",
                *(f"{_NEXT}/{one}/route.js" for one in ("connect", "callback", "me")),
            )
        ],
    ),
)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A function, or whatever stands between two empty lines, before and after."""

    file: str
    name: str
    before: Sequence[str] = ()
    after: Sequence[str] = ()

    @property
    def mends(self) -> list[str]:
        """The ids of the causes that its comments name."""
        words = " ".join(re.sub(r"^\s*(#|//) ?", "", line) for line in self.after)
        return [one for found in _MENDS.findall(words) for one in found.split(", ")]

    @property
    def is_changed(self) -> bool:
        """Whether it is not what it was."""
        return self.before != self.after

    @property
    def diff(self) -> str:
        """What changes in it, whole, as a block of the page."""
        lines = [line for line in ndiff(self.before, self.after) if line[0] != "?"]
        told = "\n".join((line[0] + line[2:]).rstrip() for line in lines)
        return f"```diff\n{told}\n```\n"


@dataclass(frozen=True, kw_only=True)
class Told:
    """A cause as a report has it."""

    title: str
    counted: str
    """Its severity, its checks and its cases, in words."""


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What is told of the pieces, each once."""

    pieces: Sequence[Piece]
    shown: list[Piece] = field(default_factory=list)

    def of(self, cause: str) -> tuple[list[Piece], list[Piece]]:
        """Give those that mend a cause: not shown yet, and shown before."""
        mending = [one for one in self.pieces if cause in one.mends]
        new = [one for one in mending if one not in self.shown]
        known = [one for one in mending if one in self.shown]
        self.shown.extend(new)
        return new, known

    def others(self) -> list[Piece]:
        """Give what changes and was not shown."""
        return [one for one in self.pieces if one.is_changed and one not in self.shown]


def pieces_of(example: Example) -> list[Piece]:
    """Give the pieces of both versions, in the order of the repaired files."""
    return [piece for before, after in example.files for piece in _pieces(example, before, after)]


def _pieces(example: Example, before: str, after: str) -> Iterator[Piece]:
    old, new = (dict(_paragraphs(example.folder / one)) for one in (before, after))
    for key, lines in new.items():
        yield Piece(file=after, name=key[0], before=old.pop(key, ()), after=lines)
    for key, lines in old.items():
        yield Piece(file=after, name=key[0], before=lines)


def _paragraphs(path: Path) -> Iterator[tuple[tuple[str, int], Sequence[str]]]:
    """Give what stands between empty lines, by its name and how often that came before."""
    seen: Counter[str] = Counter()
    text = _ABOUT.sub("", path.read_text(encoding="utf-8")).strip("\n")
    for paragraph in re.split(r"\n\s*\n", text):
        lines = paragraph.splitlines()
        name = _name(lines)
        yield (name, seen[name]), lines
        seen[name] += 1


def _name(lines: Iterable[str]) -> str:
    code = next((line.strip() for line in lines if not _COMMENT.match(line)), "")
    found = _NAME.match(code)
    return found[1] if found else code[:20]


def played(example: Example, folder: Path, *, repaired: bool) -> Run:
    """Put the whole suite to one of the versions, the repaired one strictly."""
    client = example.client(repaired=repaired)
    asked = Wanted(client=client.name, seed=SEED, strict=repaired)
    state = folder / f"{example.name}-{repaired}"
    plan = replace(read_plan(replace(asked, state=state)), asked=asked_by(asked))
    return run_plan(replace(plan, client=client))


def failed(run: Run) -> str:
    """List the cases and properties that do not pass."""
    bad = [one for one in run.results if one.scored and one.fails]
    names = " ".join(one.case.id for one in bad if one.verdict is not Verdict.HANG)
    hung = " ".join(one.case.id for one in bad if one.verdict is Verdict.HANG)
    return f"Not passed: {names}." + (f" Hung: {hung}." if hung else "") + "\n"


def told_of(run: Run) -> list[Told]:
    """Give the causes of a run in the order of its report."""
    found = [one for one in causes_of(run) if not one.is_warning]
    return [Told(title=one.cause.title, counted=f"{one.severity}, {one.counted}") for one in found]


def changes(example: Example, told: Sequence[Told]) -> str:
    """Tell cause by cause what changes, and then what else does."""
    pieces = Changes(pieces=pieces_of(example))
    by_title = {one.title: one for one in causes().values()}
    blocks = []
    for number, one in enumerate(told, 1):
        cause = by_title[one.title]
        new, known = pieces.of(cause.id)
        above = f"Above: {', '.join(f'`{piece.name}`' for piece in known)}. " if known else ""
        blocks += [f"**{number}. {one.title}** ({one.counted})\n"]
        blocks += [f"> **FIX** {cause.remedy} [{cause.source}]({cause.link})\n"]
        blocks += [f"{above}{_where(new)}".rstrip() + "\n", *(piece.diff for piece in new)]
    others = pieces.others()
    return "\n".join([*blocks, "**What else changes**\n", *(piece.diff for piece in others)])


def _where(pieces: Sequence[Piece]) -> str:
    files = list(dict.fromkeys(piece.file for piece in pieces))
    return f"In {' and '.join(f'`{one}`' for one in files)}:" if files else ""


def code(example: Example) -> str:
    """Give the naive version's first file, where all that counts is."""
    path = example.folder / example.files[0][0]
    language = {".py": "python", ".sh": "sh", ".js": "js"}[path.suffix]
    return f"```{language}\n{path.read_text(encoding='utf-8')}```\n"


def scores(page: str) -> str:
    """Make a table of what the reports of the page count."""
    head = ("", "cases passed, naive", "repaired", "not put to it, as it offers no such thing")
    rows = [table_row(*head), table_row(*["---"] * 4)]
    for example in EXAMPLES:
        naive, repaired = (part_of(page, f"{example.name} {one}") for one in ("naive", "repaired"))
        skipped = str(_counts(repaired)["SKIP"])
        rows.append(table_row(example.title, _passed(naive), _passed(repaired), skipped))
    return "".join(rows)


def _passed(report: str) -> str:
    counts = _counts(report)
    judged = sum(count for verdict, count in counts.items() if verdict != "SKIP")
    return f"{counts['PASS'] + counts['WARN']} of {judged}"


def _counts(report: str) -> Counter[str]:
    counted = re.findall(r" (\d+) ([A-Z]+)", report.partition(", set ")[0])
    return Counter({verdict: int(number) for number, verdict in counted})


def parts(example: Example, run: Run, *, repaired: bool) -> Iterator[tuple[str, str]]:
    """Give the parts of the page that are about a version."""
    yield f"{example.name} {'repaired' if repaired else 'naive'}", screen(run)
    if not repaired:
        yield f"{example.name} code", code(example)
        yield f"{example.name} failed", failed(run)
        yield f"{example.name} changes", changes(example, told_of(run))


def write(example: Example, *, repaired: bool) -> None:
    """Play a version and write its parts of the page."""
    with TemporaryDirectory() as folder:
        run = played(example, Path(folder), repaired=repaired)
    made = dict(parts(example, run, repaired=repaired))
    page = filled(PAGE.read_text(encoding="utf-8"), made)
    PAGE.write_text(filled(page, {"scores": scores(page)}), encoding="utf-8")


if __name__ == "__main__":
    for one in EXAMPLES:
        for version in (False, True):
            called = {one.name, f"{one.name}-{'repaired' if version else 'naive'}"}
            if called & {*sys.argv[1:]} or not sys.argv[1:]:
                write(one, repaired=version)
