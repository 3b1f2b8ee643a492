"""`run` before its command is there: signals, folders and reports that nobody expects."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from .commands import LAUNCH, OURSELVES, REACH, SECONDS, ended, python

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="run needs Linux or macOS")

WAYS = pytest.mark.parametrize("isolate", ["auto", "never"])
INTERRUPTED_AT = """
import os, signal, sys
from livestorm_mock_server.running import {module} as module
kept = module.{name}
def interrupt(*arguments, **named):
    os.kill(os.getpid(), signal.{number})
    return kept(*arguments, **named)
module.{name} = interrupt
"""
MOMENTS = [
    ("run", "Issuing"),
    ("run", "first_choice"),
    ("run", "Launcher"),
    ("serving", "Listeners"),
]


@WAYS
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(("module", "name"), MOMENTS)
def test_signal_before_the_command_ends_quietly(
    isolate: str, number: signal.Signals, module: str, name: str, tmp_path: Path
) -> None:
    """128 and its number, without a word, and nothing is left behind."""
    breaks = INTERRUPTED_AT.format(module=module, name=name, number=number.name)
    done = subprocess.run(
        [sys.executable, "-c", breaks + LAUNCH, "run", "--isolate", isolate, "--", "echo", "no"],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert (done.returncode, done.stdout, done.stderr) == (128 + number, "", "")
    assert list(tmp_path.iterdir()) == []


@WAYS
def test_command_has_the_signals_that_run_had(isolate: str) -> None:
    """What was blocked is blocked, and nothing else."""
    told = """
import signal, sys
sys.exit(50 + (signal.pthread_sigmask(signal.SIG_BLOCK, []) == {signal.SIGUSR1}))
"""
    block = lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])  # noqa: E731
    command = OURSELVES.start("--isolate", isolate, *python(told), preexec_fn=block)
    with ended(command) as process:
        assert process.wait(SECONDS) == 51


@pytest.mark.parametrize("status", [0, 9])
def test_report_that_cannot_be_written_is_told(tmp_path: Path, status: int) -> None:
    """A line, and the status is the command's."""
    folder = tmp_path / "there"
    folder.mkdir()
    told = f"{REACH}\nimport shutil\nshutil.rmtree({str(folder)!r})\nsys.exit({status})"
    done = OURSELVES.run("--report", str(folder / "report.json"), *python(told))
    assert done.returncode == status
    assert f"--report: {folder}/report.json: can't be written: No such file" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
def test_inherited_socket_that_leads_out_is_named() -> None:
    """It is the user's own doing; a pipe or a socket of Unix leads nowhere."""
    ours, theirs = socket.socketpair()
    with (
        ours,
        theirs,
        socket.socket() as one,
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                LAUNCH,
                "run",
                "--isolate",
                "always",
                "--",
                "sh",
                "-c",
                "exit 9",
            ],
            pass_fds=[one.fileno(), theirs.fileno()],
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        told = process.communicate(timeout=SECONDS)[1].splitlines()
        assert f"lead out of its network, as descriptor {one.fileno()}:" in told[0]
    assert process.returncode == 9


@WAYS
def test_names_of_files_hold_in_any_folder(isolate: str) -> None:
    """Where `TMPDIR` is no whole path, variables name files by whole ones."""
    told = f"{REACH}\nos.chdir('/')\nopen(os.environ['LIVESTORM_MOCK_CA_FILE'])"
    told += "\nassert not [one for one in os.environ.values() if one.startswith('livestorm-mock-')]"
    done = OURSELVES.run("--isolate", isolate, *python(told), variables={"TMPDIR": "."})
    assert done.returncode == 0


@WAYS
def test_folder_that_is_gone_is_no_hindrance(isolate: str, tmp_path: Path) -> None:
    """The command begins where it would begin without `run`."""
    folder = tmp_path / "gone"
    folder.mkdir()
    within = f'cd "{folder}" && rmdir "{folder}" && exec "$@"'
    command = ["--isolate", isolate, "--", "sh", "-c", "exit 9"]
    done = subprocess.run(
        ["sh", "-c", within, "sh", sys.executable, "-P", "-c", LAUNCH, "run", *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert (done.returncode, "refused" in done.stderr) == (9, False)
