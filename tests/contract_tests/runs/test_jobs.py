"""A case costs itself and nothing else, however its client breaks."""

import sys
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from livestorm_contract_tests.driving import carrier as carriers
from livestorm_contract_tests.driving.in_process import InProcessCarrier
from livestorm_contract_tests.driving.stdio import StdioCarrier
from livestorm_contract_tests.runs.jobs import run_cases
from livestorm_contract_tests.steps.holding import wait_for_hits
from livestorm_contract_tests.suite.case import Case, Variant
from livestorm_contract_tests.suite.driver import Unsupported
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.stage import Stage
from livestorm_contract_tests.suite.verdicts import Level, Verdict

from ..bites.shared.unhurried import TakesOneCommand
from ..model_client.client import ModelClient

ODD = Path(__file__).parents[1] / "driving" / "odd_adapter.py"


def call(stage: Stage) -> None:
    """Call once."""
    stage.check("asked", stage.client.call(deadline_ms=200).kind == "ok")


def stay_silent(stage: Stage) -> None:
    """Judge nothing."""


def pass_by(stage: Stage) -> None:
    """Ask nothing."""
    stage.check("asked", True)


def case(number: int, play: object = call, **changes: object) -> Case:
    """Make a case."""
    given: dict[str, object] = {
        "id": f"T{number:02}",
        "name": "test/case",
        "level": Level.MUST,
        "severity": 1,
        "requirement": "it answers",
        "source": "here",
        "injects": "nothing",
        "observes": "the reply",
        "checks": {"asked": "it answers"},
        "play": play,
        **changes,
    }
    return Case(**given)  # type: ignore[arg-type]


def verdicts(oddity: str, *cases: Case) -> list[Verdict]:
    """Run cases one after the other against the odd adapter."""
    settings = Settings(seed="1", workers=1)
    launch = lambda: StdioCarrier([sys.executable, str(ODD), oddity])  # noqa: E731
    _, results = run_cases(cases, launch, settings)
    return [result.verdict for result in results]


@pytest.mark.parametrize(
    ("oddity", "verdict"),
    [
        ("garbage", Verdict.ERROR),
        ("unknown-id", Verdict.ERROR),
        ("crash", Verdict.CRASH),
        ("half-line", Verdict.ERROR),
        ("adapter-error", Verdict.ERROR),
        ("unsupported", Verdict.SKIP),
    ],
)
def test_broken_client_costs_its_own_case_only(oddity: str, verdict: Verdict) -> None:
    """The case before and the case after pass, however the one between them breaks."""
    cases = case(1, pass_by), case(2), case(3, pass_by)
    assert verdicts(oddity, *cases) == [Verdict.PASS, verdict, Verdict.PASS]


def test_hanging_client_costs_its_own_case_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The case after a HANG passes, on a new process."""
    monkeypatch.setattr(carriers, "GRACE_SECONDS", 0.2)
    cases = case(1), case(2, pass_by)
    assert verdicts("hang", *cases) == [Verdict.HANG, Verdict.PASS]


def leave_a_call_under_way(stage: Stage) -> None:
    """Give up while the client waits for an answer."""
    held = stage.fake.arm("api.me", "barrier", seconds=20)
    stage.client.seed()
    stage.client.start("call", path="/me")
    wait_for_hits(stage, held, 1)
    raise Unsupported("two at once")


def test_next_case_begins_when_every_reply_has_come() -> None:
    """A call that a skipped case left under way has ended before a client of one call goes on."""
    cases = [case(1, leave_a_call_under_way), case(2, pass_by)]
    settings = Settings(seed="1", workers=1)
    make = partial(ModelClient, TakesOneCommand)
    _, results = run_cases(cases, lambda: InProcessCarrier(make), settings)
    assert [result.verdict for result in results] == [Verdict.SKIP, Verdict.PASS]


def test_ok_without_a_request_fails() -> None:
    """A call that is told as `ok` and never reached the fake is a FAIL."""
    assert verdicts("none", case(1)) == [Verdict.FAIL]


def test_case_that_judges_nothing_is_an_error() -> None:
    """A case that makes no check is an ERROR, not a PASS."""
    assert verdicts("none", case(1, stay_silent)) == [Verdict.ERROR]


def test_missing_operation_is_a_skip() -> None:
    """A missing operation and a feature below its least value are a SKIP."""
    assert verdicts("none", case(1, needs=["refresh"])) == [Verdict.SKIP]
    assert verdicts("none", case(1, needs=["parallel_calls>=5"])) == [Verdict.SKIP]


def test_worst_variant_decides() -> None:
    """One FAIL between two variants that pass is the verdict of the case."""

    def judge(stage: Stage, *, is_good: bool) -> None:
        stage.check("asked", is_good)

    variants = [
        Variant(name=str(number), play=partial(judge, is_good=is_good))
        for number, is_good in enumerate((True, False, True))
    ]
    assert verdicts("none", case(1, None, variants=variants)) == [Verdict.FAIL]


def test_results_do_not_depend_on_which_variant_ends_first() -> None:
    """Checks and variants stand in the order of the case, though the second ended first."""
    ended = Event()

    def end_last(stage: Stage) -> None:
        assert ended.wait(30)
        stage.check("first", False)

    def end_first(stage: Stage) -> None:
        stage.check("second", False)
        ended.set()

    checks = {"first": "it answers", "second": "it answers"}
    variants = [Variant(name="first", play=end_last), Variant(name="second", play=end_first)]
    launch = lambda: StdioCarrier([sys.executable, str(ODD), "none"])  # noqa: E731
    cases = [case(1, None, variants=variants, checks=checks)]
    _, (result,) = run_cases(cases, launch, Settings(seed="1", workers=2))
    assert [one.check for one in result.checks] == ["T01:first", "T01:second"]
    assert result.variants == ["first", "second"]


def test_skipped_variant_is_named() -> None:
    """Where one variant passes and one is skipped, the case passes and names the skipped one."""

    def cancel(stage: Stage) -> None:
        raise Unsupported("op cancel")

    variants = [Variant(name="offered", play=pass_by), Variant(name="not offered", play=cancel)]
    launch = lambda: StdioCarrier([sys.executable, str(ODD), "none"])  # noqa: E731
    _, (result,) = run_cases([case(1, None, variants=variants)], launch, Settings(seed="1"))
    assert result.verdict is Verdict.PASS
    assert result.skipped == {"not offered": "not-supported: op cancel"}


def test_one_case_takes_one_process() -> None:
    """However many could run side by side, the one that has said what it is plays it."""
    launched: list[InProcessCarrier] = []

    def launch() -> InProcessCarrier:
        launched.append(InProcessCarrier(ModelClient))
        return launched[-1]

    run_cases([case(1, pass_by)], launch, Settings(seed="1", workers=8))
    assert len(launched) == 1


def test_should_is_a_warning() -> None:
    """A broken SHOULD is a WARN without `strict`."""

    def judge(stage: Stage) -> None:
        stage.check("asked", False)

    assert verdicts("none", case(1, judge, level=Level.SHOULD)) == [Verdict.WARN]
