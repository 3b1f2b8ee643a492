"""The property-based core: drawn scripts bite, shrink, and play again."""

from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Final

import msgspec
from hypothesis import given
from livestorm_contract_tests.driving.in_process import InProcessCarrier
from livestorm_contract_tests.driving.under_test import REFERENCE
from livestorm_contract_tests.properties import draw
from livestorm_contract_tests.properties.answers.api_answers import api_answers
from livestorm_contract_tests.properties.answers.token_answers import token_answers
from livestorm_contract_tests.properties.properties import PROPERTIES, run_property
from livestorm_contract_tests.properties.script import Arm, Call, Script
from livestorm_contract_tests.runs.replay import known_scripts, load_replay, save_replay
from livestorm_contract_tests.runs.replaying import jobs_of_replay
from livestorm_contract_tests.suite.pool import Lease
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict
from livestorm_mock_server.arming.reading import read_fault

from ..bites.p04 import LIMITS, sequence
from ..bites.play import failed, made, put, started
from ..bites.shared.exchanged import TakesAnything
from ..bites.table import Bite
from ..model_client.client import ModelClient
from ..model_client.offer import Offer
from ..model_client.operations import Operations
from ..model_client.values import Message

BROKEN: Final = Bite(TakesAnything, examples=15)
SETTINGS: Final = Settings(seed="bites")


@given(arm=draw.answers_of("token", token_answers()) | draw.answers_of("api", api_answers()))
def test_drawn_answer_can_be_armed(arm: Arm) -> None:
    """The fake refuses none of them, whatever status is drawn beside a body."""
    assert read_fault(arm.fault, {"token": ["POST"], "api": ["GET"]})


def test_pause_is_waited_for_by_the_clock_of_a_client_that_has_one() -> None:
    """Real time passes for the others only."""
    moved: list[float] = []

    class TellsItsClock(Operations):
        """Notes how its clock is moved."""

        def op_clock(self, message: Message) -> Message:
            """Note it."""
            moved.append(message["advance"])
            return super().op_clock(message)

    result = put("P04", Bite(TellsItsClock, script=sequence(LIMITS, Call())))
    assert result.verdict is Verdict.PASS, (result.reason, result.checks)
    assert sum(moved) > 0.5


def test_invariant_without_an_occasion_has_no_row() -> None:
    """Where a client saves nothing that outlives it, no restart is judged, and none passes."""

    class SavesNothing(Offer):
        features: ClassVar[Message] = {**Offer.features, "persist": "none"}

    judged = made(put("P04", Bite(SavesNothing, examples=15)))
    assert "INV-7" in judged
    assert "INV-10" not in judged


def test_invariant_that_other_scripts_break_does_not_pass() -> None:
    """Beside the shrunk script's failures, only what no script has broken is told."""
    result = put("P01", BROKEN)
    assert (made(result) - failed(result)).isdisjoint({"INV-1", "INV-2", "INV-7"})


def test_failure_is_played_again_without_drawing(tmp_path: Path) -> None:
    """The shrunk script is one JSON file that breaks the same invariants."""
    result = put("P01", BROKEN)
    path = save_replay(result, REFERENCE, SETTINGS, tmp_path)
    (job,) = jobs_of_replay(load_replay(path), SETTINGS)
    assert failed(job.run(Lease(lambda: started(BROKEN)))) == failed(result)
    assert job.run(Lease(lambda: InProcessCarrier(ModelClient))).verdict is Verdict.PASS


def test_failure_is_shrunk() -> None:
    """Nothing is left in a script that is not needed."""
    result = put("P01", BROKEN)
    assert result.script is not None
    assert len(msgspec.convert(result.script, Script).steps) == 2


def test_earlier_failure_is_tried_first(tmp_path: Path) -> None:
    """What broke a property once is kept between runs."""
    save_replay(put("P01", BROKEN), REFERENCE, SETTINGS, tmp_path)
    lease = Lease(lambda: started(BROKEN))
    once = replace(PROPERTIES["P01"], examples=1)
    again = run_property(once, lease, settings=SETTINGS, known=known_scripts(tmp_path, "P01"))
    assert again.verdict is Verdict.FAIL


def test_same_seed_finds_the_same() -> None:
    """With the seed, the shrunk script comes out the same."""
    assert put("P01", BROKEN).script == put("P01", BROKEN).script


@given(script=draw.sequences())
def test_script_survives_its_journey_through_json(script: Script) -> None:
    """What is written is what is read."""
    assert msgspec.json.decode(msgspec.json.encode(script), type=Script) == script
