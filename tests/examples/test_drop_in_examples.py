"""The examples that have Livestorm's hosts in their code run under `run`, as they are."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract_tests.programs import leave_out, need_program
from tests.real_clients.node_packages import NodeMissingError, install_packages

EXAMPLES = Path(__file__).parents[2] / "examples"
PROGRAM = str(Path(sys.executable).with_name("livestorm-mock"))
CONNECTED = '{"connected":"ada.martin@example.test"}\n'
SECONDS = 60

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="run's ways are Linux's here")


def express() -> list[str]:
    """Give what starts the Express example."""
    try:
        node = install_packages(EXAMPLES / "express_app")
    except NodeMissingError as error:
        leave_out(str(error))
    return [node, str(EXAMPLES / "express_app/try.mjs")]


def next_app() -> list[str]:
    """Give what starts the route handlers for Next.js, which need nothing of it."""
    return [need_program("node"), str(EXAMPLES / "next_app/try.mjs")]


def fastapi() -> list[str]:
    """Give what starts the FastAPI example."""
    return [sys.executable, str(EXAMPLES / "fastapi_app/connect.py")]


def cron(program: str = "try.sh") -> list[str]:
    """Give what starts the cron job, or its trial."""
    for tool in ("curl", "jq", "flock"):
        need_program(tool)
    return ["sh", str(EXAMPLES / "cron_job" / program)]


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `livestorm-mock run`, strictly."""
    return subprocess.run(
        [PROGRAM, "run", "--auto-approve", "--fail-on", "warning", *arguments],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **variables},
    )


@pytest.mark.parametrize("isolate", ["always", "never"])
@pytest.mark.parametrize(
    ("example", "options"),
    [
        (express, []),
        (fastapi, []),
        (next_app, ["--redirect-uri", "http://localhost:3000/api/livestorm/callback"]),
    ],
    ids=["express", "fastapi", "next"],
)
def test_web_application_connects(
    example: Callable[[], list[str]], options: list[str], isolate: str
) -> None:
    """Its real hosts lead to the fake, whose audit finds nothing."""
    done = run("--isolate", isolate, *options, "--", *example())
    assert (done.returncode, done.stdout) == (0, CONNECTED), done.stderr


FOREIGN = """
import { GET } from './app/api/livestorm/callback/route.js';
const address = 'http://localhost:3000/api/livestorm/callback?code=x&state=other';
const headers = { Cookie: process.argv[1] };
const answer = await GET(new Request(address, { headers }));
console.log(answer.status, await answer.text());
"""


@pytest.mark.parametrize("cookie", ["", "livestorm=", "livestorm=mine.verifier"])
def test_callback_of_another_browser_is_refused(cookie: str) -> None:
    """B04: the route handler sends no request for a code that this browser has not asked for."""
    command = [need_program("node"), "--input-type=module", "--eval", FOREIGN, cookie]
    folder = EXAMPLES / "next_app"
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    told = "Livestorm: this browser has begun nothing of the kind"
    assert done.stdout.startswith(f'400 {{"error":"{told}",'), done.stderr


@pytest.mark.parametrize("isolate", ["always", "never"])
def test_cron_job_refreshes(isolate: str) -> None:
    """Twice in a row, each time with the refresh token of the time before."""
    done = run("--isolate", isolate, "--", *cron())
    assert done.returncode == 0, done.stderr
    assert done.stdout == '{"email":"ada.martin@example.test"}\n' * 2


@pytest.mark.parametrize(
    ("fault", "status", "told"),
    [
        ({"fault": "oauth_error", "error": "invalid_grant"}, 77, "connect the account again"),
        ({"fault": "oauth_error", "error": "invalid_client"}, 78, "invalid_client"),
        ({"fault": "html_page", "status": 502}, 75, "answered 502"),
        ({"fault": "reset"}, 69, "does not answer"),
        ({"fault": "truncated_json"}, 76, "answered 200"),
    ],
    ids=["revoked", "settings", "page", "reset", "cut"],
)
def test_cron_job_keeps_its_tokens(
    fault: dict[str, object], status: int, told: str, tmp_path: Path
) -> None:
    """Whatever goes wrong, what is stored stays, and the exit status says what to do.

    But for a refresh token that is dead, which no run sends again.
    """
    armed = json.dumps({"on": "token.refresh_token", **fault})
    tokens = tmp_path / "tokens.json"
    script = (
        'curl -sf --json "$FAULT" "$LIVESTORM_MOCK_CONTROL_URL/faults" >/dev/null && '
        'curl -sf --json "{}" "$LIVESTORM_MOCK_CONTROL_URL/tokens" >"$LIVESTORM_TOKENS" && '
        'cp "$LIVESTORM_TOKENS" "$LIVESTORM_TOKENS.before" && exec sh "$0"'
    )
    done = run(
        *("--isolate", "always", "--", "sh", "-c", script, cron("refresh.sh")[1]),
        LIVESTORM_TOKENS=str(tokens),
        FAULT=armed,
    )
    assert (done.returncode, done.stdout) == (status, ""), done.stderr
    assert told in done.stderr
    before = json.loads(Path(f"{tokens}.before").read_text())
    dead = {"refresh_token"} if status == 77 else set()
    kept = {name: value for name, value in before.items() if name not in dead}
    assert json.loads(tokens.read_text()) == kept


def test_fastapi_example_has_tests_of_its_own(tmp_path: Path) -> None:
    """In one process, with the fixture, as in a project that has installed the plugin."""
    folder = EXAMPLES / "fastapi_app"
    command = ["-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, *command, "--rootdir", str(folder), "-c", os.devnull, str(folder)],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        cwd=tmp_path,
    )
    assert "3 passed" in done.stdout, done.stdout
