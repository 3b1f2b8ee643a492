"""Runs the recorder: the real engine in a Rails application."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from .servers import RealTimeServer

APPLICATION = Path(__file__).parent / "recorder" / "app.rb"

LIBRARIES = {
    "doorkeeper": "ruby-doorkeeper",
    "rails": "ruby-rails",
    "sqlite3": "ruby-sqlite3",
    "puma": "puma",
}
"""Ruby libraries that the recorder needs, and the Debian packages that hold them."""

PACKAGES = ("ruby-doorkeeper", "ruby-actionpack", "ruby-rack", "puma")
"""What decides an answer, from the engine down."""


def missing_packages() -> tuple[str, ...]:
    """Return the Debian packages that have to be installed before the recorder can run."""
    ruby = shutil.which("ruby")
    if ruby is None:
        return ("ruby", *LIBRARIES.values())
    return tuple(
        package
        for library, package in LIBRARIES.items()
        if subprocess.run(
            [ruby, "-e", f"gem '{library}'"], capture_output=True, check=False
        ).returncode
    )


def package_versions() -> dict[str, str]:
    """Return the installed versions of what decides an answer."""
    shown = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${Package} ${Version}\n", *PACKAGES],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    versions = dict(line.split(" ", 1) for line in shown.splitlines())
    return {package: versions[package] for package in PACKAGES}


@contextmanager
def run_engine(profile: str) -> Iterator[RealTimeServer]:
    """Run the recorder with `profile` on a free port; raises `RuntimeError` if it doesn't start."""
    command = ["ruby", str(APPLICATION), profile, "--port", "0"]
    with (
        TemporaryFile("w+", errors="replace") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            url = process.stdout.readline().strip() if process.stdout else ""
            if not url:
                log.seek(0)
                raise RuntimeError(f"the recorder did not start with {profile!r}: {log.read()}")
            yield RealTimeServer(url)
        finally:
            process.terminate()
