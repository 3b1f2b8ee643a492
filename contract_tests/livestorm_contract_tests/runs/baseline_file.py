"""The file of a baseline: YAML, which keeps its comments when entries come and go."""

from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, Final

import msgspec

from .baseline import Baseline, Entry
from .baseline_lines import edited, with_member
from .catalogue import all_cases_and_properties, all_checks, nearest
from .requirements import UnknownSetError, all_ids, find_set
from .whole_file import write_whole

SCALARS: Final = ("seed", "requirements")
"""The keys of what is said of the file as a whole."""

LISTS: Final = ("expected_failures", "known_flaky", "not_applicable")
"""The keys of its lists of entries."""

_MOST: Final = 1_000_000
"""Characters of a file that is read; a device would never end."""

_HEAD: Final = """\
# What is known to fail: `livestorm-mock check --baseline` lets it, and fails for anything else.
# Each entry has a reason; `until: 2027-03-01` makes it expire, `issue: ABC-1` says where it is
# mended. What passes is removed by `--update-baseline`.
"""


class BaselineError(Exception):
    """A baseline file can't be used; the text names the file, the entry and what is wrong."""


def load_baseline(path: Path | None) -> Baseline:
    """Read a file; an empty baseline where there is none.

    Raises BaselineError, also for an id that is no case and no check, for one that stands there
    twice, and for an unknown set.
    """
    if path is None:
        return Baseline()
    baseline = _converted(path, _parsed(path, _read(path)))
    try:
        find_set(baseline.requirements)
    except UnknownSetError as error:
        raise BaselineError(f"{path}: requirements: {error}") from None
    _check_ids(path, baseline)
    return baseline


def _check_ids(path: Path, baseline: Baseline) -> None:
    cases = all_cases_and_properties()
    checks = ((case.id, check) for case in cases.values() for check in all_checks(case))
    today = [*cases, *(f"{case}:{check}" for case, check in checks)]
    known = dict.fromkeys([*today, *all_ids()])
    places: dict[str, str] = {}
    for table in LISTS:
        for index, entry in enumerate(getattr(baseline, table)):
            where = f"{table}[{index}].id"
            if entry.id not in known:
                told = nearest(entry.id if ":" in entry.id else entry.id.upper(), known)
                raise BaselineError(f"{path}: {where} is {entry.id!r}; {told}")
            if (first := places.setdefault(entry.id, where)) != where:
                raise BaselineError(f"{path}: {where} is {entry.id!r}, as {first} is already")


def save_baseline(path: Path, baseline: Baseline) -> None:
    """Bring a file up to date: entries that stay keep their lines, and the comments above them.

    Raises BaselineError for a file that is none, OSError where it can't be written.
    """
    if not path.is_file():
        write_whole(path, document_of(baseline).encode())
        return
    before = _read(path)
    known = _converted(path, _parsed(path, before))
    text = before
    for name in reversed(SCALARS):
        if getattr(baseline, name) != getattr(known, name):
            text = with_member(text, name, _dumped({name: getattr(baseline, name)}))
    for table in LISTS:
        text = edited(text, table, getattr(known, table), getattr(baseline, table))
    if not _says(path, text, baseline):
        # It is laid out as no editor of lines expects; what it says counts more than its looks.
        text = _dumped(_as_document(baseline))
    write_whole(path, text.encode())


def _says(path: Path, text: str, baseline: Baseline) -> bool:
    """Tell whether a text is that of a baseline."""
    try:
        return _converted(path, _parsed(path, text)) == baseline
    except BaselineError:
        return False


def document_of(baseline: Baseline) -> str:
    """Give the text of a new file."""
    return f"{_HEAD}{_dumped(_as_document(baseline))}"


def _as_document(baseline: Baseline) -> dict[str, object]:
    members = {name: getattr(baseline, name) for name in SCALARS}
    told = {name: value for name, value in members.items() if value is not None}
    lists = {table: [_written(one) for one in getattr(baseline, table)] for table in LISTS}
    return {**told, **lists}


def _dumped(document: object) -> str:
    from ruamel.yaml import YAML

    yaml, written = YAML(), StringIO()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(document, written)
    return written.getvalue()


def _written(entry: Entry) -> dict[str, str | date]:
    members = msgspec.structs.asdict(entry)
    return {name: value for name, value in members.items() if value is not None}


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(_MOST + 1)
    except OSError as error:
        raise BaselineError(f"{path}: can't be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BaselineError(f"{path}: not valid YAML: {error}") from None
    if len(text) > _MOST:
        raise BaselineError(f"{path}: has more than {_MOST} characters")
    return text


def _parsed(path: Path, text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        document = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError, RecursionError) as error:
        # A day that no month has is a ValueError, and so is a number with too many digits.
        raise BaselineError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from None
    return {} if document is None else document


def _converted(path: Path, document: Mapping[str, object]) -> Baseline:
    for name in SCALARS if isinstance(document, dict) else ():
        # YAML has no way to tell 2026.1 from 2026.10 without them.
        if isinstance(document.get(name), int | float):
            raise BaselineError(f"{path}: {name}: write '{document[name]}' in quotes")
    try:
        return msgspec.convert(document, Baseline)
    except msgspec.ValidationError as error:
        raise BaselineError(f"{path}: {error}") from None
