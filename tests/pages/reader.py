"""A reader of a page who copies its blocks, one after another, into a folder of their own.

Beside them are the package for Node and the examples, as in a checkout.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from inspect import signature
from pathlib import Path
from typing import Any, Final, Self

import httpx
from livestorm_contract_tests.runs.baseline_file import load_baseline
from livestorm_mock_server import MockLivestorm
from livestorm_mock_server.scenario_files import read_scenario

from ..contract_tests.programs import need_program
from .blocks import Block
from .made import ROOT

SECONDS: Final = 120
"""How long a block may take."""
_SERVE: Final = "livestorm-mock serve"
_PORTS: Final = ("8787", "8788")
"""Ports that the pages name; each reader has others in their place."""
_OPERATORS: Final = frozenset({"|", ">", "<", "&", "&&", "||", ";"})


class Reader:
    """Runs blocks by what they are written in; a fake that one starts serves those after it."""

    def __init__(self, folder: Path, server: MockLivestorm, ports: Mapping[str, int]) -> None:
        """`ports` are free ones, by those that the pages name."""
        self.folder, self._server, self._ports = folder, server, ports
        self._serving: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        package = self.folder / "node_modules" / "livestorm-mock"
        package.parent.mkdir()
        package.symlink_to(ROOT / "clients" / "node")
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def run(self, block: Block) -> None:
        """Do what a block says. Raises whatever shows that it is wrong."""
        text = block.text
        for named, port in self._ports.items():
            text = text.replace(named, str(port))
        examples = self.folder / "examples"
        # Only for who is told of them: pytest would find their tests, too.
        if f"{examples.name}/" in text and not examples.exists():
            examples.symlink_to(ROOT / examples.name)
        if block.file:
            (self.folder / block.file).write_text(text, encoding="utf-8")
        else:
            RUNNERS[block.language](self, text)

    def run_shell(self, text: str) -> None:
        """Run commands; each `serve` goes on until the next, or the end of the page."""
        commands = logical_lines(text)
        if not all(one.startswith(_SERVE) and not one.endswith("&") for one in commands):
            self._bash(text)
        else:
            for command in commands:
                self._serve(command)

    def run_console(self, text: str) -> None:
        """Run what stands behind `$`, and compare what it prints; `...` stands for anything."""
        for command, shown in re.findall(r"^\$ (.+\n)((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
            told = self._bash(command, fails=True)
            pattern = re.escape(shown.strip()).replace(re.escape("..."), ".*")
            assert re.fullmatch(pattern, told.strip(), re.DOTALL), f"$ {command}{told}"

    def run_python(self, text: str) -> None:
        """Run a program, or the tests in it, with the fixtures that they ask for."""
        names: dict[str, Any] = {"__name__": "example"}
        with ExitStack() as sandboxes:
            if "def test_" not in text:
                names["livestorm"] = sandboxes.enter_context(self._server.sandbox())
            exec(compile(text, "example", "exec"), names)  # noqa: S102 - it is ours
            for name, function in names.items():
                if name.startswith("test_"):
                    function(**self._fixtures(function, sandboxes))

    def run_scenario(self, text: str) -> None:
        """Read a scenario."""
        assert read_scenario(text, "scenario.toml", self.folder)

    def run_json(self, text: str) -> None:
        """Read JSON."""
        assert json.loads(text)

    def run_baseline(self, text: str) -> None:
        """Read a baseline, which stays for the blocks after it."""
        (self.folder / "baseline.yaml").write_text(text, encoding="utf-8")
        assert load_baseline(self.folder / "baseline.yaml")

    def run_http(self, text: str) -> None:
        """Ask the control API: a verb, a path and, where there is one, a JSON body in each line."""
        with self._server.sandbox() as sandbox:
            for line in text.splitlines():
                verb, path, *body = line.split(maxsplit=2)
                url = sandbox.control_url + path.removeprefix("/_mock")
                content = json.loads(body[0]) if body else None
                answer = httpx.request(verb, url, json=content, trust_env=False)
                assert answer.is_success, f"{line}: {answer.text}"

    def run_javascript(self, text: str) -> None:
        """Run a module, or the tests in it, with the package beside it."""
        need_program("node")
        (self.folder / "example.mjs").write_text(text, encoding="utf-8")
        self._bash(f"node {'--test ' if 'node-test' in text else ''}example.mjs")

    def _fixtures(self, function: Callable[..., object], sandboxes: ExitStack) -> dict[str, object]:
        marks = [one for one in getattr(function, "pytestmark", []) if one.name == "livestorm"]
        given = marks[0].kwargs if marks else {}
        found: dict[str, object] = {}
        for name in signature(function).parameters:
            sandbox = sandboxes.enter_context(self._server.sandbox(**given))
            if name == "livestorm_hosts":
                sandboxes.enter_context(sandbox.as_livestorm())
            found[name] = sandbox
        return found

    def _bash(self, text: str, *, fails: bool = False) -> str:
        done = bash(text, folder=self.folder, environment=self._environment(), seconds=SECONDS)
        assert fails or done.returncode == 0, f"{text}{done.stdout}"
        return done.stdout

    def _serve(self, command: str) -> None:
        self._stop()
        words = shlex.split(command, comments=True)
        port = [] if "--port" in words else ["--port", str(self._ports["8787"])]
        home = str(self.folder)
        self._serving = subprocess.Popen(
            [*(word.replace("~", home) for word in words), *port],
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._serving.stdout
        # It says where it is as soon as it accepts connections.
        assert self._serving.stdout.readline(), f"{command} says nothing"

    def _stop(self) -> None:
        if self._serving is not None:
            self._serving.terminate()
            self._serving.communicate(timeout=SECONDS)
            assert self._serving.returncode == 0
            self._serving = None

    def _environment(self) -> dict[str, str]:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        node = f"{sys.executable} -m livestorm_mock_server"
        own = {"PATH": path, "HOME": str(self.folder), "LIVESTORM_MOCK_COMMAND": node}
        return {**os.environ, **own}


RUNNERS: Final[Mapping[str, Callable[[Reader, str], None]]] = {
    "bash": Reader.run_shell,
    "console": Reader.run_console,
    "http": Reader.run_http,
    "js": Reader.run_javascript,
    "json": Reader.run_json,
    "python": Reader.run_python,
    "sh": Reader.run_shell,
    "toml": Reader.run_scenario,
    "yaml": Reader.run_baseline,
}
"""By what a block is written in; what is in no language here is not run, and says why."""


def bash(
    text: str, *, folder: Path, environment: Mapping[str, str], seconds: float
) -> subprocess.CompletedProcess[str]:
    """Run commands up to the first that fails; standard error is in the output."""
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=seconds,
        check=False,
    )


def logical_lines(text: str) -> list[str]:
    """Give the commands of a block, each in one line, without comments."""
    joined = re.sub(r"\\\n\s*", "", text)
    bare = (re.sub(r"(?:^|\s)#.*", "", line).strip() for line in joined.splitlines())
    return [line.removeprefix("$ ") for line in bare if line]


def own_commands(text: str) -> Iterator[list[str]]:
    """Give the words of each call of `livestorm-mock`, up to what is the shell's."""
    for line in logical_lines(text):
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        words = [*lexer]
        while words:
            end = next((at for at, word in enumerate(words) if word in _OPERATORS), len(words))
            if words[0].endswith("livestorm-mock"):
                yield words[1:end]
            words = words[end + 1 :]
