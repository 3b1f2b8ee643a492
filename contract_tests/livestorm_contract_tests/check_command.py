"""`livestorm-mock check`: a verdict on a client."""

import dataclasses
import os
import secrets
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from rich.console import Console

from .driving.bare import BareCarrier
from .driving.carrier import AdapterFailed, Carrier
from .driving.http import HttpApp
from .driving.stdio import StdioCarrier
from .properties.properties import PROPERTIES, Property, jobs_of_properties
from .report.badge import write_shields, write_svg
from .report.html import write_html
from .report.junit import write_junit
from .report.markdown import write_markdown
from .report.results import write_json
from .report.terminal import print_report, progressing
from .suite.baseline import Baseline, BaselineError, load_baseline
from .suite.case import Case
from .suite.catalogue import all_cases
from .suite.open_questions import alternatives
from .suite.replay import ReplayError, jobs_of_replay, load_replay, save_replay
from .suite.run import Run, run_suite
from .suite.runner import jobs_of
from .suite.sets import cases_of, profile_of, profiles
from .suite.settings import Settings
from .suite.verdicts import NOT_PASSED, Verdict

REFERENCE = (sys.executable, "-m", "livestorm_contract_tests.adapters.reference")
BROKEN = 2
BARE = "command: "
"""What a replay has before a command that is no adapter."""


class UsageError(Exception):
    """What was asked for can't be done; the text names the option and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asks for."""

    client: str | None = None
    command: str | None = None
    restart_cmd: str | None = None
    log_file: Path | None = None
    profiles: Sequence[str] = ()
    cases: Sequence[str] = ()
    strict: bool = False
    baseline: Path | None = None
    seed: str | None = None
    workers: int = 8
    variants: bool = False
    """Whether the core runs under each value of the open questions, too."""
    state: Path = Path(".livestorm-mock")
    """Where replays are kept; what once broke a property is tried first."""
    json: Path | None = None
    junit: Path | None = None
    html: Path | None = None
    markdown: Path | None = None
    badge: Path | None = None


def check(wanted: Wanted) -> int:
    """Run the cases and report; give the exit status. Raises UsageError."""
    cases = select_cases(wanted.profiles, wanted.cases)
    properties = select_properties(wanted.profiles, wanted.cases)
    launch, workers = read_launch(wanted)
    baseline = read_baseline(wanted.baseline)
    settings = Settings(
        seed=wanted.seed or secrets.token_hex(4), strict=wanted.strict, workers=workers
    )
    jobs = [
        *jobs_of_properties(properties, settings, wanted.state / "replays"),
        *jobs_of(cases, settings),
    ]
    core = [case for case in cases if wanted.variants and profile_of(case.id) == "core"]
    console = Console()
    try:
        total = len(cases) + len(properties) + len(core) * len(alternatives())
        with progressing(console, total) as progress:
            run = run_suite(
                f"{BARE}{wanted.command}" if wanted.client is None else wanted.client,
                jobs,
                core,
                launch,
                settings,
                baseline=baseline,
                today=datetime.now(UTC).date(),
                tell=progress.tell,
            )
    except AdapterFailed as error:
        return broken(error)
    run = with_replays(run, wanted.state / "replays")
    print_report(run, console)
    write_reports(run, wanted)
    return run.exit_status


def replay(path: Path, client: str | None) -> int:
    """Play a failure again and report; give the exit status. Raises UsageError."""
    try:
        wanted = load_replay(path)
    except ReplayError as error:
        raise UsageError(str(error)) from None
    settings = Settings(seed=wanted.seed, strict=wanted.strict, workers=1, provider=wanted.provider)
    command = client or wanted.client
    try:
        run = run_suite(
            command,
            jobs_of_replay(wanted, settings),
            (),
            read_client(command),
            settings,
            baseline=Baseline(),
            today=datetime.now(UTC).date(),
        )
    except AdapterFailed as error:
        return broken(error)
    print_report(run, Console())
    return run.exit_status


def broken(error: AdapterFailed) -> int:
    """Say that the client never got ready; give the exit status."""
    Console(stderr=True).print(f"livestorm-mock: the client: {error}", markup=False)
    return BROKEN


