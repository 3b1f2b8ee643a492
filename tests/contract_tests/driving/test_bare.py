"""A command without an adapter is judged by the journal and its exit status."""

import sys
from pathlib import Path

import pytest
from livestorm_contract_tests.driving.bare import BareCarrier
from livestorm_contract_tests.driving.carrier import AdapterFailed, wait_for
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.driving.messages import Reply
from livestorm_contract_tests.runs.jobs import run_cases
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.stage import Stage
from livestorm_contract_tests.suite.verdicts import Verdict

from ..runs.test_jobs import case

JOB = """
import os, sys, httpx
token = os.environ["LIVESTORM_MOCK_ACCESS_TOKEN"]
got = httpx.get(sys.argv[1] + "/me", headers={"authorization": f"Bearer {token}"})
sys.exit(0 if got.is_success else int(sys.argv[2]))
"""


def job(status: int) -> list[str]:
    """Give the command of a job that calls the API, and ends with a status where it is refused."""
    return [sys.executable, "-c", JOB, "{base_url}", str(status)]


def refused(stage: Stage) -> None:
    """Call, and be refused."""
    stage.client.seed()
    stage.fake.arm("api", "rate_limited", retry_after=2)
    stage.check_kind("asked", stage.client.call(), Kind.RETRY_LATER)


def served(stage: Stage) -> None:
    """Call, and be served."""
    stage.client.seed()
    stage.check_kind("asked", stage.client.call(), Kind.OK)


def post(stage: Stage) -> None:
    """Call with another method than GET."""
    stage.client.seed()
    stage.check_kind("asked", stage.client.call("/events", method="POST"), Kind.OK)


def look(stage: Stage) -> None:
    """Look at the tokens."""
    stage.check("asked", stage.client.do("state").reply.token is not None)


def verdict(play: object, command: list[str]) -> Verdict:
    """Run one case."""
    settings = Settings(seed="1", workers=1)
    _, results = run_cases([case(1, play)], lambda: BareCarrier(command), settings)
    return results[0].verdict


def test_job_that_calls_passes() -> None:
    """It is told where to call and with what."""
    assert verdict(served, job(1)) is Verdict.PASS


@pytest.mark.parametrize(
    ("status", "expected"),
    [(75, Verdict.PASS), (1, Verdict.PASS), (78, Verdict.FAIL), (0, Verdict.FAIL)],
)
def test_exit_status_tells_the_kind(status: int, expected: Verdict) -> None:
    """A status of sysexits.h is a kind, any other one says that it failed; 0 is success."""
    assert verdict(refused, job(status)) is expected


def test_job_that_does_nothing_fails() -> None:
    """Success without a request contradicts the journal."""
    assert verdict(served, [sys.executable, "-c", ""]) is Verdict.FAIL


def test_what_needs_a_reply_is_skipped() -> None:
    """A command can't say what it has stored."""
    assert verdict(look, job(1)) is Verdict.SKIP


def test_call_that_is_no_get_is_skipped() -> None:
    """A command is not told a method, so it would not send a POST."""
    assert verdict(post, job(1)) is Verdict.SKIP


def test_command_that_is_not_there_is_told() -> None:
    """A command that can't be started is the operator's business."""
    carrier = BareCarrier(["/nothing/there"])
    with pytest.raises(AdapterFailed, match="/nothing/there"):
        wait_for(carrier.submit({"type": "command", "op": "call", "path": "/me"}), carrier, 5000)


def test_signal_is_a_bug() -> None:
    """A job that is ended by a signal has not decided to fail."""
    command = [sys.executable, "-c", "import os; os.abort()"]
    carrier = BareCarrier(command)
    sent = carrier.submit({"type": "command", "op": "call", "path": "/me"})
    reply: Reply = wait_for(sent, carrier, 5000)
    assert reply.kind is Kind.BUG


def test_child_that_is_left_with_the_pipe_keeps_nobody() -> None:
    """A run is over when the command is, and what it has started in the background, too."""
    carrier = BareCarrier(["sh", "-c", "sleep 600 & echo started"])
    pending = carrier.submit({"type": "command", "op": "call", "path": "/me"})
    assert wait_for(pending, carrier, 60_000).kind is Kind.OK
    assert carrier.printed() == b"started\n"


def test_command_is_not_started_once_it_was_ended(tmp_path: Path) -> None:
    """A run that is interrupted leaves nothing behind that begins later."""
    carrier = BareCarrier(["touch", str(tmp_path / "ran")])
    carrier.kill()
    with pytest.raises(AdapterFailed, match="was ended"):
        wait_for(carrier.submit({"type": "command", "op": "call", "path": "/me"}), carrier, 10_000)
    assert not (tmp_path / "ran").exists()
