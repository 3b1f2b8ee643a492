"""`livestorm-mock check`: a verdict on a client."""

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec
from rich.console import Console

from .check_options import Wanted, check_places, read_earlier, read_plan, read_replay, writing
from .driving.carrier import AdapterFailed
from .driving.under_test import REFERENCE
from .report.files import write_reports
from .report.foreign_text import behind_marks
from .report.progress import progressing
from .report.results import as_report
from .report.terminal import ReportConsole, print_report
from .runs.baseline import TO_DO, Baseline, with_failures, without_passes
from .runs.baseline_file import save_baseline
from .runs.comparison import compare
from .runs.confirming import confirmed
from .runs.failures import keep_failures
from .runs.jobs import UnderWay
from .runs.plan import Plan
from .runs.replaying import keep_replays
from .runs.run import Run, in_light_of, run_plan
from .suite.case_result import CaseResult
from .usage import UsageError
from .watching import watch

BROKEN = 2


def check(wanted: Wanted) -> int:
    """Run the cases and report; give the exit status. Raises UsageError."""
    if wanted.watch:
        return watch(wanted, check_once, say, interruptible=interruptible)
    return check_once(wanted)


def check_once(wanted: Wanted) -> int:
    """Run the cases and report once; give the exit status. Raises UsageError."""
    plan, console, under_way = read_plan(wanted), ReportConsole(), UnderWay()
    earlier = read_earlier(wanted)
    check_places(wanted)
    try:
        with interruptible(), progressing(console, plan, under_way) as progress:
            run, again = confirmed(
                plan,
                run_plan(plan, progress.tell, under_way),
                failures=wanted.write_baseline is not None,
                under_way=under_way,
            )
    except AdapterFailed as error:
        return broken(error)
    if run.cut_off is not None:
        print_report(run, console, verbose=wanted.verbose)
        return tell_of_interruption(plan, run, run.cut_off)
    run = change_baseline(wanted, plan, run, again)
    if wanted.compare is not None and earlier is not None:
        run = replace(run, compared=compare(wanted.compare, earlier, as_report(run)))
    try:
        with writing("--state: "):
            run = keep_replays(run, wanted.replays)
            keep_failures(run, wanted.state)
        with writing():
            write_reports(run, wanted)
    finally:
        print_report(run, console, verbose=wanted.verbose)
    return run.exit_status


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


def tell_of_interruption(plan: Plan, run: Run, running: Sequence[str]) -> int:
    """Say what is not known; give the exit status."""
    told = f"interrupted after {len(run.results)} of {plan.total} cases; no report was written"
    told += f"; under way: {', '.join(running)}" if running else ""
    say(told)
    return run.exit_status


def change_baseline(wanted: Wanted, plan: Plan, run: Run, again: Mapping[str, CaseResult]) -> Run:
    """Write what is known to fail, where that is asked for; give the run in the light of it.

    `again` has what came out of cases that were played a second time. Raises UsageError.
    """
    path = wanted.write_baseline or wanted.baseline
    if path is None or not (wanted.write_baseline or wanted.update_baseline):
        return run
    if wanted.write_baseline and run.nothing_is_known:
        raise UsageError(f"--write-baseline: {path} was not written, as nothing is known")
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
        with writing("--write-baseline: " if wanted.write_baseline else "--baseline: "):
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
    try:
        run = run_plan(plan)
    except AdapterFailed as error:
        return broken(error)
    print_report(run, ReportConsole(), verbose=True)
    return run.exit_status


def say(text: str) -> None:
    """Print a line on standard error."""
    Console(stderr=True).print(
        f"livestorm-mock: {behind_marks(text)}", markup=False, highlight=False, soft_wrap=True
    )


def broken(error: AdapterFailed) -> int:
    """Say that the client never got ready; give the exit status."""
    say(f"the client: {error}")
    return BROKEN
