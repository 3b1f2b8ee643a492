"""Judge real clients and write the table: `python contract_tests/clients/scoreboard.py`.

Each folder beside this file is a client: a file of its language's package manager pins it, and
its adapter is one file. What is installed and the results in JSON stay out of git.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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

COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
GEMS = "usr/share/rubygems-integration/*/gems/*/lib"

LIBRARY_ONLY = (
    "**The result speaks about the library, not about an integration.** Most of these libraries "
    "have no call layer, no lock, no store and no logic for a 401 by design: that is the business "
    "of the code around them. Where they leave a whole step to their user, the case is not put to "
    "them; where it is a part of one (to wait as Retry-After says, to drop a dead grant), an "
    "integration can pass what the library alone does not. What a library does not announce as an "
    "exception of its own is told as `bug`. "
    "[Put your own wrapper to the test](your-client.md)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformFault:
    """What the HTTP client that comes with a language does, whatever library uses it.

    A case fails by it where each check that failed did so first in one of its `variants`, which
    are told by how their names begin.
    """

    clients: tuple[str, ...]
    case: str
    variants: str
    told: str

    def explains(self, name: str, case: dict[str, Any]) -> bool:
        """Tell whether a client failed a case by this alone."""
        failed = [one for one in case["checks"] if one["verdict"] not in ("PASS", "SKIP")]
        return (
            name in self.clients
            and case["case"] == self.case
            and case["verdict"] in ("FAIL", "WARN")
            and all(one["evidence"]["variant"].startswith(self.variants) for one in failed)
        )


PLATFORM_FAULTS = (
    PlatformFault(
        clients=("oauth4webapi", "openid-client"),
        case="G04",
        variants="cut_chunked",
        told=(
            "Node's built-in `fetch` takes a chunked answer without its last chunk for whole "
            "([nodejs/undici#5273](https://github.com/nodejs/undici/issues/5273))"
        ),
    ),
    PlatformFault(
        clients=("scribejava",),
        case="G04",
        variants="short_body",
        told="Java's `HttpURLConnection` takes a body that is shorter than its length for whole",
    ),
    PlatformFault(
        clients=("ruby-oauth2",),
        case="G04",
        variants="short_body",
        told="Ruby's `Net::HTTP` takes a body that is shorter than its length for whole",
    ),
    PlatformFault(
        clients=("scribejava",),
        case="C05",
        variants="reset",
        told="Java's `HttpURLConnection` sends a POST again whose answer was lost",
    ),
    PlatformFault(
        clients=("scribejava",),
        case="G06",
        variants="processed",
        told="Java's `HttpURLConnection` sends a POST again whose answer was lost",
    ),
    PlatformFault(
        clients=("scribejava",),
        case="E03",
        variants="empty-challenge",
        told="Java's `HttpURLConnection` can't read an answer with an empty `WWW-Authenticate`",
    ),
)
PLATFORM_LINES = "\n".join(dict.fromkeys(f"- {one.told}." for one in PLATFORM_FAULTS))

INTRODUCTION = f"""# Scoreboard

What the contract suite says of well-known OAuth libraries, pinned, each behind a thin adapter in
[contract_tests/clients](../contract_tests/clients), with default settings, a time-out where one
can be set, and the client's secret in the body. `make scoreboard` writes this page.

{LIBRARY_ONLY}

**What the language's own HTTP client does is not laid at the library's door.** It is told at the
case that shows it, which then counts neither as passed nor as judged:

{PLATFORM_LINES}

A count like 3/5 of 9 means: of 9 cases 5 could be put to the client, and 3 of those passed. After
`make scoreboard` each failure can be played again, by its id and the library's name:

<!-- not run: it needs what `make scoreboard` leaves -->
```sh
.venv/bin/livestorm-mock replay contract_tests/clients/.build/authlib/replays/C09.json
```

`make baselines` tries on each that a baseline, once written, lets the next run pass.

