"""Judge real clients and write the table: `python contract_tests/clients/scoreboard.py`.

Each folder beside this file is a client: `requirements.txt` or `package-lock.json` pins it, and
its adapter is one file. What is installed and the results in JSON stay out of git.
"""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

CLIENTS = Path(__file__).parent
PAGE = CLIENTS.parents[1] / "docs/scoreboard.md"
BUILD = CLIENTS / ".build"
SEED = "scoreboard"
INSTALL_SECONDS = 600
RUN_SECONDS = 1800

LIBRARY_ONLY = (
    "**The result speaks about the library, not about an integration.** Most of these libraries "
    "have no call layer, no lock and no logic for a 401 by design: that is the business of the "
    "code around them. What they leave to their user is counted as not supported; where their "
    "user can turn something on or wrap it, an integration can pass what the library alone does "
    "not. [Put your own wrapper to the test](your-client.md)."
)
INTRODUCTION = f"""# Scoreboard

What the contract suite says of well-known OAuth libraries, pinned, each behind a thin adapter in
[contract_tests/clients](../contract_tests/clients). `make scoreboard` writes this page.

{LIBRARY_ONLY}

A count like 3/5 of 9 means: of 9 cases 5 could be put to the client, and 3 of those passed.

"""


def install(folder: Path) -> list[str]:
    """Install what a client needs; give the command of its adapter."""
    if (folder / "package.json").exists():
        run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], folder)
        return ["node", str(folder / "adapter.mjs")]
    target = BUILD / folder.name
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
    file = BUILD / f"{folder.name}.json"
    file.unlink(missing_ok=True)
    check = [str(Path(sys.executable).with_name("livestorm-mock")), "check", "--workers", "2"]
    command = shlex.join(install(folder))
    options = ["--client", command, "--seed", SEED, "--json", str(file)]
    environment = {**os.environ, "NO_COLOR": "1"}
    judging = [*check, *options]
    subprocess.run(judging, timeout=RUN_SECONDS, check=False, env=environment)  # noqa: S603
    if not file.exists():
        sys.exit(f"{folder.name}: its adapter could not be started")
    results: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return results


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
    return "\n".join([f"## {name}", "", *(lines or passed), ""])


def broken(case: dict[str, Any]) -> list[str]:
    """Tell the checks of a case that did not hold, or the case where it did not come to any."""
    if case["verdict"] in ("PASS", "SKIP"):
        return []
    failed = [one for one in case["checks"] if one["verdict"] != "PASS"]
    lines = [
        f"- {one['check']} {one['verdict']}: {one['requirement']}{found(one)}" for one in failed
    ]
    return lines or [f"- {case['case']} {case['verdict']}: {case['requirement']}"]


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
    BUILD.mkdir(exist_ok=True)
    folders = sorted(file.parent for file in CLIENTS.glob("*/adapter.*"))
    wanted = sys.argv[1:] or [folder.name for folder in folders]
    results: dict[str, dict[str, Any]] = {}
    for folder in folders:
        known = BUILD / f"{folder.name}.json"
        if folder.name in wanted or not known.exists():
            results[folder.name] = judge(folder)
        else:
            results[folder.name] = json.loads(known.read_text(encoding="utf-8"))
    PAGE.write_text(page(results), encoding="utf-8")


if __name__ == "__main__":
    main()
