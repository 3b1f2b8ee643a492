"""What `livestorm-mock doctor` says of this machine and of a command."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from livestorm_mock_server.doctor import command, diagnosis, machine
from livestorm_mock_server.doctor.machine import Check
from livestorm_mock_server.doctor.probing import refusal_of
from livestorm_mock_server.doctor.runtimes import RUNTIMES, find_of
from livestorm_mock_server.interception.namespace import refusals

REFUSED = Check(name="namespaces", is_well=False, found="AppArmor", mend="sysctl it")


def doctor(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `livestorm-mock doctor`, which may ask nothing."""
    program = Path(sys.executable).with_name("livestorm-mock")
    return subprocess.run(
        [str(program), "doctor", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
        env={"PATH": str(program.parent), **variables},
    )


def ways_of(program: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Give the ways of a command where namespaces are refused."""
    monkeypatch.setattr(diagnosis, "check_machine", lambda *_: iter([REFUSED]))
    (patient,) = diagnosis.diagnose({}, [program]).runtimes
    return {one.way: one for one in patient.ways}


def test_doctor_tells_of_the_machine_and_of_each_runtime() -> None:
    """In JSON, there is a list of each, and whether all is well."""
    done = doctor("--json")
    told = json.loads(done.stdout)
    names = [one["name"] for one in told["machine"]]
    assert names[:3] == ["namespaces", "seccomp", "certificates"]
    assert "Python" in [one["runtime"] for one in told["runtimes"]]
    assert done.returncode == (0 if told["ok"] else 1)


def test_doctor_tells_of_a_command_alone() -> None:
    """A script is judged by what runs it."""
    told = json.loads(doctor("--json", "--", "pytest", "--version").stdout)
    assert [one["runtime"] for one in told["runtimes"]] == ["Python"]


def test_doctor_of_a_missing_command_is_not_well() -> None:
    """It is named, and the exit status is 1."""
    done = doctor("--", "no-such-command")
    assert done.returncode == 1
    assert "no-such-command: command not found" in done.stdout


def test_doctor_says_of_what_can_not_be_executed_what_run_says(tmp_path: Path) -> None:
    """It is there, and may not be executed."""
    program = tmp_path / "program"
    program.touch(0o644)
    done = doctor("--", str(program))
    assert done.returncode == 1
    assert f"{program}: Permission denied" in done.stdout
    assert json.loads(doctor("--json", "--", str(program)).stdout)["why"] == "Permission denied"


@pytest.mark.parametrize(
    ("work", "told"),
    [
        (lambda: 1 // 0, "ZeroDivisionError: integer division or modulo by zero"),
        (lambda: os.kill(os.getpid(), signal.SIGALRM), "nothing came of it within 10 s"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "it was ended by SIGKILL"),
    ],
)
def test_try_that_fails_has_a_reason(work: Callable[[], None], told: str) -> None:
    """Whatever becomes of the child."""
    assert refusal_of(work) == told


def test_runtime_says_nothing_that_says_nothing() -> None:
    """A shim that there is not has no row; what may not be led is named, or there is no line."""
    told = doctor("--", "/bin/true").stdout
    assert "no shim" not in told
    assert "not led" not in told


@pytest.mark.parametrize("namespaces", [REFUSED, Check(name="", is_well=True, found="")])
def test_namespace_is_advised_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, namespaces: Check
) -> None:
    """Not where the system refuses it."""
    monkeypatch.setattr(diagnosis, "check_machine", lambda *_: iter([namespaces]))
    done = CliRunner().invoke(command.doctor, ["--", sys.executable])
    assert "not led: pycurl" in done.output
    assert ("--isolate always" in done.output) is namespaces.is_well


def test_doctor_finds_a_bundle_that_is_missing() -> None:
    """A variable that names no file is told with the mend."""
    told = doctor(REQUESTS_CA_BUNDLE="/no/such.pem").stdout
    assert "REQUESTS_CA_BUNDLE: /no/such.pem can't be read" in told
    assert "unset REQUESTS_CA_BUNDLE" in told


def test_doctor_says_why_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """A way that will not work has its reason and its mend."""
    refused = ways_of(sys.executable, monkeypatch)["namespace"]
    assert (refused.works, refused.why, refused.mend) == (False, "AppArmor", "sysctl it")


@pytest.mark.parametrize("runtime", RUNTIMES, ids=lambda one: one.name)
def test_each_runtime_has_a_way_without_a_namespace(runtime: Any) -> None:
    """The table has no runtime that only a namespace would help."""
    assert None in (runtime.shim, runtime.proxy)


def test_unknown_program_has_no_way_without_a_namespace(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody knows what it heeds, and so it is not well."""
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF")
    program.chmod(0o755)
    assert not any(one.works for one in ways_of(str(program), monkeypatch).values())


@pytest.mark.parametrize(
    ("first_line", "name"),
    [
        ("#!/usr/bin/env node", "Node"),
        ("#!/usr/bin/env -S node --trace", "Node"),
        ("#!/opt/x/bin/python3.12 -I", "Python"),
        ("#!/bin/sh", "shell"),
        ("\x7fELF\xff Go buildinf:", "Go"),
        ("\x7fELF", "other program"),
    ],
)
def test_runtime_of_a_command_is_found(tmp_path: Path, first_line: str, name: str) -> None:
    """The first line of a script counts, and what Go leaves in its programs."""
    program = tmp_path / "program"
    program.write_text(f"{first_line}\n", encoding="latin-1")
    program.chmod(0o755)
    found = find_of([str(program)])
    assert found is not None
    assert found.runtime.name == name


@pytest.mark.parametrize(
    ("setting", "value", "mend"),
    [
        ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
        ("kernel.unprivileged_userns_clone", "0", "1"),
        ("user.max_user_namespaces", "0", "15000"),
        ("user.max_net_namespaces", "0", "15000"),
    ],
)
def test_settings_that_forbid_namespaces_have_their_mend(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, setting: str, value: str, mend: str
) -> None:
    """Each is named, as by `run`, with what lifts it."""
    place = tmp_path / setting.replace(".", "/")
    place.parent.mkdir()
    place.write_text(f"{value}\n")
    monkeypatch.setattr(refusals, "_SYSTEM", tmp_path)
    assert f"sysctl {setting}={mend}" in machine._mend_of_namespaces()
    assert f"({setting} = {value}; no)" in refusals.reason(OSError("no"))
