"""The examples work against the fake as it is served."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
COMMAND_LINE = [sys.executable, str(EXAMPLES / "command_line.py")]
BROWSER = """
import sys, httpx
with httpx.Client(trust_env=False, follow_redirects=True) as browser:
    browser.get(sys.argv[1]).raise_for_status()
"""


@pytest.fixture
def fake() -> Iterator[dict[str, str]]:
    """What `livestorm-mock serve` prints."""
    command = [str(Path(sys.executable).parent / "livestorm-mock"), "serve", "--auto-approve"]
    with subprocess.Popen(
        [*command, "--port", "0", "--json", "--exit-with-parent"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()


@pytest.fixture
def port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def environment(fake: dict[str, str], port: int, tmp_path: Path) -> dict[str, str]:
    """The environment that points an example at the fake, with a browser that asks nobody."""
    browser = tmp_path / "browser.py"
    browser.write_text(BROWSER)
    return {
        **os.environ,
        "BROWSER": f"{sys.executable} {browser} %s",
        "LIVESTORM_APP_URL": fake["app_url"],
        "LIVESTORM_API_URL": fake["api_url"],
        "LIVESTORM_CLIENT_ID": fake["client_id"],
        "LIVESTORM_CLIENT_SECRET": fake["client_secret"],
        "LIVESTORM_REDIRECT_URI": f"http://127.0.0.1:{port}/callback",
        "LIVESTORM_TOKENS": str(tmp_path / "tokens"),
    }


@pytest.fixture
def web_app(environment: dict[str, str], port: int) -> Iterator[str]:
    """The web application's address."""
    command = [sys.executable, "-m", "uvicorn", "--app-dir", str(EXAMPLES), "web_app:app"]
    with subprocess.Popen(
        [*command, "--port", str(port)], env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        while "running on" not in (line := process.stderr.readline()):
            assert line, "the web application ended"
        yield f"http://127.0.0.1:{port}"
        process.terminate()
        process.stderr.read()


@pytest.fixture
def open_browser() -> Iterator[Callable[[], httpx.Client]]:
    """Opens browsers that follow redirects."""
    opened: list[httpx.Client] = []

    def open_one() -> httpx.Client:
        opened.append(httpx.Client(trust_env=False, follow_redirects=True))
        return opened[-1]

    yield open_one
    for browser in opened:
        browser.close()


def test_command_line_connects_once(environment: dict[str, str]) -> None:
    """The first run goes through the browser, the second needs none."""
    first = subprocess.run(COMMAND_LINE, env=environment, capture_output=True, text=True)
    environment["BROWSER"] = "false"
    second = subprocess.run(COMMAND_LINE, env=environment, capture_output=True, text=True)
    assert (first.returncode, first.stderr) == (0, "")
    assert json.loads(first.stdout)["type"] == "users"
    assert second.stdout == first.stdout


def test_command_line_says_what_is_wrong(environment: dict[str, str]) -> None:
    """A failure is one line and an exit status."""
    environment["LIVESTORM_CLIENT_SECRET"] = "wrong"
    ran = subprocess.run(COMMAND_LINE, env=environment, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("config_error: the token endpoint answered 401 invalid_client")


def test_web_app_connects(web_app: str, open_browser: Callable[[], httpx.Client]) -> None:
    """The button leads through the authorization to the connected user."""
    browser = open_browser()
    assert "Connect Livestorm" in browser.get(web_app).text
    page = browser.post(f"{web_app}/connect")
    assert page.url.path == "/me"
    assert "ada.martin@example.test" in page.text


def test_web_app_refuses_the_callback_of_another_browser(
    web_app: str, open_browser: Callable[[], httpx.Client]
) -> None:
    """B04: what one browser has begun, another cannot finish."""
    mine, other = open_browser(), open_browser()
    mine.follow_redirects = False
    to_livestorm = mine.post(f"{web_app}/connect").headers["location"]
    to_callback = mine.get(to_livestorm).headers["location"]
    assert other.get(to_callback).url.path == "/"
    assert mine.get(to_callback).headers["location"] == "/me"


def test_web_app_offers_to_connect_again(
    web_app: str, open_browser: Callable[[], httpx.Client]
) -> None:
    """Without a connection there is the button, and a reason."""
    page = open_browser().get(f"{web_app}/me")
    assert page.status_code == 502
    assert "not connected" in page.text
    assert "Connect Livestorm" in page.text
