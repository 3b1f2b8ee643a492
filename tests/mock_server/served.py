"""The command `livestorm-mock`, as a process."""

import json
import os
import signal
import subprocess
import sys
import threading
from typing import IO, Any

LAUNCH = "import sys; from livestorm_mock_server.cli import main; sys.argv[0] = 'x'; main()"
SECONDS = 20


class Served:
    """A running `serve`; `before` is code that runs first in its process.

    It ends with this process, too, however that ends, and after so many seconds, None for never.
    """

    def __init__(
        self,
        *arguments: str,
        before: str = "",
        errors: IO[str] | int = subprocess.PIPE,
        seconds: float | None = SECONDS,
        **variables: str,
    ) -> None:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", **variables}
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                before + LAUNCH,
                "serve",
                "--port",
                "0",
                "--exit-with-parent",
                *arguments,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            env=environment,
        )
        self._limit = threading.Timer(seconds or 0, self.process.kill)
        self._limit.daemon = True
        if seconds is not None:
            self._limit.start()

    @property
    def stdout(self) -> IO[str]:
        """What it prints."""
        assert self.process.stdout is not None
        return self.process.stdout

    def describes_itself(self) -> dict[str, Any]:
        """Wait for the first line; give the object that it is."""
        described: dict[str, Any] = json.loads(self.line())
        return described

    def line(self) -> str:
        """Wait for a line."""
        line = self.stdout.readline()
        assert line, "it ended"
        return line

    def end(self, number: signal.Signals) -> tuple[int, str, str]:
        """Send a signal; give status, output and errors."""
        # Kept open meanwhile: the call would close it first, which ends the fake as well.
        stdin, self.process.stdin = self.process.stdin, None
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=SECONDS)
        if stdin is not None:
            stdin.close()
        return self.process.returncode, output, errors

    def end_input(self) -> tuple[int, str, str]:
        """End its standard input; give status, output and errors."""
        output, errors = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, output, errors

    def wait_for_error(self) -> str:
        """Wait for a line on standard error."""
        assert self.process.stderr is not None
        return self.process.stderr.readline()

    def kill(self) -> None:
        """End it in any case."""
        self._limit.cancel()
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def run(*arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command to its end; `before` is code that runs first in its process."""
    return subprocess.run(
        [sys.executable, "-c", before + LAUNCH, *arguments],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def assert_wrong_usage(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Check for exit status 3, one line on standard error with these words, nothing else."""
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith("livestorm-mock: ")
    assert done.stderr.count("\n") == 1, done.stderr
    assert all(word in done.stderr for word in words), done.stderr
