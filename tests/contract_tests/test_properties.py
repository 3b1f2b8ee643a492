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
from livestorm_contract_tests.properties.properties import PROPERTIES, play_once, run_property
from livestorm_contract_tests.properties.script import (
    Arm,
    Call,
    Disarm,
    Expire,
    Refresh,
    Script,
    Seed,
    Step,
)
from livestorm_contract_tests.runs.replay import jobs_of_replay, load_replay, save_replay
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.pool import Lease
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict

from .bites.model_client import Answer, Failure, Message, ModelClient, User

BY_ID = {one.case.id: one for one in PROPERTIES}
SETTINGS = Settings(seed="properties")


def tried(
    name: str, client: type[ModelClient], *, examples: int = 15, folder: Path | None = None
) -> CaseResult:
    """Try a property on a client in this process."""
    one = BY_ID[name]
    few = type(one)(case=one.case, scripts=one.scripts, examples=examples)
    lease = Lease(lambda: InProcessCarrier(client))
    return run_property(few, lease, settings=SETTINGS, folder=folder)


def broken_invariants(result: CaseResult) -> set[str]:
    """Give the names of the invariants that do not hold."""
    bad = [one.check for one in result.checks if one.verdict is not Verdict.PASS]
    return {check.partition(":")[2] for check in bad}


class TakesAnyAnswer(ModelClient):
    """Believes whatever comes."""

    def read_tokens(self, answer: Answer) -> Message:
        """Look at nothing."""
        members = answer.json()
        return {"access_token": "None", **(members if isinstance(members, dict) else {})}


class DropsTokensOnAnyFailure(ModelClient):
    """Logs the user out when anything goes wrong at the token endpoint."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Forget all."""
        try:
            super().refresh_with(name, user, stored)
        except Failure:
            self.save(user, {**stored, "needs_reauth": True})
            raise


class RefreshesForEver(ModelClient):
    """Refreshes at each 401, however often."""

    def call(self, message: Message) -> Message:
        """Try five times."""
        name = message.get("user", "u1")
        user = self.user(name)
        for _ in range(5):
            stored = self.load(user) or {}
            answer = self.call_api(user, "GET", message["path"], message, stored, most=1)
            if answer.status != 401:
                break
            self.refresh(name, user, stored["access_token"])
        self.read_document(answer, message["path"])
        return {"http_status": answer.status}


class IgnoresRetryAfter(ModelClient):
    """Asks again at once."""

    def heed_limits(self, user: User, answer: Answer) -> None:
        """Read no header."""

    def retry_after(self, answer: Answer) -> float | None:
        """Read no header."""
        return None


class PrintsTokens(ModelClient):
    """Puts the refresh token into its errors."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Show all that was sent."""
        failure = super().refusal(answer, members)
        stored = next((self.load(user) for user in self.users.values()), None) or {}
        told = f"refresh_token={stored.get('refresh_token')}"
        return Failure(failure.kind, told, code=failure.code, status=failure.status)


class ForgetsInvalidGrant(ModelClient):
    """Polls a grant that is dead."""

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Report it, and remember nothing."""
        raise Failure(Kind.REAUTH_REQUIRED, "the grant is gone", status=400)


@pytest.mark.parametrize(
    ("name", "client", "invariants"),
    [
        ("P01", TakesAnyAnswer, {"INV-1"}),
        ("P02", DropsTokensOnAnyFailure, {"INV-2"}),
        ("P03", RefreshesForEver, {"INV-4"}),
        ("P03", IgnoresRetryAfter, {"INV-5"}),
        ("P02", PrintsTokens, {"INV-6"}),
        ("P02", ForgetsInvalidGrant, {"INV-2"}),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else None,
)
def test_broken_client_breaks_an_invariant(
    name: str, client: type[ModelClient], invariants: set[str]
) -> None:
    """Each mistake is found by what is drawn."""
    assert broken_invariants(tried(name, client, examples=40)) >= invariants


BUSY = Arm(fault={"on": "api", "fault": "html_page", "status": 502, "times": 4})
CUT = Arm(fault={"on": "api", "fault": "reset_in_body"})
PAUSE = Arm(fault={"on": "api", "fault": "answer", "status": 429, "headers": {"Retry-After": "1"}})


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


class FailsAtOnce(ModelClient):
    """Has no word for what happens to the second of two calls."""

    def op_call(self, message: Message) -> Message:
        """Report the last of several as an unknown exception."""
        reply = super().op_call(message)
        *others, last = reply["results"]
        return {**reply, "results": [*others, {**last, "kind": "bug"}]} if others else reply


class CallsTooOften(ModelClient):
    """Asks five times where once would do."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send five times."""
        for _ in range(4):
            super().api_request(method, path, message, stored)
        return super().api_request(method, path, message, stored)


def broken_by(client: type[ModelClient], *steps: Step) -> set[str]:
    """Play a script to a client; give the names of the invariants that break."""
    lease = Lease(lambda: InProcessCarrier(client))
    broken = play_once(BY_ID["P04"].case, Script(steps=steps), lease, SETTINGS)
    return {told.partition(":")[0] for told in broken}


@pytest.mark.parametrize(
    ("client", "steps"),
    [
        (RefreshesOnCommand, [Seed(expired=True), BUSY, Call()]),
        (TakesNo401, [Seed(), Call(), Expire()]),
        (TakesNo401, [Seed(), Call(), Expire(), Refresh()]),
        (ModelClient, [Seed(), PAUSE, Call(parallel=5)]),
        (TakesNo401, [Seed(), Expire(), CUT, Call()]),
    ],
)
def test_client_is_asked_for_what_it_says_it_does(
    client: type[ModelClient], steps: list[Step]
) -> None:
    """Recovery is judged by a refresh on command, and by no 401 that a client only reports.

    A 401 has no body that could be cut.
    """
    assert broken_by(client, *steps) == set()


def test_pause_is_waited_for_by_the_clock_of_a_client_that_has_one() -> None:
    """Real time passes for the others only."""
    moved: list[float] = []

    class TellsItsClock(ModelClient):
        """Notes how its clock is moved."""

        def op_clock(self, message: Message) -> Message:
            """Note it."""
            moved.append(message["advance"])
            return super().op_clock(message)

    assert broken_by(TellsItsClock, Seed(), PAUSE, Call()) == set()
    assert sum(moved) > 0.5


@pytest.mark.parametrize(
    ("client", "steps", "invariant"),
    [
        (StaysLimited, [Seed(), PAUSE, Call(), Disarm()], "INV-9"),
        (FailsAtOnce, [Seed(), Call(parallel=2)], "INV-7"),
        (CallsTooOften, [Seed(), Call(parallel=2)], "INV-4"),
    ],
)
def test_mistake_that_one_script_shows_is_found(
    client: type[ModelClient], steps: list[Step], invariant: str
) -> None:
    """A short pause is waited for, and calls at once are counted and named."""
    assert broken_by(client, *steps) == {invariant}


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