"""


def install_npm(folder: Path) -> list[str]:
    """Install what package-lock.json says."""
    run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], folder)
    return ["node", str(folder / "adapter.mjs")]


def install_pip(folder: Path) -> list[str]:
    """Install what requirements.txt says; `env` gives the path to this adapter only."""
    target = BUILD / folder.name / "packages"
    options = ["--quiet", "--disable-pip-version-check", "--upgrade", "--target", str(target)]
    requirements = str(folder / "requirements.txt")
    run([sys.executable, "-m", "pip", "install", *options, "-r", requirements], folder)
    return ["env", f"PYTHONPATH={target}", sys.executable, str(folder / "adapter.py")]


def install_go(folder: Path) -> list[str]:
    """Build with what go.sum says."""
    program = BUILD / folder.name / "adapter"
    run(["go", "build", "-mod=readonly", "-o", str(program), "."], folder)
    return [str(program)]


def install_maven(folder: Path) -> list[str]:
    """Build with what pom.xml says."""
    packages, classes = (str(BUILD / folder.name / name) for name in ("packages", "classes"))
    run(
        ["mvn", "--quiet", "--batch-mode", COPY, f"-DoutputDirectory={packages}"],
        folder,
    )
    run(["javac", "-cp", f"{packages}/*", "-d", classes, "adapter.java"], folder)
    return ["java", "-cp", f"{classes}:{packages}/*", "Adapter"]


def install_debian(folder: Path) -> list[str]:
    """Unpack what packages.txt says; nothing is installed on the machine."""
    downloads, root = (BUILD / folder.name / name for name in ("downloads", "root"))
    downloads.mkdir(parents=True, exist_ok=True)
    run(["apt-get", "download", *(folder / "packages.txt").read_text().split()], downloads)
    for package in downloads.glob("*.deb"):
        run(["dpkg-deb", "--extract", str(package), str(root)], folder)
    parts = [*root.glob("usr/lib/ruby/vendor_ruby"), *root.glob(GEMS)]
    return ["env", f"RUBYLIB={':'.join(map(str, parts))}", "ruby", str(folder / "adapter.rb")]


INSTALLERS = {
    "package.json": install_npm,
    "requirements.txt": install_pip,
    "go.mod": install_go,
    "pom.xml": install_maven,
    "packages.txt": install_debian,
}
"""How to install what a client needs, by the file that pins it."""


def install(folder: Path) -> list[str]:
    """Install what a client needs; give the command of its adapter."""
    return next(
        installer(folder) for name, installer in INSTALLERS.items() if (folder / name).exists()
    )


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
    results: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    if not results or results["unfinished"]:
        sys.exit(f"{folder.name}: its adapter could not be started, see {log}")
    sys.stdout.write(f"{row(folder.name, results)}\n")
    return results


def results_of(folder: Path) -> Path:
    """Name the file with the results of a client."""
    return BUILD / folder.name / "results.json"


def row(name: str, results: dict[str, Any]) -> str:
    """Give a client's line of the table."""
    aside = [one for one in results["cases"] if platform_fault(name, one)]
    profiles = [
        count(score, [one["verdict"] for one in aside if one["profile"] == profile])
        for profile, score in results["profiles"].items()
    ]
    skipped = sum(case["verdict"] == "SKIP" for case in results["cases"])
    client = f"[{name}](../contract_tests/clients/{name}) {results['client']['version']}"
    return "| " + " | ".join([client, *profiles, str(skipped)]) + " |"


def count(score: dict[str, Any], aside: list[str]) -> str:
    """Show a profile's count, without the cases that are set aside; a WARN counts as passed."""
    judged = score["judged"] - len(aside)
    counts = f"{score['passed'] - aside.count('WARN')}/{judged}"
    return counts if judged == score["total"] else f"{counts} of {score['total']}"


def platform_fault(name: str, case: dict[str, Any]) -> PlatformFault | None:
    """Give what the language's own HTTP client did where a client failed by that alone."""
    return next((one for one in PLATFORM_FAULTS if one.explains(name, case)), None)


def failures(name: str, results: dict[str, Any]) -> str:
    """List what a client did not pass."""
    lines = [line for case in results["cases"] for line in broken(name, case)]
    passed = ["Every case that could be put to it passed."]
    return "\n".join([f"## {name}", "", about(CLIENTS / name), "", *(lines or passed), ""])


def about(folder: Path) -> str:
    """Give the first line of an adapter, which says what the library leaves to its user."""
    adapter = next(folder.glob("adapter.*"))
    return adapter.read_text(encoding="utf-8").partition("\n")[0].strip('"/ ')


def broken(name: str, case: dict[str, Any]) -> list[str]:
    """Tell a case that did not pass, and its checks that did not hold."""
    if case["verdict"] in ("PASS", "SKIP"):
        return []
    failed = [one for one in case["checks"] if one["verdict"] != "PASS"]
    fault = platform_fault(name, case)
    verdict = case["verdict"] if fault is None else f"set aside ({fault.told})"
    return [
        f"- **{case['case']}** {case['name']} {verdict}: {case['requirement']}",
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
