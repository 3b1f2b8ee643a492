"""Load by wrk, from Debian's package of that name."""

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .served import Served

CONNECTIONS = 16
_SCRIPT = """wrk.method = "POST"
wrk.body = "{body}"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
"""
_UNLIMITED = """local number = 0
function request()
  number = number + 1
  wrk.headers["Authorization"] = "Bearer nobody" .. number
  return wrk.format()
end
"""
"""For a server that counts requests by their token."""
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


class LoadError(Exception):
    """There is no wrk, or not every answer was a success."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """What came of a round."""

    requests: int
    per_second: float
    p99: float
    """Milliseconds within which 99 % of the answers came."""
    cpu: float
    """Microseconds of the server's processor time for a request."""


def post(
    server: Served, body: str, *, seconds: int, path: str = "/oauth/token", is_counted: bool = False
) -> Load:
    """Post a form over and over, from 16 connections that stay. Raises LoadError.

    `is_counted` says that the server counts requests by their token, and refuses what is too much.
    """
    if shutil.which("wrk") is None:
        raise LoadError("wrk is not installed: apt-get install wrk")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_SCRIPT.format(body=body) + (_UNLIMITED if is_counted else ""))
        script.flush()
        before = server.cpu_seconds()
        told = _call_wrk(f"http://127.0.0.1:{server.port}{path}", Path(script.name), seconds)
        took = server.cpu_seconds() - before
    if "Non-2xx" in told or "Socket errors" in told:
        raise LoadError(told)
    requests = int(_find(r"(\d+) requests in", told)[1])
    late, unit = _find(r"99%\s+([\d.]+)(us|ms|s)", told).groups()
    return Load(
        requests=requests,
        per_second=float(_find(r"Requests/sec:\s+([\d.]+)", told)[1]),
        p99=float(late) * _UNITS[unit],
        cpu=took / requests * 1e6,
    )


def _call_wrk(url: str, script: Path, seconds: int) -> str:
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", str(script)]
    done = subprocess.run(["wrk", *options, url], capture_output=True, text=True, check=True)
    return done.stdout


def _find(pattern: str, told: str) -> re.Match[str]:
    found = re.search(pattern, told)
    if found is None:
        raise LoadError(f"wrk did not tell {pattern!r}: {told}")
    return found
