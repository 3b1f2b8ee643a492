"""`livestorm-mock check`: a verdict on a client."""

import dataclasses
import os
import secrets
import shlex
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from msgspec import UNSET
from msgspec.structs import replace
from rich.console import Console

from .driving.carrier import AdapterFailed
from .driving.http import HttpApp
from .driving.under_test import REFERENCE, BareClient, ClientUnderTest, StdioClient
from .properties.properties import PROPERTIES
from .report.files import ReportFiles, write_reports
from .report.progress import progressing
from .report.terminal import ReportConsole, print_report
from .runs.baseline import TO_DO, Baseline, with_failures, without_passes
from .runs.baseline_file import BaselineError, load_baseline, save_baseline
from .runs.catalogue import (
    UnknownCaseError,
    all_cases_and_properties,
    find_case,
    nearest,
)
from .runs.failures import keep_failures, read_failures
from .runs.jobs import UnderWay, jobs_of
from .runs.open_questions import alternatives
from .runs.plan import Plan
from .runs.replay import ReplayError, load_replay
from .runs.replaying import keep_replays, plan_of_replay
from .runs.requirements import Requirements, UnknownSetError, find_set, in_profiles
from .runs.run import Run, in_light_of, run_plan
from .runs.whole_file import check_folder, check_writable
from .suite.case import Case
from .suite.settings import Settings
from .suite.verdicts import Verdict
from .usage import UsageError

