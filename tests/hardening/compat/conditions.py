"""The table of conditions under which the tests run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from .environments import Environment
from .interpreters import missing
from .places import HERE, NOBODYS, READ_ONLY, WITHOUT_IPV6, Place

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
    for name, python in [*pythons.items()][-1:]:
        usual = Environment(python=python, name=name)
        bare = replace(usual, without=("uvloop",))
        yield Condition(name="without uvloop", environment=bare)
        yield from _systems(usual)
        yield from _consoles(usual)


def _systems(usual: Environment) -> list[Condition]:
    return [
        Condition(
            name="a loop as on Windows",
            environment=replace(usual, without=("uvloop",)),
            variables={"PYTHONPATH": str(Path(__file__).parent / "without_handlers")},
        ),
        Condition(
            name="read-only file system",
            environment=usual,
            place=READ_ONLY,
            plugin="tests.hardening.compat.no_temporary_folder",
        ),
        Condition(name="without IPv6", environment=usual, place=WITHOUT_IPV6),
    ]


def _consoles(usual: Environment) -> list[Condition]:
    named = {
        "locale tr_TR.UTF-8": {"LC_ALL": "tr_TR.UTF-8"},
        "locale C, no UTF-8": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        "time zone Pacific/Apia": {"TZ": "Pacific/Apia"},
        "time zone America/St_Johns": {"TZ": "America/St_Johns"},
        "console in ascii": {"PYTHONIOENCODING": "ascii"},
        "console in cp1252": {"PYTHONIOENCODING": "cp1252"},
    }
    return [
        Condition(
            name=name,
            environment=usual,
            variables=variables,
            plugin="tests.hardening.compat.own_locale" if "LC_ALL" in variables else None,
            locale="tr_TR" if "tr_TR" in name else None,
        )
        for name, variables in named.items()
    ]
