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

FAILURE = re.compile(r"^ERROR|^CRITICAL|Traceback|never awaited|exception", re.MULTILINE)


class Watched:
    """A served fake, which others can open sandboxes on."""

    def __init__(self, served: Served, log: Path) -> None:
        self.origin: str = served.describes_itself()["app_url"]
        self._process, self._log, self._read = served.process, log, 0

    def check_well(self) -> None:
        """Check that the server lives, answers, and has logged no failure."""
        assert self._process.poll() is None, "the server has ended"
        assert self.control("GET", "/_mock/health")["status"] == "ok"
        with self._log.open(encoding="utf-8") as log:
            log.seek(self._read)
            text = log.read()
            self._read = log.tell()
        assert not FAILURE.search(text), text

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
def watched(folder: Path) -> Iterator[Watched]:
    """Serve the fake as a user does, for as long as it takes, with its log in a file."""
    log = folder / "serve.log"
    with log.open("w", encoding="utf-8") as errors:
        options = ("--json", "--no-rate-limits", "--seed", "hardening")
        served = Served(*options, errors=errors, seconds=None)
        try:
            yield Watched(served, log)
            served.end(signal.SIGTERM)
        finally:
            served.kill()
