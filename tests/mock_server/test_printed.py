"""What commands print of files, arguments and the environment steers no terminal."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Start
from .served import LAUNCH, SECONDS

HOSTILE = "x\x1b[31m\x1b]0;title\x07\n  client_secret     forged\r\u202e\x9bz"
"""Colours, a title, a bell, another line, the beginning of this one, the other direction, C1."""
SCENARIO = f"""
title = {json.dumps(HOSTILE)}
client_should = {json.dumps(HOSTILE)}

[[organizations]]
name = {json.dumps(HOSTILE)}

[[users]]
email = "a@example.test"
first_name = {json.dumps(HOSTILE)}
last_name = "B"

[[applications]]
name = {json.dumps(HOSTILE)}
client_id = {json.dumps(HOSTILE)}
client_secret = {json.dumps(HOSTILE)}
redirect_uris = ["https://client.example.test/callback"]

[[faults]]
on = "api.me"
fault = "answer"
body = {json.dumps(HOSTILE)}  # \u202e\x9b
"""
RECORDED = {
    "log": {
        "entries": [
            {
                "request": {
                    "method": "GET",
                    "url": "https://api.livestorm.co/v1/me",
                    "headers": [],
                },
                "response": {
                    "status": 200,
                    "headers": [],
                    "content": {
                        "mimeType": "application/json",
                        "text": json.dumps({"data": {"id": "a", "attributes": {HOSTILE: HOSTILE}}}),
                    },
                },
            }
        ]
    }
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a scenario, one with a mistake, a recording, and a hostile name."""
    (tmp_path / "hostile.toml").write_text(SCENARIO, "utf-8")
    (tmp_path / f"{HOSTILE}.toml").write_text(SCENARIO, "utf-8")
    wrong = f"titel = 1\n[provider]\nrelease = {json.dumps(HOSTILE)}\n{json.dumps(HOSTILE)} = 1\n"
    (tmp_path / "wrong.toml").write_text(wrong, "utf-8")
    (tmp_path / "made.har").write_text(json.dumps(RECORDED), "utf-8")
    return tmp_path


def assert_harmless(printed: str) -> None:
    """Assert that a terminal would only show it, and that no line is one of the text's own."""
    lines = printed.split("\n")
    assert [line for line in lines if not line.replace("\t", "").isprintable()] == []
    assert [line for line in lines if line.startswith("  client_secret     forged")] == []
    assert "forged" in printed


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["scenarios", "show", "hostile.toml"], 0),
        (["scenarios", "show", f"{HOSTILE}.toml"], 0),
        (["scenarios", "show", HOSTILE], 3),
        (["scenarios", "list", "--case", HOSTILE], 3),
        (["scenarios", "validate", "hostile.toml", f"{HOSTILE}.toml", "wrong.toml"], 1),
        (["scenarios", "validate", HOSTILE], 1),
        (["scenarios", "from-har", HOSTILE], 3),
        (["serve", "--scenario", HOSTILE], 3),
        (["serve", "--scenario", "wrong.toml"], 3),
        (["serve", "--state", f"{HOSTILE}/a"], 3),
        (["run", "--isolate", "never", "--", HOSTILE], 127),
        (["run", "--isolate", "never", "--report", f"{HOSTILE}/a", "--", HOSTILE], 3),
        (["run", "--allow", HOSTILE, "--", "true"], 3),
        (["doctor", "--", HOSTILE], 1),
        (["env", "--url", HOSTILE], 3),
        (["env", HOSTILE], 3),
        (["cases", HOSTILE], 3),
        (["check", HOSTILE], 3),
        (["replay", HOSTILE], 3),
        (["init", HOSTILE], 3),
        ([HOSTILE], 3),
    ],
    ids=lambda value: " ".join(value).replace(HOSTILE, "X") if isinstance(value, list) else None,
)
def test_command_prints_nothing_that_steers_a_terminal(
    folder: Path, arguments: list[str], status: int
) -> None:
    """Names, paths, texts of scenarios and mistakes in them are escaped."""
    ran = subprocess.run(
        [sys.executable, "-c", LAUNCH, *arguments],
        capture_output=True,
        cwd=folder,
        timeout=SECONDS,
        check=False,
    )
    printed = (ran.stdout + ran.stderr).decode()
    assert ran.returncode == status, printed
    assert_harmless(printed)


def test_recording_that_is_printed_steers_no_terminal(folder: Path) -> None:
    """A scenario that is made of one has escapes of TOML, and what is told of it is escaped."""
    ran = subprocess.run(
        [sys.executable, "-c", LAUNCH, "scenarios", "from-har", "made.har"],
        capture_output=True,
        cwd=folder,
        timeout=SECONDS,
        check=True,
    )
    assert [
        line for line in (ran.stdout + ran.stderr).decode().split("\n") if not line.isprintable()
    ] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--scenario", "hostile.toml"],
        ["--client-id", HOSTILE, "--client-secret", HOSTILE],
    ],
    ids=["scenario", "options"],
)
def test_serve_prints_nothing_that_steers_a_terminal(
    start: Start, folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """The title and the credentials are escaped, and none of them makes another line."""
    monkeypatch.chdir(folder)
    served = start(*arguments)
    lines = [served.line()]
    while "Ctrl-C" not in lines[-1]:
        lines.append(served.line())
    served.end(signal.SIGTERM)
    assert_harmless("".join(lines))