def with_replays(run: Run, folder: Path) -> Run:
    """Write a file for each case that did not pass. Raises UsageError."""
    loud = (*NOT_PASSED, Verdict.WARN)
    try:
        results = [
            dataclasses.replace(
                one, replay=str(save_replay(one, run.command, run.settings, folder))
            )
            if one.verdict in loud
            else one
            for one in run.results
        ]
    except OSError as error:
        raise UsageError(f"--state: {error.filename}: can't be written: {error.strerror}") from None
    return dataclasses.replace(run, results=results)


def select_cases(names: Sequence[str], ids: Sequence[str]) -> list[Case]:
    """Give the cases of profiles and ids; all where neither is given. Raises UsageError."""
    known = all_cases()
    properties = [one.case.id for one in PROPERTIES]
    for name in names:
        if name not in profiles():
            raise UsageError(f"--profile: there is no profile {name!r}; {_near(name, profiles())}")
    for case in ids:
        if case.upper() not in (*known, *properties):
            near = _near(case.upper(), [*known, *properties])
            raise UsageError(f"--case: there is no case {case!r}; {near}")
    wanted = {*cases_of(names), *(case.upper() for case in ids)} if names or ids else set(known)
    return [case for case in known.values() if case.id in wanted]


def select_properties(names: Sequence[str], ids: Sequence[str]) -> list[Property]:
    """Give the properties among some ids; all where neither profiles nor ids are given."""
    wanted = [case.upper() for case in ids]
    return [one for one in PROPERTIES if one.case.id in wanted or not (names or ids)]


def read_launch(wanted: Wanted) -> tuple[Callable[[], Carrier], int]:
    """Give what starts the client, and how many cases may run side by side. Raises UsageError."""
    if (wanted.client is None) == (wanted.command is None):
        raise UsageError("expected either --client or --command")
    if is_url(wanted.client or ""):
        app = HttpApp(
            str(wanted.client),
            restart_command=split("--restart-cmd", wanted.restart_cmd)
            if wanted.restart_cmd
            else None,
            log_file=wanted.log_file,
        )
        return app.launch, 1
    if wanted.restart_cmd or wanted.log_file:
        raise UsageError("--restart-cmd and --log-file are for a --client that is a URL")
    if wanted.client is None:
        return read_client(f"{BARE}{wanted.command}"), wanted.workers
    return read_client(wanted.client), wanted.workers


def is_url(client: str) -> bool:
    """Tell whether a client is an app that is driven over HTTP."""
    return client.startswith(("http://", "https://"))


def read_client(client: str) -> Callable[[], Carrier]:
    """Give what starts an adapter: `reference`, a URL, or a command. Raises UsageError."""
    if client == "reference":
        return lambda: StdioCarrier(REFERENCE)
    if is_url(client):
        return HttpApp(client).launch
    if client.startswith(BARE):
        bare = split("--command", client.removeprefix(BARE))
        return lambda: BareCarrier(bare)
    command = split("--client", client)
    return lambda: StdioCarrier(command)


def split(option: str, text: str) -> list[str]:
    """Read a command line as a shell would. Raises UsageError."""
    try:
        command = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"{option}: {text!r} is no command: {error}") from None
    if not command:
        raise UsageError(f"{option}: expected a command")
    return command


def read_baseline(path: Path | None) -> Baseline:
    """Read the baseline, an empty one where there is no file. Raises UsageError."""
    if path is None:
        return Baseline()
    try:
        return load_baseline(path, list(all_cases().values()))
    except BaselineError as error:
        raise UsageError(f"--baseline: {error}") from None


def write_reports(run: Run, wanted: Wanted) -> None:
    """Write the files that were asked for. Raises UsageError."""
    writers: list[tuple[Path | None, Callable[[], str]]] = [
        (wanted.json, lambda: write_json(run)),
        (wanted.html, lambda: write_html(run)),
        (wanted.markdown, lambda: write_markdown(run)),
        (wanted.badge, lambda: write_svg(run)),
        (wanted.badge and wanted.badge.with_suffix(".shields.json"), lambda: write_shields(run)),
    ]
    try:
        for path, write in writers:
            if path is not None:
                path.write_text(write(), encoding="utf-8")
        if wanted.junit is not None:
            write_junit(run, wanted.junit)
    except OSError as error:
        told = f"{error.filename}: can't be written: {os.strerror(error.errno or 0)}"
        raise UsageError(told) from None


def _near(name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = get_close_matches(name, names, n=1)
    return f"did you mean {near[0]!r}?" if near else f"expected one of: {', '.join(names)}"
