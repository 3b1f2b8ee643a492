"""The fake as it is served, in a process of its own."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FAILURE = re.compile(r"^ERROR|^CRITICAL|Traceback|never awaited|exception", re.MULTILINE)


class Served:
    """A served fake, which others can open sandboxes on."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        assert process.stdout is not None
        self.told: dict[str, Any] = json.loads(process.stdout.readline())
        self.origin: str = self.told["app_url"]
        self._process, self._log, self._read = process, log, 0

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
def served(folder: Path) -> Iterator[Served]:
    """Serve the fake as a user does, with its log in a file."""
    log = folder / "serve.log"
    command = [sys.executable, "-c", "from livestorm_mock_server.cli import main; main()"]
    with log.open("w", encoding="utf-8") as stderr:
        process = subprocess.Popen(
            [*command, "serve", "--port", "0", "--json", "--no-rate-limits", "--seed", "hardening"],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        with process:
            try:
                yield Served(process, log)
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait()
