"""Judge real clients and write the table: `python contract_tests/clients/scoreboard.py`.

Each folder beside this file is a client: `requirements.txt` or `package-lock.json` pins it, and
its adapter is one file. What is installed and the results in JSON stay out of git.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

CLIENTS = Path(__file__).parent
PAGE = CLIENTS.parents[1] / "docs/scoreboard.md"
BUILD = CLIENTS / ".build"
SEED = "scoreboard"
INSTALL_SECONDS = 600
RUN_SECONDS = 1800
AT_ONCE = 4
"""How many clients are judged side by side: most of the time is waiting."""

LIBRARY_ONLY = (
    "**The result speaks about the library, not about an integration.** Most of these libraries "
    "have no call layer, no lock, no store and no logic for a 401 by design: that is the business "
    "of the code around them. Where they leave a whole step to their user, the case is not put to "
    "them; where it is a part of one (to wait as Retry-After says, to drop a dead grant), an "
    "integration can pass what the library alone does not. What a library does not announce as an "
    "exception of its own is told as `bug`. "
    "[Put your own wrapper to the test](your-client.md)."
)
INTRODUCTION = f"""# Scoreboard

What the contract suite says of well-known OAuth libraries, pinned, each behind a thin adapter in
[contract_tests/clients](../contract_tests/clients), with default settings, a time-out where one
can be set, and the client's secret in the body. `make scoreboard` writes this page.

{LIBRARY_ONLY}

A count like 3/5 of 9 means: of 9 cases 5 could be put to the client, and 3 of those passed. After
`make scoreboard` each failure can be played again, by its id and the library's name:

    .venv/bin/livestorm-mock replay contract_tests/clients/.build/authlib/replays/C09.json

"""


def install(folder: Path) -> list[str]:
    """Install what a client needs; give the command of its adapter."""
    if (folder / "package.json").exists():
        run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], folder)
        return ["node", str(folder / "adapter.mjs")]
    target = BUILD / folder.name / "packages"
    options = ["--quiet", "--disable-pip-version-check", "--upgrade", "--target", str(target)]
    requirements = str(folder / "requirements.txt")
    run([sys.executable, "-m", "pip", "install", *options, "-r", requirements], folder)
    # `env` gives the path to this adapter only.
    return ["env", f"PYTHONPATH={target}", sys.executable, str(folder / "adapter.py")]


def run(command: list[str], folder: Path) -> None:
    """Run an installer in a folder."""
    subprocess.run(command, cwd=folder, check=True, timeout=INSTALL_SECONDS)  # noqa: S603


def judge(folder: Path) -> dict[str, Any]:
    """Give the results of a client. Raises SystemExit where its adapter does not work."""
    file = results_of(folder)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    # What broke another client, or this one in an earlier version, is not to be tried first.
    shutil.rmtree(file.parent / "replays", ignore_errors=True)
    check = [str(Path(sys.executable).with_name("livestorm-mock")), "check", "--workers", "2"]
    command = shlex.join(install(folder))
    options = ["--client", command, "--seed", SEED, "--json", str(file)]
    options += ["--state", str(file.parent)]
    environment = {**os.environ, "NO_COLOR": "1"}
    judging = [*check, *options]
    log = file.with_suffix(".log")
    with log.open("w") as output:
        subprocess.run(  # noqa: S603
            judging, timeout=RUN_SECONDS, check=False, env=environment, stdout=output, stderr=output
        )
    if not file.exists():
        sys.exit(f"{folder.name}: its adapter could not be started, see {log}")
    results: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    sys.stdout.write(f"{row(folder.name, results)}\n")
    return results


def results_of(folder: Path) -> Path:
    """Name the file with the results of a client."""
    return BUILD / folder.name / "results.json"


def row(name: str, results: dict[str, Any]) -> str:
    """Give a client's line of the table."""
    profiles = [count(score) for score in results["profiles"].values()]
    skipped = sum(case["verdict"] == "SKIP" for case in results["cases"])
    client = f"[{name}](../contract_tests/clients/{name}) {results['client']['version']}"
    return "| " + " | ".join([client, *profiles, str(skipped)]) + " |"


def count(score: dict[str, Any]) -> str:
    """Show a profile's count."""
    counts = f"{score['passed']}/{score['judged']}"
    return counts if score["judged"] == score["total"] else f"{counts} of {score['total']}"


def failures(name: str, results: dict[str, Any]) -> str:
    """List what a client did not pass."""
    lines = [line for case in results["cases"] for line in broken(case)]
    passed = ["Every case that could be put to it passed."]
    return "\n".join([f"## {name}", "", about(CLIENTS / name), "", *(lines or passed), ""])


def about(folder: Path) -> str:
    """Give the first line of an adapter, which says what the library leaves to its user."""
    adapter = next(folder.glob("adapter.*"))
    return adapter.read_text(encoding="utf-8").partition("\n")[0].strip('"/ ')


def broken(case: dict[str, Any]) -> list[str]:
    """Tell a case that did not pass, and its checks that did not hold."""
    if case["verdict"] in ("PASS", "SKIP"):
        return []
    failed = [one for one in case["checks"] if one["verdict"] != "PASS"]
    return [
        f"- **{case['case']}** {case['name']} {case['verdict']}: {case['requirement']}",
        *(
            f"  - {one['check']} {one['verdict']}: {one['requirement']}{found(one)}"
            for one in failed
        ),
    ]


def found(check: dict[str, Any]) -> str:
    """Tell what was found instead, where that is told."""
    told = check["evidence"].get("found")
    return f" ({told})" if told else ""


def page(results: dict[str, dict[str, Any]]) -> str:
    """Give the page."""
    names = list(next(iter(results.values()))["profiles"])
    header = ["client", *names, "not supported"]
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    rows = [row(name, one) for name, one in results.items()]
    told = "\n".join(failures(name, one) for name, one in results.items())
    return INTRODUCTION + "\n".join([*lines, *rows, "", told])


def main() -> None:
    """Judge all clients, or those named as arguments, and write the page.

    The results of the others are those of the run before, where there was one.
    """
    folders = sorted(file.parent for file in CLIENTS.glob("*/adapter.*"))
    wanted = sys.argv[1:] or [folder.name for folder in folders]

    def result(folder: Path) -> dict[str, Any]:
        known = results_of(folder)
        if folder.name in wanted or not known.exists():
            return judge(folder)
        results: dict[str, Any] = json.loads(known.read_text(encoding="utf-8"))
        return results

    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = dict(zip((one.name for one in folders), pool.map(result, folders), strict=True))
    PAGE.write_text(page(results), encoding="utf-8")


if __name__ == "__main__":
    main()
