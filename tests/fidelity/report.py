"""Replays everything against the fake: `python -m tests.fidelity.report [--write FILE]`.

Prints how many recorded cases agree in each release, per endpoint as a table, and what differs.
With `--write` the table replaces what stands between the markers in FILE.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .endpoints import ENDPOINTS, endpoint_of
from .exclusions import Outcome, judge, load_exclusions
from .fake import run_fake
from .recordings import PROFILES, RELEASES, load_recordings
from .replayer import Verdict, replay

BEGIN = "<!-- fidelity: begin -->"
END = "<!-- fidelity: end -->"
NOT_WRITTEN = 2
"""Exit status where the file to write to has no markers."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if all agree, 1 if a case differs or an exclusion is stale, 2 no file."""
    parser = argparse.ArgumentParser(prog="report", description=__doc__)
    parser.add_argument("--write", type=Path, metavar="FILE", help="a Markdown file with markers")
    parser.add_argument("--quiet", action="store_true", help="do not list what differs")
    options = parser.parse_args(arguments)
    outcomes = {release: judge_release(release) for release in RELEASES}
    _say(*summary(outcomes), "", *table(outcomes))
    if not options.quiet:
        _say(*details(outcomes))
    if options.write is not None and not write_section(options.write, outcomes):
        _say(f"{options.write}: not written, it has no lines {BEGIN} and {END}")
        return NOT_WRITTEN
    return int(any(outcome.differing or outcome.stale for outcome in outcomes.values()))


def judge_release(release: str) -> Outcome:
    """Replay all profiles against the fake as one release."""
    return judge(_verdicts(release), release, load_exclusions())


def _verdicts(release: str) -> Iterator[Verdict]:
    for profile in PROFILES:
        with run_fake(profile, release) as server:
            yield from replay(load_recordings(profile), release, server)


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


def write_section(file: Path, outcomes: dict[str, Outcome]) -> bool:
    """Replace what stands between the markers in `file`; return False where there are none."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    section = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    lines = [
        BEGIN,
        *(f"- **{line.partition(':')[0]}**:{line.partition(':')[2]}" for line in summary(outcomes)),
        "",
        "Cases agreeing / differing / excluded, per endpoint and release:",
        "",
        *table(outcomes),
        END,
    ]
    written, found = section.subn(lambda _: "\n".join(lines), text)
    if found:
        file.write_text(written, encoding="utf-8")
    return bool(found)


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    sys.exit(main())
