"""Replays everything against the fake: `python -m tests.fidelity.report`.

Prints how many recorded cases agree in each release, per endpoint as a table, and what differs.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator

from .endpoints import ENDPOINTS, endpoint_of
from .exclusions import Outcome, judge, load_exclusions
from .fake import replay_against_fake
from .recordings import PROFILES, RELEASES, load_recordings
from .replayer import Verdict


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if all agree, 1 if a case differs or an exclusion is stale."""
    parser = argparse.ArgumentParser(prog="report", description=__doc__)
    parser.add_argument("--quiet", action="store_true", help="do not list what differs")
    options = parser.parse_args(arguments)
    outcomes = judge_releases()
    _say(*summary(outcomes), "", *table(outcomes))
    if not options.quiet:
        _say(*details(outcomes))
    return int(any(outcome.differing or outcome.stale for outcome in outcomes.values()))


def judge_releases() -> dict[str, Outcome]:
    """Replay everything against the fake as each release."""
    return {release: judge_release(release) for release in RELEASES}


def judge_release(release: str) -> Outcome:
    """Replay all profiles against the fake as one release."""
    return judge(_verdicts(release), release, load_exclusions())


def promise_releases() -> dict[str, Outcome]:
    """Say what `test_replay.py` holds the fake to: all that is recorded agrees, but exclusions."""
    return {release: _promise(release) for release in RELEASES}


def _promise(release: str) -> Outcome:
    names = {one.case for one in load_exclusions() if release in one.releases}
    verdicts = [
        Verdict(case=case, findings=())
        for profile in PROFILES
        for recording in load_recordings(profile)
        for case in recording.cases_of(release)
    ]
    return Outcome(
        agreeing=tuple(one for one in verdicts if one.case.name not in names),
        differing=(),
        excluded=tuple(one for one in verdicts if one.case.name in names),
        stale=(),
    )


def _verdicts(release: str) -> Iterator[Verdict]:
    for profile in PROFILES:
        yield from replay_against_fake(profile, release)


def summary(outcomes: dict[str, Outcome]) -> list[str]:
    """Say in one line per release how many cases agree."""
    return [f"{release}: {_agreement(outcome)}" for release, outcome in outcomes.items()]


def _agreement(outcome: Outcome) -> str:
    agreeing = len(outcome.agreeing) + len(outcome.stale)
    recorded = agreeing + len(outcome.differing) + len(outcome.excluded)
    excluded = f" ({len(outcome.excluded)} excluded)" if outcome.excluded else ""
    return f"{agreeing} of {recorded} recorded cases agree{excluded}"


def table(outcomes: dict[str, Outcome]) -> list[str]:
    """Make a Markdown table: agreeing / differing / excluded cases per endpoint and release."""
    counts = {release: _count(outcome) for release, outcome in outcomes.items()}
    lines = [
        f"| endpoint | {' | '.join(outcomes)} |",
        f"| --- |{' --- |' * len(outcomes)}",
    ]
    for endpoint in ENDPOINTS:
        cells = [_cell(counts[release], endpoint) for release in outcomes]
        lines.append(f"| {endpoint} | {' | '.join(cells)} |")
    return lines


def _count(outcome: Outcome) -> Counter[tuple[str, str]]:
    groups = {
        "agreeing": outcome.agreeing + outcome.stale,
        "differing": outcome.differing,
        "excluded": outcome.excluded,
    }
    return Counter(
        (endpoint_of(verdict.case), kind)
        for kind, verdicts in groups.items()
        for verdict in verdicts
    )


def _cell(counts: Counter[tuple[str, str]], endpoint: str) -> str:
    return " / ".join(str(counts[endpoint, kind]) for kind in ("agreeing", "differing", "excluded"))


def details(outcomes: dict[str, Outcome]) -> list[str]:
    """List every finding and every exclusion that is no longer needed."""
    lines = []
    for release, outcome in outcomes.items():
        lines += [f"{release} {one}" for verdict in outcome.differing for one in verdict.findings]
        lines += [f"{release} {one.case.name}: excluded, but agrees" for one in outcome.stale]
    return lines


def section(outcomes: dict[str, Outcome]) -> str:
    """Give in Markdown what `docs/fidelity.md` shows."""
    releases = [line.partition(":") for line in summary(outcomes)]
    return "\n".join(
        [
            *(f"- **{release}**:{agreement}" for release, _, agreement in releases),
            "",
            "Cases agreeing / differing / excluded, per endpoint and release:",
            "",
            *table(outcomes),
            "",
        ]
    )


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    sys.exit(main())
