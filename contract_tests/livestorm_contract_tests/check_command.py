"""`livestorm-mock check`: a verdict on a client."""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec
from rich.console import Console

from .check_options import Wanted, read_earlier, read_plan, read_replay
from .check_places import check_places, writing
from .driving.under_test import REFERENCE
from .report.files import write_reports
from .report.foreign_text import behind_marks
from .report.live import LivePage
from .report.progress import progressing
from .report.results import as_report
from .report.terminal import ReportConsole, print_report
from .runs.baseline import TO_DO, Baseline, with_failures, without_passes
from .runs.baseline_file import save_baseline
from .runs.comparison import Report, compare
from .runs.confirming import confirmed
from .runs.failures import keep_failures, read_failures
from .runs.jobs import Tell, UnderWay
from .runs.plan import Plan
from .runs.replaying import keep_replays
from .runs.run import Run, in_light_of, in_place_of, run_plan
from .suite.case_result import CaseResult
from .usage import UsageError
from .watching import watch

NOT_WRITTEN: Final = 3
"""The exit status where something that was asked for could not be written."""


def check(wanted: Wanted) -> int:
    """Run the cases and report; give the exit status. Raises UsageError."""
    checks = Checks()
    if wanted.watch:
        return watch(wanted, checks.check_once, say, interruptible=interruptible)
    return checks.check_once(wanted)


class Checks:
    """Runs for one client, one after the other; each report has the latest of each case."""

    def __init__(self) -> None:
        self._latest: Run | None = None

    def check_once(self, wanted: Wanted) -> int:
        """Run the cases and report once; give the exit status. Raises UsageError."""
        plan, console, under_way = read_plan(wanted), ReportConsole(), UnderWay()
        earlier = read_earlier(wanted)
        check_places(wanted)
        if wanted.last_failed and not read_failures(wanted.state) & {one.id for one in plan.cases}:
            cases = "1 case" if len(plan.cases) == 1 else f"all {len(plan.cases)} cases"
            say(f"--last-failed: {wanted.state} notes no failure among them; {cases} will be run")
        live = LivePage(wanted.live, plan, under_way)
        with interruptible(), progressing(console, plan, under_way) as progress:
            run, again = confirmed(
                plan,
                run_plan(plan, told_to(progress.tell, live.tell), under_way),
                failures=wanted.write_baseline is not None,
                under_way=under_way,
            )
        if len(run.results) < len(plan.cases):
            print_report(run, console, verbose=wanted.verbose)
            live.end(unfinished(run))
            say(f"{unfinished(run)}; no report was written")
            return run.exit_status
        self._latest = run = in_place_of(self._latest, run, plan.today)
        return report(wanted, plan, run, again, earlier, console)


def report(
    wanted: Wanted,
    plan: Plan,
    run: Run,
    again: Mapping[str, CaseResult],
    earlier: Report | None,
    console: Console,
) -> int:
    """Write what was asked for, and print the verdict; give the exit status.

    What can't be written costs nothing else, and is told in a line.
    """
    failed: list[str] = []
    with _telling(failed):
        run = change_baseline(wanted, plan, run, again)
    with _telling(failed):
        if wanted.compare is not None and earlier is not None:
            run = replace(run, compared=compare(wanted.compare, earlier, as_report(run)))
    if run.got_ready:
        with _telling(failed), writing("--state: "):
            run, failures = keep_replays(run, wanted.replays)
            if failures:
                raise failures[0]
        with _telling(failed), writing("--state: "):
            keep_failures(run, wanted.state)
    failed += [f"--{name}: {told}" for name, told in write_reports(run, wanted).items()]
    try:
        print_report(run, console, verbose=wanted.verbose)
    finally:
        for told in [*([unfinished(run)] if run.unfinished else []), *failed]:
            say(told)
    return NOT_WRITTEN if failed and run.cut_off is None else run.exit_status


@contextmanager
def _telling(failed: list[str]) -> Iterator[None]:
    """Note what could not be done, and go on."""
    try:
        yield
    except UsageError as error:
        failed.append(str(error))
    except Exception as error:  # A mistake of the suite's own costs no report either.
        failed.append(f"the suite failed: {error!r}")


def told_to(*listeners: Tell) -> Tell:
    """Tell each of several of a case."""

    def tell(result: CaseResult) -> None:
        for one in listeners:
            one(result)

    return tell


_ENDING: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end a run in order, and a second one at once."""

    def interrupt(*_: object) -> None:
        for number in _ENDING:
            signal.signal(number, signal.SIG_DFL)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in _ENDING}
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is interrupt:
            for number, handler in before.items():
                signal.signal(number, handler)


def unfinished(run: Run) -> str:
    """Say why not all is known, and what was under way."""
    running = f"; under way: {', '.join(run.cut_off)}" if run.cut_off else ""
    return f"{run.unfinished}{running}"


def change_baseline(wanted: Wanted, plan: Plan, run: Run, again: Mapping[str, CaseResult]) -> Run:
    """Write what is known to fail, where that is asked for; give the run in the light of it.

    `again` has what came out of cases that were played a second time. Raises UsageError.
    """
    path = wanted.write_baseline or wanted.baseline
    if path is None or not (wanted.write_baseline or wanted.update_baseline):
        return run
    option = "--write-baseline" if wanted.write_baseline else "--baseline"
    if run.unfinished or (wanted.write_baseline and run.nothing_is_known):
        how_much = "nothing" if run.nothing_is_known else "not all"
        raise UsageError(f"{option}: {path} was not written, as {how_much} is known")
    baseline = plan.baseline
    if wanted.update_baseline:
        baseline = without_passes(
            baseline,
            run.results,
            seed=plan.settings.seed,
            under_questions=bool(plan.core_under),
        )
    if wanted.write_baseline:
        known = msgspec.structs.replace(
            baseline, seed=plan.settings.seed, requirements=plan.requirements.name
        )
        baseline = with_failures(known, run.results, again)
    if path.is_file() or baseline.entries:
        with writing(f"{option}: "):
            save_baseline(path, baseline)
    _tell_of_baseline(path, plan.baseline, baseline)
    return in_light_of(baseline, run, plan.today)


def _tell_of_baseline(path: Path, before: Baseline, after: Baseline) -> None:
    """Say what became of the file."""
    was, now = ({one.id for one in each.entries} for each in (before, after))
    unexplained = sum(one.reason.startswith(TO_DO) for one in after.entries)
    told = f"{path}: {len(now - was)} entries added, {len(was - now)} removed"
    if unexplained:
        told += f"; {unexplained} want a reason in the place of {TO_DO.strip(': ')!r}"
    say(told)


def replay(path: Path, client: str | None, allow: Callable[[str], bool]) -> int:
    """Play a failure again and report; give the exit status. Raises UsageError.

    `allow` is asked whether what the file names may be run or called, where that is not the
    reference client and `client` names no other.
    """
    plan = read_replay(path, client)
    if not client and plan.client is not REFERENCE and not allow(plan.client.name):
        raise UsageError(f"{path} names {plan.client.name!r}, which is not run without --yes")
    with interruptible():
        run = run_plan(plan)
    print_report(run, ReportConsole(), verbose=True)
    if run.unfinished:
        say(unfinished(run))
    return run.exit_status


def say(text: str) -> None:
    """Print a line on standard error."""
    Console(stderr=True).print(
        f"livestorm-mock: {behind_marks(text)}", markup=False, highlight=False, soft_wrap=True
    )
