"""Try on the clients of the scoreboard that a baseline, once written, lets the next run pass.

`python -m clients.baselines [NAME...]` writes a baseline for each client, judges the client in
its light, and ends with 1 where one did not pass, telling by what. One client at a time.
"""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clients import scoreboard

WRITTEN = "baseline.yaml"
"""What is written for a client, in its folder of what was built."""

BEFORE, AFTER = "before-the-baseline.json", "in-its-light.json"
"""The reports of the run that wrote it, and of the one that should pass."""

FAILS = ("FAIL", "HANG", "CRASH", "ERROR", "XPASS")


def try_baseline(folder: Path) -> list[str]:
    """Write what a client fails, and judge it by that; give what did not pass all the same."""
    place = scoreboard.BUILD / folder.name
    place.mkdir(parents=True, exist_ok=True)
    for old in (WRITTEN, BEFORE, AFTER):
        (place / old).unlink(missing_ok=True)
    client = shlex.join(scoreboard.install(folder))
    for option, report in (("--write-baseline", BEFORE), ("--baseline", AFTER)):
        status = check(client, [option, WRITTEN, "--json", report], place)
        if status != 0:
            return [f"{option} ended with {status}", *what_failed(place / report)]
    return []


def check(client: str, options: list[str], place: Path) -> int:
    """Judge a client; give the exit status. What it says on the way is in `baselines.log`."""
    command = str(Path(sys.executable).with_name("livestorm-mock"))
    asked = ["--client", client, "--state", str(place / "state"), "--workers", "4"]
    with (place / "baselines.log").open("a") as log:
        done = subprocess.run(  # noqa: S603
            [command, "check", *asked, *options],
            cwd=place,
            env={**os.environ, "NO_COLOR": "1"},
            stdout=log,
            stderr=log,
            timeout=scoreboard.RUN_SECONDS,
            check=False,
        )
    return done.returncode


def what_failed(results: Path) -> Iterator[str]:
    """Name what failed a run, with its reason and its checks, as its report has them."""
    report: dict[str, Any] = json.loads(results.read_text("utf-8")) if results.exists() else {}
    if report.get("unfinished"):
        yield str(report["unfinished"])
        return
    for case in report.get("cases", ()):
        if case["verdict"] in FAILS:
            checks = [f"{one['check']} {one['verdict']}" for one in case["checks"]]
            told = [one for one in checks if not one.endswith("PASS") or one.endswith("XPASS")]
            yield f"{case['case']} {case['verdict']} ({case['reason']}): {', '.join(told)}"


def main() -> None:
    """Try all clients, or those named as arguments."""
    failed = False
    for folder in sorted(file.parent for file in scoreboard.CLIENTS.glob("*/adapter.*")):
        if folder.name in (sys.argv[1:] or [folder.name]):
            told = try_baseline(folder)
            failed = failed or bool(told)
            sys.stdout.write("\n  ".join([f"{folder.name}: {'failed' if told else 'ok'}", *told]))
            sys.stdout.write("\n")
            sys.stdout.flush()
    sys.exit(failed)


if __name__ == "__main__":
    main()
