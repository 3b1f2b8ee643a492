"""What of this machine decides between the ways."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from ..interception.guard import Guard
from ..interception.namespace.refusals import forbidding
from ..interception.trust import trusted_by_machine
from ..interception.variables import ca_variables
from ..real_hosts import SERVES
from .probing import refusal_of

_SYSTEM: Final = Path("/proc/sys")
_UNREADABLE: Final = ("2", "3")
"""https://www.kernel.org/doc/html/latest/admin-guide/LSM/Yama.html"""
_IN_CONTAINER: Final = (
    "in a container, start it with `--security-opt seccomp=unconfined` (Docker), or let"
    " `--isolate auto` go on without"
)


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at; `mend` is what to do where it is not well."""

    name: str
    is_well: bool
    found: str
    mend: str | None = None


def check_machine(environment: Mapping[str, str], command: Sequence[str]) -> Iterator[Check]:
    """Look at what the ways need, namespaces first."""
    yield _namespaces(environment, command)
    yield _guard()
    yield _certificates(environment)
    yield from _named_bundles(environment)
    yield _ports()


def _namespaces(environment: Mapping[str, str], command: Sequence[str]) -> Check:
    if sys.platform != "linux":
        return Check(name="namespaces", is_well=False, found="only Linux has them")
    from ..interception.namespace.way import NamespaceWay

    with tempfile.TemporaryDirectory() as folder:
        way = NamespaceWay(Path(folder), environment, command or ("true",), [], tuple(SERVES))
        refusal = refusal_of(way.enter)
    if refusal is None:
        return Check(name="namespaces", is_well=True, found="a command may have its own network")
    return Check(name="namespaces", is_well=False, found=refusal, mend=_mend_of_namespaces())


def _mend_of_namespaces() -> str:
    found = forbidding()
    return _IN_CONTAINER if found is None else found.mend


def _guard() -> Check:
    if sys.platform != "linux":
        told = "only Linux has it: nothing proves there that Livestorm itself is not reached"
        return Check(name="seccomp", is_well=False, found=told)
    with contextlib.closing(Guard()) as guard:
        refusal = refusal_of(guard.enter)
    scope = _SYSTEM / "kernel/yama/ptrace_scope"
    if os.getuid() and scope.exists() and scope.read_text().strip() in _UNREADABLE:
        told = "the memory of processes may not be read, so that connections are not judged"
        mend = "sudo sysctl kernel.yama.ptrace_scope=1"
        return Check(name="seccomp", is_well=False, found=told, mend=mend)
    if refusal is None:
        told = "without a namespace, connections to Livestorm itself are refused and named"
        return Check(name="seccomp", is_well=True, found=told)
    return Check(name="seccomp", is_well=False, found=refusal, mend=_IN_CONTAINER)


def _certificates(environment: Mapping[str, str]) -> Check:
    count = trusted_by_machine(environment).count("BEGIN CERTIFICATE")
    return Check(
        name="certificates",
        is_well=True,
        found=f"{count} authorities are trusted here; the fake's is put beside them",
    )


def _named_bundles(environment: Mapping[str, str]) -> Iterator[Check]:
    """Look at the variables that name certificates already."""
    for name in ca_variables():
        path = environment.get(name)
        if path and not os.access(path, os.R_OK):
            yield Check(
                name=name,
                is_well=False,
                found=f"{path} can't be read",
                mend=f"unset {name}, or let it name a file that is there",
            )


def _ports() -> Check:
    path = _SYSTEM / "net/ipv4/ip_unprivileged_port_start"
    start = path.read_text().strip() if path.exists() else "1024"
    found = f"ports from {start} on are anybody's; a namespace has 80 and 443 of its own"
    return Check(name="ports", is_well=True, found=found)
