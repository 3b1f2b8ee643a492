"""Every check has a broken client that fails it alone, or with what follows from it."""

import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from itertools import product
from types import FunctionType
from typing import Any
from unittest.mock import patch

import pytest
from livestorm_contract_tests.runs.catalogue import all_cases

from . import __path__ as bites
from .model_client import ModelClient

Expected = list[tuple[str, frozenset[str]]]

FOLLOWS: Mapping[str, set[str]] = {
    # A verifier fits an S256 challenge or nothing.
    "A02:challenge": {"verifier-fits"},
    "A02:public-challenge": {"public-verifier-fits"},
    # The server refuses a code that comes with another redirect URI.
    "A05:kept": {"connected"},
    # What is not taken at all is not asked for.
    "C01:accepts-json": {"asks-for-json"},
    # The server refuses a replaced refresh token, so that no newer one comes.
    "D01:newest-sent": {"works", "newest-stored"},
    # An outcome that is no loss counts as the end, too.
    "D10:kind": {"ends"},
    # Who does not say `retry_later` is not asked again, so that no success comes.
    **{f"{case}:kind": {"recovers"} for case in ("F01", "F02", "F03", "F04", "F09")},
    # Who can't read the date knows no fraction of its last second.
    "F02:parsed": {"rounded-up"},
    # A grant that was given up does not come back without a human.
    "F01:tokens-kept": {"recovers"},
    # So many requests, each after its pause, take longer than may be waited.
    "F10:bounded": {"in-time"},
    # Part of an answer taken for the whole is a success, whose token does not work.
    "G04:not-taken": {"kind", "tokens-kept", "recovers"},
    # What is reported then is the answer of a path that is none of the API's.
    "G09:resolved": {"reply-fits-journal"},
    # Nothing is sent elsewhere without following.
    "H04:no-secret-elsewhere": {"not-followed"},
}
"""What fails by necessity where a check fails; the check fails alone, or with these."""


class Expectation:
    """Stands for the checks that failed, and notes what it is compared with."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, case: str, noted: Expected) -> None:
        self._case, self._noted = case, noted

    def __eq__(self, expected: object) -> bool:
        assert isinstance(expected, set)
        self._noted.append((self._case, frozenset(expected)))
        return True


@cache
def expectations() -> Expected:
    """Give, for each broken client, the case and the exact set of checks that it has to fail."""
    noted: Expected = []

    def put(case: str, client: type[ModelClient], **how: object) -> Expectation:
        del client, how
        return Expectation(case, noted)

    for found in pkgutil.iter_modules(bites):
        module = import_module(f".{found.name}", __package__)
        if not hasattr(module, "failed") or module.__name__ == __name__:
            continue
        with patch.object(module, "failed", lambda result: result):
            for test in vars(module).values():
                if isinstance(test, FunctionType) and test.__name__.startswith("test_"):
                    play(test, put)
    return noted


def play(test: FunctionType, put: object) -> None:
    """Run a test with each of its parameters; one that asks for more than checks is not ours."""
    for given in parameters(test):
        try:
            test(put=put, **given)
        except AttributeError as error:
            if not isinstance(error.obj, Expectation):
                raise


def parameters(test: FunctionType) -> Iterator[dict[str, Any]]:
    """Give the arguments of each run of a parametrized test."""
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
    for rows in product(*(mark.args[1] for mark in marks)):
        given: dict[str, Any] = {}
        for mark, row in zip(marks, rows, strict=True):
            names = mark.args[0]
            given |= {names: row} if isinstance(names, str) else dict(zip(names, row, strict=True))
        yield given


def is_bitten(case: str, check: str) -> bool:
    """Tell whether a broken client fails this check and nothing else but what follows."""
    allowed = {check} | FOLLOWS.get(f"{case}:{check}", set())
    return any(of == case and check in names <= allowed for of, names in expectations())


@pytest.mark.parametrize(
    ("case", "check"), [(case.id, check) for case in all_cases().values() for check in case.checks]
)
def test_check_has_a_client_that_fails_it_alone(case: str, check: str) -> None:
    """A check that no client fails alone proves nothing, or says what another one says."""
    assert is_bitten(case, check), [set(names) for of, names in expectations() if of == case]


@pytest.mark.parametrize("name", FOLLOWS)
def test_what_follows_is_needed(name: str) -> None:
    """An entry goes when a client fails its check alone."""
    case, _, check = name.partition(":")
    assert check in all_cases()[case].checks
    assert (case, frozenset({check})) not in expectations()
