"""Scenario files: loaded by name or path, read from TOML, with all that is wrong in one go."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import livestorm_scenarios
import msgspec

from .options import ProviderOptions
from .reading import InvalidInputError, UnknownKeyError, expected_one_of, read_struct
from .scenario import Scenario
from .scenario_bodies import reason_of, with_bodies
from .scenario_mistakes import MOST_FOUND, find_scenario_mistakes
from .toml_positions import find_positions

# Not by importlib.resources, which loads what reads archives.
SCENARIOS: Final = Path(livestorm_scenarios.__path__[0])
"""The folder of those that come with the project."""

MOST_TOLD: Final = 50
"""So many mistakes of a scenario have a line each."""


class ScenarioError(Exception):
    """A scenario can't be used: a line for each mistake, with the file, the place and the key.

    At most 50 have a line, and the last line says that there are more.
    """

    @property
    def mistakes(self) -> Sequence[str]:
        """The lines of the message."""
        return str(self).splitlines()


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Load one of the scenarios by its name, or a file by its path. Raises ScenarioError."""
    path = Path(name_or_path)
    if isinstance(name_or_path, Path) or path.suffix == ".toml" or len(path.parts) > 1:
        return _load_file(path)
    return load_named_scenario(name_or_path)


@cache
def load_named_scenario(name: str) -> Scenario:
    """Load one of the scenarios that come with the project. Raises ScenarioError."""
    if name not in scenario_names():
        expected = expected_one_of(name, scenario_names())
        raise ScenarioError(f"there is no scenario {name!r}; expected {expected}")
    text = (SCENARIOS / f"{name}.toml").read_text(encoding="utf-8")
    return read_scenario(text, f"{name}.toml", Path())


def with_options(
    scenario: Scenario,
    options: Mapping[str, object],
    *,
    journal_capacity: int | None = None,
    journal_bytes: int | None = None,
    besides: Collection[str] = (),
) -> Scenario:
    """Replace provider options of a scenario, or its journal's size. Raises InvalidInputError.

    `besides` are names that could have been given, too; a typo may be meant for one of them.
    """
    sizes = {"journal_capacity": journal_capacity, "journal_bytes": journal_bytes}
    asked = {name: size for name, size in sizes.items() if size is not None}
    entry = read_struct(asked, Scenario)
    sizes = {name: getattr(entry, name) for name in asked}
    scenario = msgspec.structs.replace(scenario, **sizes)
    if not options:
        return scenario
    current = msgspec.to_builtins(scenario.provider)
    for name, value in options.items():
        if name not in current:
            raise UnknownKeyError(name, value, expected_one_of(name, [*besides, *current]))
    provider = read_struct(current | dict(options), ProviderOptions)
    return prepared(msgspec.structs.replace(scenario, provider=provider))


def prepared(scenario: Scenario, folder: Path | None = Path()) -> Scenario:
    """Check what the types alone don't tell, and read the bodies of resources.

    `folder` is where their files are; without one, none is read. Raises InvalidInputError.
    """
    document = msgspec.to_builtins(scenario, enc_hook=repr)
    for mistake in find_scenario_mistakes(document, folder):
        raise mistake
    # What is read stays with a copy: whoever made the scenario may change its lists afterwards.
    return msgspec.structs.replace(with_bodies(scenario, folder))


@cache
def scenario_names() -> Sequence[str]:
    """Give the names of the scenarios that come with the project, sorted."""
    return sorted(one.stem for one in SCENARIOS.glob("*.toml"))


def read_scenario(text: str, file: str, folder: Path | None) -> Scenario:
    """Read a scenario from TOML; `file` is for messages, `folder` has the files that it names.

    Without a folder it may name none. Raises ScenarioError.
    """
    try:
        document = _read_toml(text, file)
        if mistakes := find_scenario_mistakes(document, folder):
            raise ScenarioError("\n".join(_told(mistakes, text, file)))
        return with_bodies(read_struct(document, Scenario), folder)
    except RecursionError:
        raise ScenarioError(f"{file}: tables or lists in one another, too deep to read") from None


def _read_toml(text: str, file: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise ScenarioError(f"{file}: not valid TOML: {error}") from None


def _told(mistakes: Sequence[InvalidInputError], text: str, file: str) -> Sequence[str]:
    """Give the first mistakes, a line each, and then how many more there are."""
    lines = _located(mistakes, text, file)
    more = len(lines) - MOST_TOLD
    if more <= 0:
        return lines
    least = "at least " if len(lines) == MOST_FOUND else ""
    return [*lines[:MOST_TOLD], f"{file}: and {least}{more} more"]


def _located(mistakes: Sequence[InvalidInputError], text: str, file: str) -> Sequence[str]:
    """Give the mistakes in the order of the file, with its name, line and column."""
    try:
        positions = find_positions(text, [one.key for one in mistakes])
    except (ValueError, RecursionError):
        # A line that is wrong would mislead more than none.
        return [f"{file}: {one}" for one in mistakes]
    places = sorted((positions[one.key], str(one)) for one in mistakes)
    return [f"{file}:{line}:{column}: {told}" for (line, column), told in places]


def _load_file(path: Path) -> Scenario:
    try:
        # Editors on Windows begin a file with a byte order mark.
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path}: not valid UTF-8 at byte {error.start}") from None
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{str(path)!r}: can't be read: {reason_of(error)}") from None
    return read_scenario(text, str(path), path.parent)
