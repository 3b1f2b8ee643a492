"""What `livestorm-mock check` is asked for, read into a plan."""

import dataclasses
import secrets
import shlex
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from msgspec import UNSET

from .driving.under_test import REFERENCE, BareClient, ClientUnderTest, StdioClient
from .properties.properties import PROPERTIES
from .report.files import ReportFiles
from .runs.baseline import Baseline
from .runs.baseline_file import BaselineError, load_baseline
from .runs.catalogue import UnknownCaseError, all_cases_and_properties, find_case, nearest
from .runs.comparison import ComparisonError, Report, load_earlier
from .runs.exact_json import is_utf8
from .runs.failures import read_failures
from .runs.jobs import jobs_of
from .runs.open_questions import alternatives
from .runs.plan import Asked, Plan
from .runs.replay import ReplayError, load_replay
from .runs.replaying import plan_of_replay
from .runs.requirements import Requirements, UnknownSetError, find_set, in_profiles
from .runs.whole_file import is_same_file
from .suite.case import Case
from .suite.settings import Settings
from .usage import UsageError

_KEPT: Final = ("restart_cmd", "log_file", "seed", "fast", "variants", "workers", "state")
"""What decides how a client is judged, or where what is known of it is kept."""

_BASELINE: Final = "livestorm_baseline.yaml"
"""The baseline that `init` writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(ReportFiles):
    """What the command line asks for."""

    client: str | None = None
    command: str | None = None
    restart_cmd: str | None = None
    log_file: Path | None = None
    profiles: Sequence[str] = ()
    cases: Sequence[str] = ()
    scenarios: Sequence[str] = ()
    shown: Collection[str] = ()
    """The cases that the chosen scenarios show; all where none was chosen."""
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
    compare: Path | None = None
    """An earlier report in JSON, beside which the run is seen."""
    watch: bool = False
    """Whether what failed is run again each time that a file changes."""
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

    @property
    def written(self) -> list[tuple[str, Path]]:
        """Each file that is written, after the option that asks for it; `--state` is a folder."""
        baseline = self.write_baseline or (self.baseline if self.update_baseline else None)
        option = "--write-baseline" if self.write_baseline else "--baseline"
        reports = [(f"--{name}", path) for name, path in self.reports]
        return [*reports, *([] if baseline is None else [(option, baseline)])]


def read_plan(wanted: Wanted) -> Plan:
    """Give the plan that the command line asks for. Raises UsageError."""
    baseline = read_baseline(wanted)
    requirements = read_requirements(wanted, baseline)
    cases = select_cases(wanted, requirements)
    client = read_client(wanted)
    settings = Settings(
        seed=seed_of(wanted, baseline),
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
        asked=asked_by(wanted),
    )


def asked_by(wanted: Wanted) -> Asked:
    """Give the options that the next commands have, too."""
    known, usual = wanted.baseline or wanted.write_baseline, Path(_BASELINE)
    chosen = {"--profile": wanted.profiles, "--case": wanted.cases, "--scenario": wanted.scenarios}
    listed = [part for option, names in chosen.items() for one in names for part in (option, one)]
    return Asked(
        options=list(_given(wanted, *_KEPT)),
        chosen=[*listed, *_given(wanted, "last_failed")],
        baseline=() if known is None else ("--baseline", str(known)),
        suggested=str(known or (usual if usual.is_file() else "baseline.yaml")),
    )


def _given(wanted: Wanted, *names: str) -> Iterator[str]:
    """Give those of some options that are not left at their defaults."""
    defaults = {one.name: one.default for one in dataclasses.fields(wanted)}
    for name in names:
        value = getattr(wanted, name)
        if value != defaults[name]:
            yield f"--{name.replace('_', '-')}"
            yield from () if value is True else (str(value),)


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


def seed_of(wanted: Wanted, baseline: Baseline) -> str:
    """Give the seed that was asked for, that of the baseline, or one that nobody has had.

    Raises UsageError for one that is no text in UTF-8, of which nothing could be drawn.
    """
    seed = wanted.seed or baseline.seed or secrets.token_hex(4)
    if not is_utf8(seed):
        option = "--seed" if wanted.seed else "--baseline: seed"
        raise UsageError(f"{option}: {seed!r} is no text in UTF-8")
    return seed


def read_requirements(wanted: Wanted, baseline: Baseline) -> Requirements:
    """Give the set by which the client is scored. Raises UsageError."""
    try:
        return find_set(wanted.requirements or baseline.requirements)
    except UnknownSetError as error:
        raise UsageError(f"--requirements: {error}") from None


def select_cases(wanted: Wanted, requirements: Requirements) -> list[Case]:
    """Give the cases to be run, properties among them.

    Each option that is given keeps only some, as with pytest: those of the profiles, of them those
    with the ids, of these those that the scenarios show, and of these those that failed last.
    Raises UsageError.
    """
    check_profiles(wanted.profiles, requirements)
    try:
        asked = {find_case(name).id for name in wanted.cases}
    except UnknownCaseError as error:
        raise UsageError(f"--case: {error}") from None
    known = all_cases_and_properties()
    narrowed = [one for one in (asked, wanted.shown) if one]
    if wanted.profiles:
        narrowed.append(in_profiles(requirements, wanted.profiles, known))
    cases = [case for case in known.values() if all(case.id in one for one in narrowed)]
    if not cases:
        told = "each of --profile, --case and --scenario keeps only some"
        raise UsageError(f"no case is left: {told}")
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
    first, *others = case.variants
    return dataclasses.replace(case, variants=[first], left_out=[one.name for one in others])


def read_client(wanted: Wanted) -> ClientUnderTest:
    """Give the client: an app at a URL, a command, `reference` or an adapter. Raises UsageError."""
    text, bare = wanted.client, wanted.command
    if (text is None) == (bare is None):
        raise UsageError("expected either --client or --command")
    if text and text.startswith(("http://", "https://")):
        from .driving.http import HttpApp  # Others need no HTTP client.

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


def read_earlier(wanted: Wanted) -> Report | None:
    """Read the report that the run is compared with, where one is named. Raises UsageError."""
    if wanted.compare is None:
        return None
    try:
        return load_earlier(wanted.compare)
    except ComparisonError as error:
        raise UsageError(f"--compare: {error}") from None


def read_baseline(wanted: Wanted) -> Baseline:
    """Read the baseline, which may be yet to be written. Raises UsageError."""
    path, written = wanted.baseline, wanted.write_baseline
    if wanted.update_baseline and wanted.fast:
        raise UsageError("--update-baseline: what passes is known in all variants only, not --fast")
    if wanted.update_baseline and path is None and written is None:
        raise UsageError("--update-baseline: expected --baseline, which names the file")
    if path is None and written is not None and written.is_file():
        path = written
    if path is not None and written is not None and not is_same_file(path, written):
        raise UsageError("--write-baseline: expected the file of --baseline, or that alone")
    try:
        return load_baseline(path)
    except BaselineError as error:
        raise UsageError(f"--baseline: {error}") from None
