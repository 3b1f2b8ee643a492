"""The runtimes, and which of the ways leads their programs to the fake."""

import errno
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

_INTERPRETERS_DEEP: Final = 4
_LONGEST_PROGRAM: Final = 64 * 1024 * 1024
_GO: Final = b"\xff Go buildinf:"
NO_SHIM: Final = ""


class Runtime(msgspec.Struct, frozen=True, kw_only=True):
    """A row: how its programs are called, and what holds for them without a namespace.

    `shim` and `proxy` say why that way will not do, None where it will; where there is no shim at
    all, there is nothing to say. `misses` is what neither leads.
    """

    name: str
    programs: tuple[str, ...]
    shim: str | None = NO_SHIM
    proxy: str | None = None
    misses: str | None = None


RUNTIMES: Final = (
    Runtime(
        name="Python",
        programs=("python", "python3", "pypy3", "uv", "pytest"),
        shim=None,
        misses="pycurl, python -I and -S",
    ),
    Runtime(
        name="Node",
        programs=("node", "nodejs", "npm", "npx", "yarn", "pnpm"),
        shim=None,
        misses="programs that clear NODE_OPTIONS",
    ),
    Runtime(
        name="Go",
        programs=("go",),
        misses="a Transport without ProxyFromEnvironment",
    ),
    Runtime(
        name="Java",
        programs=("java", "mvn", "gradle", "kotlin", "scala"),
        misses="clients that bring a proxy selector or trust store",
    ),
    Runtime(name="Ruby", programs=("ruby", "bundle", "rake", "rails")),
    Runtime(name="curl", programs=("curl",)),
    Runtime(name="PHP", programs=("php", "composer"), misses="streams"),
    Runtime(name="Perl", programs=("perl",)),
    Runtime(name="Deno", programs=("deno",)),
    Runtime(name="git", programs=("git",)),
    Runtime(name="Cargo", programs=("cargo",)),
    Runtime(name="AWS", programs=("aws",)),
)
SHELL: Final = Runtime(
    name="shell",
    programs=("sh", "bash", "dash", "zsh", "ksh", "fish", "make", "env"),
    shim="what it starts decides; each runtime is judged by itself",
)
OTHER: Final = Runtime(
    name="other program",
    programs=(),
    proxy="nobody knows whether it heeds HTTPS_PROXY and SSL_CERT_FILE",
)


class Found(msgspec.Struct, frozen=True):
    """A runtime of this machine."""

    runtime: Runtime
    path: str


def find_all() -> list[Found]:
    """Find the runtimes on the PATH, each by the first of its programs."""
    found = []
    for runtime in RUNTIMES:
        paths = filter(None, map(shutil.which, runtime.programs))
        if (path := next(paths, None)) is not None:
            found.append(Found(runtime, path))
    return found


def find_of(command: Sequence[str]) -> Found | None:
    """Find what a command is run by, through the first lines of scripts; None without one."""
    path = shutil.which(command[0])
    if path is None:
        return None
    program = Path(path)
    for _ in range(_INTERPRETERS_DEEP):
        runtime = _by_name(program.name)
        if runtime is not None:
            return Found(runtime, path)
        interpreter = _interpreter_of(program)
        if interpreter is None:
            break
        program = Path(interpreter)
    is_go = _has(program, _GO)
    return Found(next(one for one in RUNTIMES if one.name == "Go") if is_go else OTHER, path)


def why_not_started(command: str) -> str:
    """Say what `run` says of a command that can't be executed."""
    folders = [""] if os.path.dirname(command) else os.get_exec_path()
    is_there = any(os.access(os.path.join(one, command), os.F_OK) for one in folders)
    return os.strerror(errno.EACCES) if is_there else "command not found"


def _by_name(name: str) -> Runtime | None:
    bare = re.sub(r"[\d.]+(?:\.exe)?\Z", "", name.lower())
    known = (*RUNTIMES, SHELL)
    return next((one for one in known if {name, bare} & {*one.programs}), None)


def _interpreter_of(program: Path) -> str | None:
    """Read the first line of a script; what `env` is told to start counts."""
    try:
        with program.open("rb") as file:
            line = file.readline(512)
    except OSError:
        return None
    words = line[2:].decode("utf-8", "replace").split() if line[:2] == b"#!" else []
    if words and Path(words[0]).name == "env":
        words = [one for one in words[1:] if not one.startswith("-") and "=" not in one]
    return words[0] if words else None


def _has(program: Path, mark: bytes) -> bool:
    try:
        with program.open("rb") as file:
            return mark in file.read(_LONGEST_PROGRAM)
    except OSError:
        return False
