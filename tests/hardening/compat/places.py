"""Where a command runs otherwise than usual: each place tells what it lacks, and leads there."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

NOBODY = 65534


class Place(Protocol):
    """A place that a command can be run in."""

    def lack(self, python: Path) -> str | None:
        """Say why this machine has no such place, None where it has."""

    def lead(self, command: Sequence[str], folder: Path) -> list[str]:
        """Give the command that runs it there; `folder` is where it may write."""


class Here:
    """This machine as it is."""

    def lack(self, python: Path) -> str | None:
        """Nothing."""
        return None

    def lead(self, command: Sequence[str], folder: Path) -> list[str]:
        """Change nothing."""
        return [*command]


class Namespace:
    """Namespaces of Linux, with what is done in them first."""

    def __init__(self, *kinds: str, prepare: str) -> None:
        self._kinds, self._prepare = kinds, prepare

    def lack(self, python: Path) -> str | None:
        """Try it."""
        if shutil.which("unshare") is None:
            return "there is no unshare"
        tried = _run(self._enter(["true"], "/mnt"))
        return None if tried.returncode == 0 else f"no namespaces: {_last_line(tried.stderr)}"

    def lead(self, command: Sequence[str], folder: Path) -> list[str]:
        """Enter the namespaces."""
        return self._enter(command, str(folder))

    def _enter(self, command: Sequence[str], folder: str) -> list[str]:
        script = f"{self._prepare}\nexec {shlex.join(command)}"
        return ["unshare", *self._kinds, "sh", "-ec", script.replace("FOLDER", shlex.quote(folder))]


class AsNobody:
    """A user without a home and without rights."""

    def lack(self, python: Path) -> str | None:
        """See whether nobody may run this Python and read the tests."""
        if os.getuid() != 0:
            return None
        if shutil.which("setpriv") is None:
            return "there is no setpriv"
        tried = _run(self._become([str(python), "-c", f"open({__file__!r})"]))
        return None if tried.returncode == 0 else f"nobody may not: {_last_line(tried.stderr)}"

    def lead(self, command: Sequence[str], folder: Path) -> list[str]:
        """Become nobody, unless it is nobody of note already."""
        if os.getuid() != 0:
            return [*command]
        os.chown(folder, NOBODY, NOBODY)
        return self._become(command)

    def _become(self, command: Sequence[str]) -> list[str]:
        user = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        return ["setpriv", *user, "env", "HOME=/nonexistent", *command]


HERE = Here()
NOBODYS = AsNobody()
READ_ONLY = Namespace(
    "--mount",
    prepare=(
        "mount --make-rprivate /\n"
        "mount -t tmpfs none FOLDER\n"
        "mount -o remount,bind,ro /\n"
        "export HOME=/ TMPDIR=FOLDER"
    ),
)
WITHOUT_IPV6 = Namespace(
    "--net",
    prepare=(
        "ip link set lo up\n"
        "for one in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 1 > $one; done"
    ),
)


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it says nothing"])[-1]
