"""`livestorm-mock check` of what is no adapter: an app over HTTP, and a bare command."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

LAUNCH = "from livestorm_mock_server.cli import main; main()"
JOB = """
import os, sys, httpx
token = os.environ["LIVESTORM_MOCK_ACCESS_TOKEN"]
got = httpx.get(sys.argv[1] + "/me", headers={"authorization": f"Bearer {token}"}, trust_env=False)
sys.exit(0 if got.is_success else 77 if got.status_code == 401 else 76)
"""
GUIDE = Path(__file__).parents[2] / "docs/your-client.md"
APP = Path(__file__).with_name("http_app.py")


def app(folder: Path, what: str) -> list[str]:
    """Give the command that does something with the app of a folder."""
    return [sys.executable, str(APP), str(folder), what]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, where replays and the app's files are."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def url(folder: Path) -> Iterator[str]:
    """Run the app."""
    subprocess.run(app(folder, "start"), check=True, timeout=30)
    yield f"http://127.0.0.1:{(folder / 'port').read_text()}"
    subprocess.run(app(folder, "end"), check=True, timeout=30)


def check(*arguments: str) -> dict[str, str]:
    """Judge a client; give the verdict of each case."""
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH, "check", *arguments, "--json", "results.json"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    results = json.loads(Path("results.json").read_text(encoding="utf-8"))
    return {"status": str(done.returncode)} | {
        one["case"]: one["verdict"] for one in results["cases"]
    }


def test_app_is_restarted_by_the_command(url: str, folder: Path) -> None:
    """With `--restart-cmd` the tokens have to outlive a kill, and the command is told how."""
    restart = shlex.join(app(folder, "restart"))
    verdicts = check("--client", url, "--case", "J01", "--restart-cmd", restart)
    assert verdicts == {"status": "0", "J01": "PASS"}
    assert "kill" in (folder / "restarts").read_text().split()


def test_app_without_a_restart_command_is_not_restarted(url: str) -> None:
    """What needs a restart is shown as not supported."""
    assert check("--client", url, "--case", "J01")["J01"] == "SKIP"


def test_log_file_is_looked_through(url: str, folder: Path) -> None:
    """With `--log-file` a token that the app logs is found."""
    log = str(folder / "app.log")
    assert check("--client", url, "--case", "H01", "--fast", "--log-file", log)["H01"] == "PASS"
    (folder / "talkative").touch()
    assert check("--client", url, "--case", "H01", "--fast", "--log-file", log)["H01"] == "FAIL"


def test_job_passes_what_it_can_do() -> None:
    """A bare command is judged by its requests and its exit status."""
    job = shlex.join([sys.executable, "-c", JOB, "{base_url}"])
    assert check("--command", job, "--case", "E01") == {"status": "0", "E01": "PASS"}


def test_job_with_a_baseline_passes() -> None:
    """What the job does not do is written down as the guide shows, and fails the run no more."""
    text = GUIDE.read_text(encoding="utf-8")
    (baseline,) = re.findall(r"```yaml\n# baseline.yaml\n(.*?)```", text, re.DOTALL)
    job = shlex.join([sys.executable, "-c", JOB, "{base_url}"])
    Path("baseline.yaml").write_text(baseline, encoding="utf-8")
    assert check("--command", job, "--strict", "--case", "E02") == {"status": "1", "E02": "FAIL"}
    verdicts = check("--command", job, "--strict", "--case", "E02", "--baseline", "baseline.yaml")
    assert verdicts == {"status": "0", "E02": "XFAIL"}
