"""`make mutants`: change the client's code in every small way, and see that its tests notice.

`make mutants ONLY='livestorm_client.pacing*'` does so in one module.

Mutants that may survive, because they are equivalent, are in `mutants.txt`, one a line: name, the
line as it became, and the reason. Exit status 1 for a new survivor, and for a line without one.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STAGE = ROOT / "build" / "mutants"
ACCEPTED = HERE / "mutants.txt"
NOTICED = {"killed", "timeout", "suspicious", "caught by type check"}
# The slow tests add nothing that the others would not notice.
SETTINGS = """
[mutmut]
source_paths = src
pytest_add_cli_args_test_selection =
    tests/client
pytest_add_cli_args =
    --import-mode=importlib
    --ignore=tests/client/test_session_stateful.py
    --ignore=tests/client/test_package.py
    --ignore=tests/client/test_kills.py
    -p
    no:cacheprovider
    -p
    no:randomly
use_git_change_detection = false
timeout_constant = 5
"""


def prepare() -> None:
    """Lay client and tests out as mutmut wants them, without a cache of the last run."""
    shutil.rmtree(STAGE, ignore_errors=True)
    shutil.copytree(ROOT / "client", STAGE / "src")
    shutil.copytree(HERE, STAGE / "tests" / "client")
    (STAGE / "setup.cfg").write_text(SETTINGS)


def mutmut(*arguments: str) -> str:
    """Run mutmut; give what it prints."""
    command = [str(Path(sys.executable).parent / "mutmut"), *arguments]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        command, cwd=STAGE, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    return ran.stdout


def list_verdicts() -> dict[str, str]:
    """Give the verdict of each mutant that was tried."""
    lines = [line.split(": ") for line in mutmut("results", "--all", "true").splitlines()]
    verdicts = {line[0].strip(): line[1].strip() for line in lines if len(line) == 2}
    return {name: verdict for name, verdict in verdicts.items() if verdict != "not checked"}


def read_change(name: str) -> str:
    """Give the line that a mutant changed, as it became."""
    lines = mutmut("show", name).splitlines()
    added = [line[1:].strip() for line in lines if line.startswith("+") and line[:3] != "+++"]
    return added[0] if added else "(a line is gone)"


def main() -> int:
    """Run everything; give the exit status."""
    prepare()
    print(mutmut("run", *sys.argv[1:])[-2000:])  # noqa: T201
    verdicts = list_verdicts()
    survivors = {name for name, verdict in verdicts.items() if verdict not in NOTICED}
    lines = ACCEPTED.read_text(encoding="utf-8").splitlines()
    names = {line.split(" | ")[0].strip() for line in lines if line and line[0] != "#"}
    accepted = names & verdicts.keys() if sys.argv[1:] else names
    for name in sorted(survivors - accepted):
        print(f"new: {name} | {read_change(name)} |")  # noqa: T201
    for name in sorted(accepted - survivors):
        print(f"no longer there: {name}")  # noqa: T201
    print(  # noqa: T201
        f"{len(verdicts)} mutants, {len(survivors)} not noticed, {len(accepted)} accepted"
    )
    return 0 if verdicts and survivors == accepted else 1


if __name__ == "__main__":
    sys.exit(main())
