"""Building the site."""

import fcntl
import shutil
import subprocess
import sys
from typing import Final

from .navigation import ROOT

SITE: Final = ROOT / "build" / "site"
_READ: Final = ROOT / "build" / "site-read"
"""What is known of the pages from the time before."""


def build() -> str:
    """Build the site where pages have changed; give what Sphinx warns of, with the places."""
    _READ.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", "-d", str(_READ)]
    command += ["-c", "tests/pages/site", ".", str(SITE)]
    with (ROOT / "build" / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            # A page that has not changed is not warned of again.
            shutil.rmtree(_READ)
    return done.stderr if done.returncode else ""
