"""The table of conditions under which the tests run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .environments import Environment
from .interpreters import missing
from .places import HERE, NOBODYS, READ_ONLY, WITHOUT_IPV6, Place

_HERE = Path(__file__).parent

SELECTION = (
    "tests/client/test_session_get.py",
    "tests/client/test_stores.py",
    "tests/client/test_wire.py",
    "tests/contract_tests/report",
    "tests/mock_server/faults/test_every_kind.py",
    "tests/mock_server/faults/test_transport.py",
    "tests/mock_server/faults/test_wire.py",
    "tests/mock_server/test_addresses.py",
    "tests/mock_server/test_cli.py",
    "tests/mock_server/test_clock.py",
    "tests/mock_server/test_control_api.py",
    "tests/mock_server/test_embedding.py",
    "tests/mock_server/test_frozen_time.py",
    "tests/mock_server/test_other_systems.py",
    "tests/mock_server/test_persistence.py",
    "tests/mock_server/test_uvicorn_hooks.py",
    "tests/scenarios/test_files.py",
    "tests/scenarios/test_scenarios_command.py",
)
"""What tells most in least time: the wire, the control API, all ways to start, the scenarios."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """One row of the table."""

    name: str
    environment: Environment | str
    """What the tests run with, or why that can't be had."""
    place: Place = HERE
    variables: Mapping[str, str] = field(default_factory=dict)
    plugin: str | None = None
    """A plugin of pytest that makes the condition hold in the tests' own process."""
    locale: str | None = None
    """The locale of the C library that has to be made first."""


def conditions(pythons: Mapping[str, Path], shared: Mapping[str, Path]) -> list[Condition]:
    """Give all rows: each Python with the newest and lowest versions, then the other conditions.

    `pythons` are those of this machine, `shared` those that each user of it may run.
    """
    return [*_versions(pythons), *_surroundings(pythons), _as_nobody(shared)]


def _as_nobody(shared: Mapping[str, Path]) -> Condition:
    environment: Environment | str = "each Python lies where its owner alone may run it"
    for name, python in shared.items():
        environment = Environment(python=python, name=f"{name}-shared")
    return Condition(name="as nobody", environment=environment, place=NOBODYS)


def _versions(pythons: Mapping[str, Path]) -> Iterator[Condition]:
    for name, python in pythons.items():
        for kind in ("newest", "lowest"):
            made = Environment(python=python, name=name, lowest=kind == "lowest")
            yield Condition(name=f"Python {name}, {kind} versions", environment=made)
    for name in missing(pythons):
        yield Condition(name=f"Python {name}", environment="this machine does not have it")


def _surroundings(pythons: Mapping[str, Path]) -> Iterator[Condition]:
    if not pythons:
        return
    name, python = [*pythons.items()][-1]
    usual = Environment(python=python, name=name)
    bare = Environment(python=python, name=name, without=("uvloop",))
    handlers = {"PYTHONPATH": str(_HERE / "without_handlers")}
    settled = "tests.hardening.compat.own_locale"
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    turkish = {"LC_ALL": "tr_TR.UTF-8"}
    yield Condition(name="without uvloop", environment=bare)
    yield Condition(name="a loop as on Windows", environment=bare, variables=handlers)
    yield Condition(
        name="read-only file system",
        environment=usual,
        place=READ_ONLY,
        plugin="tests.hardening.compat.no_temporary_folder",
    )
    yield Condition(name="without IPv6", environment=usual, place=WITHOUT_IPV6)
    yield Condition(
        name="locale tr_TR.UTF-8",
        environment=usual,
        variables=turkish,
        plugin=settled,
        locale="tr_TR",
    )
    yield Condition(name="locale C, no UTF-8", environment=usual, variables=plain, plugin=settled)
    for zone in ("Pacific/Apia", "America/St_Johns"):
        yield Condition(name=f"time zone {zone}", environment=usual, variables={"TZ": zone})
    for encoding in ("ascii", "cp1252"):
        variables = {"PYTHONIOENCODING": encoding}
        yield Condition(name=f"console in {encoding}", environment=usual, variables=variables)