BROKEN = 2
_WRITTEN: Final = ("json", "junit", "sarif", "html", "markdown", "badge", "write_baseline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(ReportFiles):
    """What the command line asks for."""

    client: str | None = None
    command: str | None = None
    restart_cmd: str | None = None
    log_file: Path | None = None
    profiles: Sequence[str] = ()
    cases: Sequence[str] = ()
    strict: bool = False
    fast: bool = False
    """Whether each case has its first variant only, and properties are left out."""
    last_failed: bool = False
    """Whether only what failed last is run, and all where nothing did."""
    requirements: str | None = None
    """The set by which the client is scored; without one that of the baseline, or the newest."""
    baseline: Path | None = None
    write_baseline: Path | None = None
    """Where what fails now is added to what is known to fail."""
    update_baseline: bool = False
    """Whether what passes now is removed from the baseline."""
    seed: str | None = None
    workers: int = 8
    variants: bool = False
    """Whether the core runs under each value of the open questions, too."""
    verbose: bool = False
    """Whether everything is told on the terminal, rather than one screen."""
    state: Path = Path(".livestorm-mock")

    @property
    def replays(self) -> Path:
        """Where replays are kept; what once broke a property is tried first."""
        return self.state / "replays"


def check(wanted: Wanted) -> int:
    """Run the cases and report; give the exit status. Raises UsageError."""
    plan, console, under_way = read_plan(wanted), ReportConsole(), UnderWay()
    check_places(wanted)
    try:
        with interruptible(), progressing(console, plan, under_way) as progress:
            run = run_plan(plan, progress.tell, under_way)
    except AdapterFailed as error:
        return broken(error)
    if run.cut_off is not None:
        print_report(run, console, verbose=wanted.verbose)
        return tell_of_interruption(plan, run, run.cut_off)
    run = change_baseline(wanted, plan, run)
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
    Console(stderr=True).print(
        f"livestorm-mock: {told}", markup=False, highlight=False, soft_wrap=True
    )
    return run.exit_status


def change_baseline(wanted: Wanted, plan: Plan, run: Run) -> Run:
    """Write what is known to fail, where that is asked for; give the run in the light of it.

    Raises UsageError.
    """
    path = wanted.write_baseline or wanted.baseline
    if path is None or not (wanted.write_baseline or wanted.update_baseline):
        return run
    if wanted.write_baseline and all(one.verdict is Verdict.ERROR for one in run.results):
        raise UsageError(f"--write-baseline: {path} was not written, as nothing is known")
    baseline = plan.baseline
    if wanted.update_baseline:
        baseline = without_passes(baseline, run.results)
    if wanted.write_baseline:
        known = replace(baseline, seed=plan.settings.seed, requirements=plan.requirements.name)
        baseline = with_failures(known, run.results)
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
    Console(stderr=True).print(
        f"livestorm-mock: {told}", markup=False, highlight=False, soft_wrap=True
    )


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


def broken(error: AdapterFailed) -> int:
    """Say that the client never got ready; give the exit status."""
    Console(stderr=True).print(f"livestorm-mock: the client: {error}", markup=False)
    return BROKEN


def check_places(wanted: Wanted) -> None:
    """See, before anything is run, that what will be written can be. Raises UsageError."""
    files = {f"--{name.replace('_', '-')}": getattr(wanted, name) for name in _WRITTEN}
    for option, path in files.items():
        if path is not None:
            with writing(f"{option}: "):
                check_writable(path)
    with writing("--state: "):
        check_folder(wanted.state)


@contextmanager
def writing(option: str = "") -> Iterator[None]:
    """Name the file that can't be written, after the option that asks for it. Raises UsageError."""
    try:
        yield
    except OSError as error:
        told = os.strerror(error.errno or 0)
        raise UsageError(f"{option}{error.filename}: can't be written: {told}") from None


def read_plan(wanted: Wanted) -> Plan:
    """Give the plan that the command line asks for. Raises UsageError."""
    baseline = read_baseline(wanted)
    requirements = read_requirements(wanted, baseline)
    cases = select_cases(wanted, requirements)
    client = read_client(wanted)
    settings = Settings(
        seed=wanted.seed or baseline.seed or secrets.token_hex(4),
        strict=wanted.strict,
        workers=min(wanted.workers, client.most_at_once or wanted.workers),
    )
    return Plan(
        client=client,
        jobs=jobs_of(cases, settings, replays=wanted.replays),
        settings=settings,
        requirements=requirements,
        baseline=baseline,
        core_under=alternatives() if wanted.variants else (),
    )


def read_replay(path: Path, client: str | None) -> Plan:
    """Give the plan that plays a failure again, to another client where one is given.

    Raises UsageError.
    """
    try:
        kept = load_replay(path)
    except ReplayError as error:
        raise UsageError(str(error)) from None
    command = None if client or kept.command is UNSET else kept.command
    adapter = None if kept.client is UNSET else kept.client
    return plan_of_replay(kept, read_client(Wanted(client=client or adapter, command=command)))


def read_requirements(wanted: Wanted, baseline: Baseline) -> Requirements:
    """Give the set by which the client is scored. Raises UsageError."""
    try:
        return find_set(wanted.requirements or baseline.requirements)
    except UnknownSetError as error:
        raise UsageError(f"--requirements: {error}") from None


def select_cases(wanted: Wanted, requirements: Requirements) -> list[Case]:
    """Give the cases to be run, properties among them.

    Each option that is given leaves fewer, as with pytest: those of the profiles, of them those
    with the ids, of these those that failed last. Raises UsageError.
    """
    check_profiles(wanted.profiles, requirements)
    try:
        asked = {find_case(name).id for name in wanted.cases}
    except UnknownCaseError as error:
        raise UsageError(f"--case: {error}") from None
    known = all_cases_and_properties()
    of_profiles = in_profiles(requirements, wanted.profiles, known)
    cases = [
        case
        for case in known.values()
        if (not wanted.profiles or case.id in of_profiles) and (not asked or case.id in asked)
    ]
    if not cases:
        raise UsageError("no --case is in a --profile; each option leaves fewer cases")
    if wanted.fast:
        cases = [quick(case) for case in cases if case.id in asked or case.id not in PROPERTIES]
    failed = read_failures(wanted.state) if wanted.last_failed else set()
    return [case for case in cases if case.id in failed] or cases


def check_profiles(names: Sequence[str], requirements: Requirements) -> None:
    """See that a set has such profiles. Raises UsageError."""
    for name in names:
        if name not in requirements.profiles:
            told = nearest(name, requirements.profiles)
            raise UsageError(f"--profile: there is no profile {name!r}; {told}")


def quick(case: Case) -> Case:
    """Leave a case its first variant."""
    return dataclasses.replace(case, variants=case.variants[:1])


def read_client(wanted: Wanted) -> ClientUnderTest:
    """Give the client: an app at a URL, a command, `reference` or an adapter. Raises UsageError."""
    text, bare = wanted.client, wanted.command
    if (text is None) == (bare is None):
        raise UsageError("expected either --client or --command")
    if text and text.startswith(("http://", "https://")):
        return HttpApp(
            text,
            restart_command=split("--restart-cmd", wanted.restart_cmd)
            if wanted.restart_cmd
            else None,
            log_file=wanted.log_file,
        )
    if wanted.restart_cmd or wanted.log_file:
        raise UsageError("--restart-cmd and --log-file are for a --client that is a URL")
    if text is None:
        return BareClient(text=bare or "", command=split("--command", bare or ""))
    if text == REFERENCE.name:
        return REFERENCE
    return StdioClient(name=text, command=split("--client", text))


def split(option: str, text: str) -> list[str]:
    """Read a command line as a shell would. Raises UsageError."""
    try:
        command = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"{option}: {text!r} is no command: {error}") from None
    if not command:
        raise UsageError(f"{option}: expected a command")
    return command


def read_baseline(wanted: Wanted) -> Baseline:
    """Read the baseline, which may be yet to be written. Raises UsageError."""
    path, written = wanted.baseline, wanted.write_baseline
    if wanted.update_baseline and path is None and written is None:
        raise UsageError("--update-baseline: expected --baseline, which names the file")
    if path is None and written is not None and written.is_file():
        path = written
    if path is not None and written is not None and path != written:
        raise UsageError("--write-baseline: expected the file of --baseline, or that alone")
    try:
        return load_baseline(path)
    except BaselineError as error:
        raise UsageError(f"--baseline: {error}") from None
