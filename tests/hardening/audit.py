"""`make audit`: ask whether a locked version has a known vulnerability.

pip-audit ends well also where it learnt nothing, as without a network; here that is said.
"""

import subprocess
import sys
from pathlib import Path

import click
import msgspec

LOCK = Path(__file__).parents[2] / "requirements-dev.lock"
_UNREACHABLE = ("ConnectionError", "ConnectTimeout", "Max retries", "timed out", "name resolution")


class Vulnerability(msgspec.Struct, frozen=True):
    """What is known of a version."""

    id: str
    fix_versions: tuple[str, ...] = ()


class Dependency(msgspec.Struct, frozen=True):
    """A locked version, with what is known of it, or why nothing is."""

    name: str
    version: str = ""
    vulns: tuple[Vulnerability, ...] = ()
    skip_reason: str | None = None


class Report(msgspec.Struct, frozen=True):
    """What pip-audit prints as JSON."""

    dependencies: tuple[Dependency, ...]


def judged(output: str, errors: str) -> tuple[int, list[str]]:
    """Give the exit status and what is said: 1 for a finding, or where pip-audit broke."""
    try:
        report = msgspec.json.decode(output, type=Report)
    except msgspec.DecodeError:
        last = (errors.strip().splitlines() or ["it says nothing"])[-1]
        if any(word in errors for word in _UNREACHABLE):
            return 0, [f"NOT AUDITED: its data can't be reached: {last}"]
        return 1, [f"pip-audit broke: {last}"]
    findings = [_told(one, found) for one in report.dependencies for found in one.vulns]
    skipped = [one for one in report.dependencies if one.skip_reason is not None]
    told = [f"{len(report.dependencies) - len(skipped)} versions audited", *findings]
    if skipped:
        first = skipped[0]
        told.append(
            f"NOT AUDITED: {len(skipped)} versions, {first.name} first: {first.skip_reason}"
        )
    return (1 if findings else 0), told


def _told(dependency: Dependency, found: Vulnerability) -> str:
    mended = ", ".join(found.fix_versions) or "no version"
    return f"VULNERABLE: {dependency.name} {dependency.version}: {found.id}, mended in {mended}"


def main() -> int:
    """Run pip-audit on the lock file; give the exit status."""
    options = ("--disable-pip", "--require-hashes", "--format=json", "--progress-spinner=off")
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), *options],
        capture_output=True,
        text=True,
        check=False,
    )
    status, told = judged(done.stdout, done.stderr)
    click.echo("\n".join(told))
    return status


if __name__ == "__main__":
    sys.exit(main())
