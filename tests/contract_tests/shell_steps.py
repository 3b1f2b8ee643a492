"""Commands as a user's shell or a runner of CI runs them, with this Python's programs first."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SECONDS = 600


def run_shell(
    text: str, folder: Path, env: Mapping[str, str] | None = None, *, shell: str = "bash"
) -> subprocess.CompletedProcess[str]:
    """Run a script as GitHub does, ended by the first command that fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    # The plugin of schemathesis takes longer to start than a first test; nothing is downloaded.
    ours = {"PATH": programs, "PYTEST_ADDOPTS": "-p no:schemathesis", "PIP_NO_INDEX": "1"}
    return subprocess.run(
        [shell, "-e", "-c", text],
        cwd=folder,
        env={**kept, **ours, **(env or {})},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
