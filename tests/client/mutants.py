"""`make mutants`: change the client's code in every small way, and see that its tests notice.

`make mutants ONLY='livestorm_client.pacing*'` does so in one module.

Mutants that may survive, because they are equivalent, are in `mutants.txt`, one a line: function,
the line as it became, and the reason; mutants with the same line share it. Exit status 1 for a new
survivor, and for a line without one.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STAGE = ROOT / "build" / "mutants"
ACCEPTED = HERE / "mutants.txt"
# Of pytest, for a failing test, and of mutmut, for a time limit. Others are no test's verdict.
FAILED, OUT_OF_TIME = 1, -24
# The slow tests add nothing that the others would not notice. Hypothesis draws the same examples
# each time and without a time limit, so that only the mutant can make a test fail.
SETTINGS = """
[mutmut]
source_paths = src
pytest_add_cli_args_test_selection =
    tests/client
pytest_add_cli_args =
    --import-mode=importlib
    --hypothesis-profile=ci
    --ignore=tests/client/test_session_stateful.py
    --ignore=tests/client/test_package.py
    --ignore=tests/client/test_documented_program.py
    --ignore=tests/client/test_kills.py
    -p
    no:cacheprovider
use_git_change_detection = false
timeout_constant = 2.0
timeout_multiplier = 5.0
"""


def prepare() -> None:
    """Lay client and tests out as mutmut wants them, without a cache of the last run."""
    shutil.rmtree(STAGE, ignore_errors=True)
    shutil.copytree(ROOT / "client", STAGE / "src")
    shutil.copytree(HERE, STAGE / "tests" / "client")
    shutil.copy(ROOT / "tests" / "conftest.py", STAGE / "tests")
    (STAGE / "setup.cfg").write_text(SETTINGS)


def mutmut(*arguments: str) -> str:
    """Run mutmut; give what it prints."""
    command = [str(Path(sys.executable).parent / "mutmut"), *arguments]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        command, cwd=STAGE, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    return ran.stdout


def list_results() -> dict[str, int]:
    """Give the exit status of the tests for each mutant that was tried."""
    files = (STAGE / "mutants").rglob("*.meta")
    results = [json.loads(file.read_text())["exit_code_by_key"] for file in files]
    return {name: code for part in results for name, code in part.items() if code is not None}


def name_function(name: str) -> str:
    """Give a mutant's function, such as `pacing.Gate.pause`."""
    return re.sub(r"\.xǁ|\.x_|ǁ", ".", name.split("__mutmut_")[0]).removeprefix("livestorm_client.")


def read_change(name: str) -> str:
    """Give the line that a mutant changed, as it became."""
    lines = mutmut("show", name).splitlines()
    added = [line[1:].strip() for line in lines if line.startswith("+") and line[:3] != "+++"]
    return added[0] if added else "(a line is gone)"


def read_accepted() -> set[tuple[str, str]]:
    """Give function and line of each mutant that may survive."""
    lines = ACCEPTED.read_text(encoding="utf-8").splitlines()
    fields = [line.split(" | ") for line in lines if line and line[0] != "#"]
    return {(field[0], " | ".join(field[1:-1])) for field in fields}


def main() -> int:
    """Run everything; give the exit status."""
    prepare()
    print(mutmut("run", *sys.argv[1:]).splitlines()[-1])  # noqa: T201
    slow = [name for name, code in list_results().items() if code == OUT_OF_TIME]
    if slow:  # The machine may have been busy.
        mutmut("run", "--max-children", "1", *slow)
    results = list_results()
    survivors = [name for name, code in results.items() if code not in (FAILED, OUT_OF_TIME)]
    found = {(name_function(name), read_change(name)) for name in survivors}
    tried = {name_function(name) for name in results}
    accepted = {one for one in read_accepted() if one[0] in tried or not sys.argv[1:]}
    for title, entries in (("new", found - accepted), ("no longer there", accepted - found)):
        for function, line in sorted(entries):
            print(f"{title}: {function} | {line} |")  # noqa: T201
    print(  # noqa: T201
        f"{len(results)} mutants, {len(results) - len(survivors)} noticed, {len(survivors)} not; "
        f"{len(found & accepted)} lines of {len(found)} accepted"
    )
    return 0 if results and found == accepted else 1


if __name__ == "__main__":
    sys.exit(main())
