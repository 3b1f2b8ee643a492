"""The property-based core: drawn scripts bite, shrink, and play again."""

from pathlib import Path
from typing import ClassVar

import msgspec
import pytest
from hypothesis import given
from livestorm_contract_tests.driving.in_process import InProcessCarrier
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.driving.under_test import REFERENCE
from livestorm_contract_tests.properties import draw
from livestorm_contract_tests.properties.script import (
    Arm,
    Call,
    Disarm,
    Expire,
    Refresh,
    Restart,
    Script,
    Seed,
    Step,
)
from livestorm_contract_tests.runs.replay import jobs_of_replay, load_replay, save_replay
from livestorm_contract_tests.suite.pool import Lease
from livestorm_contract_tests.suite.verdicts import Verdict

from ..bites.model_client import Answer, Failure, Message, ModelClient, User
from .broken_clients import TakesAnyAnswer, sequence
from .trying import BY_ID, SETTINGS, broken_by, broken_invariants, tried

BUSY = Arm(fault={"on": "api", "fault": "html_page", "status": 502, "times": 4})
CUT = Arm(fault={"on": "api", "fault": "reset_in_body"})
PAUSE = Arm(fault={"on": "api", "fault": "answer", "status": 429, "headers": {"Retry-After": "1"}})

LONG_PAUSE = Arm(
    fault={
        "on": "api",
        "fault": "answer",
        "status": 429,
        "headers": {"Retry-After": "30"},
        "times": 1,
    }
)


class RefreshesOnCommand(ModelClient):
    """Leaves expired tokens to its caller."""

    features: ClassVar[Message] = {**ModelClient.features, "refresh": "explicit", "on_401": False}

    def is_due(self, stored: Message) -> bool:
        """Use what there is."""
        return False

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Report a 401."""
        return False


class TakesNo401(ModelClient):
    """Refreshes what it knows to be over, and reports a 401."""

    features: ClassVar[Message] = {**ModelClient.features, "on_401": False}

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Report it."""
        return False


class StaysLimited(ModelClient):
    """Never asks again once it was limited."""

    def pause(self, user: User) -> None:
        """Open the circuit for good."""
        if user.not_before:
            raise Failure(Kind.RETRY_LATER, "the circuit is open", status=429)


@pytest.mark.parametrize(
    ("client", "steps"),
    [
        (RefreshesOnCommand, [Seed(expired=True), BUSY, Call()]),
        (TakesNo401, [Seed(), Call(), Expire()]),
        (TakesNo401, [Seed(), Call(), Expire(), Refresh()]),
        (ModelClient, [Seed(), PAUSE, Call(parallel=5)]),
        (TakesNo401, [Seed(), Expire(), CUT, Call()]),
        (ModelClient, [Seed(), LONG_PAUSE, Call(), Restart(), Call()]),
    ],
)
def test_client_is_asked_for_what_it_says_it_does(
    client: type[ModelClient], steps: list[Step]
) -> None:
    """Recovery is judged by a refresh on command, and by no 401 that a client only reports.

    A 401 has no body that could be cut, and a pause is not saved.
    """
    assert broken_by("P04", client, Script(steps=tuple(steps))) == set()


def test_pause_is_waited_for_by_the_clock_of_a_client_that_has_one() -> None:
    """Real time passes for the others only."""
    moved: list[float] = []

    class TellsItsClock(ModelClient):
        """Notes how its clock is moved."""

        def op_clock(self, message: Message) -> Message:
            """Note it."""
            moved.append(message["advance"])
            return super().op_clock(message)

    assert broken_by("P04", TellsItsClock, sequence(PAUSE, Call())) == set()
    assert sum(moved) > 0.5


def test_short_pause_is_waited_for() -> None:
    """Who stays limited after the end of its pause does not recover."""
    assert broken_by("P04", StaysLimited, sequence(PAUSE, Call(), Disarm())) == {"INV-9"}


@pytest.mark.parametrize("name", sorted(BY_ID))
def test_model_client_breaks_none(name: str) -> None:
    """A client that does everything right passes."""
    result = tried(name, ModelClient)
    assert result.verdict is Verdict.PASS, (result.reason, result.checks)


def test_client_without_calls_is_judged_by_what_it_does() -> None:
    """Where nothing can be called, recovery is not judged, and all else is."""

    class CannotCall(TakesAnyAnswer):
        ops = ("begin", "callback", "refresh", "seed", "state")

    class CannotCallEither(ModelClient):
        ops = ("begin", "callback", "refresh", "seed", "state")

    assert tried("P02", CannotCall).verdict is Verdict.FAIL
    assert tried("P02", CannotCallEither).verdict is Verdict.PASS


def test_invariant_without_an_occasion_has_no_row() -> None:
    """Where a client saves nothing that outlives it, no restart is judged, and none passes."""

    class SavesNothing(ModelClient):
        features: ClassVar[Message] = {**ModelClient.features, "persist": "none"}

    rows = {one.check for one in tried("P04", SavesNothing).checks}
    assert "P04:INV-7" in rows
    assert "P04:INV-10" not in rows


def test_invariant_that_other_scripts_break_does_not_pass() -> None:
    """Beside the shrunk script's failures, only what no script has broken is told."""
    result = tried("P01", TakesAnyAnswer)
    held = {one.check for one in result.checks if one.verdict is Verdict.PASS}
    assert held.isdisjoint({"P01:INV-1", "P01:INV-2", "P01:INV-7"})


def test_failure_is_played_again_without_drawing(tmp_path: Path) -> None:
    """The shrunk script is one JSON file that breaks the same invariants."""
    result = tried("P01", TakesAnyAnswer)
    path = save_replay(result, REFERENCE, SETTINGS, tmp_path)
    (job,) = jobs_of_replay(load_replay(path), SETTINGS)
    again = job.run(Lease(lambda: InProcessCarrier(TakesAnyAnswer)))
    assert broken_invariants(again) == broken_invariants(result)
    assert job.run(Lease(lambda: InProcessCarrier(ModelClient))).verdict is Verdict.PASS


def test_failure_is_shrunk() -> None:
    """Nothing is left in a script that is not needed."""
    result = tried("P01", TakesAnyAnswer)
    assert result.script is not None
    assert len(msgspec.convert(result.script, Script).steps) == 2


def test_earlier_failure_is_tried_first(tmp_path: Path) -> None:
    """What broke a property once is kept between runs."""
    save_replay(tried("P01", TakesAnyAnswer), REFERENCE, SETTINGS, tmp_path)
    again = tried("P01", TakesAnyAnswer, examples=1, folder=tmp_path)
    assert again.verdict is Verdict.FAIL


def test_same_seed_finds_the_same() -> None:
    """With the seed, the shrunk script comes out the same."""
    assert tried("P01", TakesAnyAnswer).script == tried("P01", TakesAnyAnswer).script


@given(script=draw.sequences())
def test_script_survives_its_journey_through_json(script: Script) -> None:
    """What is written is what is read."""
    assert msgspec.json.decode(msgspec.json.encode(script), type=Script) == script
