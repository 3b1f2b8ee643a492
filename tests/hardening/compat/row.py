"""One row: a condition, tried."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from .conditions import Condition
from .environments import FOLDER, ROOT, CannotInstall, Environment

_COUNTS = re.compile(r"(\d+) (passed|failed|skipped|errors?)\b")
_FAILED = re.compile(r"^(?:FAILED|ERROR) .*$", re.MULTILINE)
_MOST_SECONDS = 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What came of a condition."""

    name: str
    told: str
    """The counts, or why it could not be tried."""
    is_tried: bool
    is_good: bool
    """Whether nothing failed."""
    failures: tuple[str, ...] = ()
    """The lines of pytest that name what failed."""


def try_out(condition: Condition, selection: Sequence[str], *, workers: int) -> Row:
    """Run the selected tests under a condition."""
    made = _made(condition.environment)
    if isinstance(made, Row):
        return _named(made, condition.name)
    lack = condition.place.lack(made) or _lack_of_locale(condition.locale)
    if lack is not None:
        return _untried(condition.name, lack)
    plugin = () if condition.plugin is None else ("-p", condition.plugin)
    pytest = (str(made), "-m", "pytest", "-q", "-n", str(workers), "-p", "no:cacheprovider")
    # Outside the project: what is below it is long for a socket's path, and has its settings.
    with TemporaryDirectory(prefix="compat-", ignore_cleanup_errors=True) as written:
        folder = Path(written)
        command = [*pytest, f"--basetemp={folder}/pytest", *plugin, *selection]
        return _ran(condition, condition.place.lead(command, folder), folder)


def _ran(condition: Condition, command: Sequence[str], folder: Path) -> Row:
    try:
        done = _run(command, _environment(condition, folder))
    except subprocess.TimeoutExpired as error:
        told = f"not at its end after {error.timeout:.0f} seconds"
        return Row(name=condition.name, told=told, is_tried=True, is_good=False)
    return read(condition.name, done.returncode, done.stdout, done.stderr)


def _run(command: Sequence[str], variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        errors="backslashreplace",
        timeout=_MOST_SECONDS,
        check=False,
    )


def read(name: str, status: int, output: str, errors: str) -> Row:
    """Read what pytest says at its end; without a last line of counts, the row has failed."""
    last = (output.strip().splitlines() or [""])[-1]
    counts = dict.fromkeys(("passed", "failed", "skipped"), 0)
    for number, word in _COUNTS.findall(last):
        counts["failed" if word.startswith("error") else word] += int(number)
    told = ", ".join(f"{number:,} {word}" for word, number in counts.items())
    is_good = status == 0 and counts["passed"] > 0
    if not is_good and not counts["failed"]:
        told = f"pytest ended with {status}: {(errors.strip().splitlines() or [last])[-1]}"
    failures = tuple(_FAILED.findall(output))
    return Row(name=name, told=told, is_tried=True, is_good=is_good, failures=failures)


def _made(environment: Environment | str) -> Path | Row:
    """Give the interpreter of an environment, made once, or why there is none."""
    if isinstance(environment, str):
        return _untried("", environment)
    if environment not in _MADE:
        try:
            _MADE[environment] = environment.make()
        except CannotInstall as error:
            told = f"can't be installed: {error}"
            _MADE[environment] = Row(name="", told=told, is_tried=True, is_good=False)
    return _MADE[environment]


_MADE: dict[Environment, Path | Row] = {}


def _untried(name: str, reason: str) -> Row:
    return Row(name=name, told=f"not tried: {reason}", is_tried=False, is_good=True)


def _lack_of_locale(name: str | None) -> str | None:
    """Make a locale of the C library; say why that can't be done, None where it is there."""
    if name is None:
        return None
    (FOLDER / "locales").mkdir(parents=True, exist_ok=True)
    target = str(FOLDER / "locales" / f"{name}.UTF-8")
    try:
        made = subprocess.run(
            ["localedef", "-i", name, "-f", "UTF-8", target],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        return f"localedef: {error.strerror}"
    return None if made.returncode == 0 else f"localedef: {made.stderr.strip()}"


def _environment(condition: Condition, folder: Path) -> Mapping[str, str]:
    """Give the variables of a condition, without what the caller's own console needs."""
    # Hypothesis would write beside the tests, and warns where it may not.
    written = {"HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis")}
    mine = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    locales = {"LOCPATH": str(FOLDER / "locales")} if condition.locale else {}
    return {**mine, "PYTHONDONTWRITEBYTECODE": "1", **written, **locales, **condition.variables}


def _named(row: Row, name: str) -> Row:
    return Row(name=name, told=row.told, is_tried=row.is_tried, is_good=row.is_good)
