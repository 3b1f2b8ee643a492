"""A served fake, with its memory and its log in sight."""

import json
import re
import signal
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..mock_server.served import Served


class Watched:
    """A served fake, which others can open sandboxes on."""

    def __init__(self, served: Served, log: Path) -> None:
        self.origin: str = served.describes_itself()["app_url"]
        self._process, self._log, self._read = served.process, log, 0

    def check_well(self) -> None:
        """Check that the server lives, answers, and has logged no failure."""
        assert self._process.poll() is None, "the server has ended"
        assert self.control("GET", "/_mock/health")["status"] == "ok"
        self.check_log()

    def check_log(self) -> None:
        """Check that no failure was logged since the last time."""
        with self._log.open("rb") as log:
            log.seek(self._read)
            lines = log.read().splitlines(keepends=True)
        if lines and not lines[-1].endswith(b"\n"):
            lines.pop()  # It is being written.
        self._read += sum(map(len, lines))
        assert [line for line in lines if _is_failure(line)] == []

    def memory(self) -> int:
        """Give the memory of the process in bytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) * 1024

    def open_sandbox(self, provider: Mapping[str, object]) -> dict[str, Any]:
        """Open a sandbox with provider options; give its description."""
        body = {"provider": dict(provider), "seed": "hardening", "journal_capacity": 500}
        return self.control("POST", "/_mock/sandboxes", body)

    def control(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Call the control API; give its answer."""
        connection = HTTPConnection(urlsplit(self.origin).netloc)
        with closing(connection):
            headers = {"Content-Type": "application/json"}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            told: dict[str, Any] = json.loads(connection.getresponse().read() or b"{}")
        return told


@contextmanager
def watched(folder: Path, *further: str) -> Iterator[Watched]:
    """Serve the fake as a user does, for as long as it takes, with its log in a file.

    `further` are further options.
    """
    log = folder / "serve.log"
    with log.open("w", encoding="utf-8") as errors:
        options = ("--json", "--log-format", "json", "--no-rate-limits", "--seed", "hardening")
        served = Served(*options, *further, errors=errors, seconds=None)
        try:
            fake = Watched(served, log)
            yield fake
            served.end(signal.SIGTERM)
            fake.check_log()
        finally:
            served.kill()


def _is_failure(line: bytes) -> bool:
    """Tell whether a line is of an error, or one that the interpreter wrote past the log."""
    try:
        told = json.loads(line)
    except ValueError:
        return True
    return told.get("level") in ("error", "critical")
