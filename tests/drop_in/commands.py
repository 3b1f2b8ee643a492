"""Commands under `livestorm-mock run`, as whoever runs the tests and as an ordinary user."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from ..contract_tests.programs import leave_out

NOBODY: Final = 65534
SECONDS: Final = 60
LAUNCH: Final = "import sys; from livestorm_mock_server.cli import main; sys.argv[0] = 'x'; main()"

REACH: Final = """
import http.client, os, sys
from urllib.parse import urlsplit
connection = http.client.HTTPConnection(urlsplit(os.environ["LIVESTORM_APP_URL"]).netloc)
connection.request("GET", "/v1/ping")
connection.getresponse().read()
"""
"""A program that sends the fake a request, and may go on."""


@dataclass(frozen=True, slots=True)
class User:
    """Who runs a command, and the Python that he can start; `number` is None for ourselves."""

    name: str
    number: int | None
    python: str
    variables: Mapping[str, str]

    def __str__(self) -> str:
        return self.name

    def start(
        self, *arguments: str, variables: Mapping[str, str] | None = None, **options: Any
    ) -> "subprocess.Popen[bytes]":
        """Start `run`."""
        return subprocess.Popen(
            [self.python, "-c", LAUNCH, "run", *arguments],
            env={**os.environ, **self.variables, **(variables or {})},
            user=self.number,
            group=self.number,
            extra_groups=None if self.number is None else [],
            **options,
        )

    def run(
        self, *arguments: str, data: bytes = b"", variables: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Wait for `run`; give what came of it."""
        pipe = subprocess.PIPE
        with self.start(
            *arguments, variables=variables, stdin=pipe, stdout=pipe, stderr=pipe
        ) as process:
            try:
                output, errors = process.communicate(data, SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return subprocess.CompletedProcess(
            arguments, process.returncode, output.decode(), errors.decode()
        )


OURSELVES: Final = User("ourselves", None, sys.executable, {})


@cache
def ordinary_user() -> User:
    """Give one who is not root: ourselves, or nobody with a Python that he may read."""
    if os.getuid():
        return OURSELVES
    paths = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "HOME": "/nonexistent"}
    for python, variables in ((sys.executable, {}), (_python_of_system(), paths)):
        user = User("nobody", NOBODY, python, variables)
        if _can_start(user):
            return user
    return leave_out("no Python of this version is there for an ordinary user")


def _can_start(user: User) -> bool:
    asked = "import click, msgspec, uvicorn"
    try:
        done = subprocess.run(
            [user.python, "-c", asked],
            env={**os.environ, **user.variables},
            user=user.number,
            group=user.number,
            extra_groups=[],
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except OSError:
        return False
    return done.returncode == 0


def _python_of_system() -> str:
    return f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"


@contextmanager
def ended(process: "subprocess.Popen[bytes]") -> Iterator["subprocess.Popen[bytes]"]:
    """Let a process live no longer than a test."""
    try:
        yield process
    finally:
        process.kill()
        process.wait(SECONDS)
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def python(program: str, *arguments: str) -> Sequence[str]:
    """Give the command of a Python program that needs the standard library only."""
    return ["--", sys.executable, "-c", program, *arguments]
