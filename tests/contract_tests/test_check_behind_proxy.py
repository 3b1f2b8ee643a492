"""`livestorm-mock check` on a machine whose environment names a proxy, which is a real one."""

import os
import shlex
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.resources import files

import pytest
from livestorm_contract_tests.driving.environment import LOOPBACK, no_proxy

LAUNCH = "from livestorm_mock_server.cli import main; main()"
TEMPLATES = files("livestorm_contract_tests.adapters") / "templates"
TEMPLATE = str(TEMPLATES / "python" / "livestorm_adapter.py")
DEAF = (
    "import os, runpy, sys; [os.environ.pop(n) for n in ('NO_PROXY', 'no_proxy')]; "
    "sys.path[0] = os.path.dirname(sys.argv[1]); "
    "runpy.run_path(sys.argv[1], run_name='__main__')"
)
"""Runs a client that takes no notice of NO_PROXY."""
PROXIES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


class Proxy(socketserver.ThreadingTCPServer):
    """Records what it is sent, and closes the connection."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Recording)
        self.asked: list[bytes] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Recording(socketserver.BaseRequestHandler):
    """One connection."""

    def handle(self) -> None:
        """Record what comes first."""
        assert isinstance(self.server, Proxy)
        self.server.asked.append(self.request.recv(65536))


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """Serve a proxy."""
    with Proxy() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def check(client: list[str], proxy: Proxy, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Check an adapter in an environment with this proxy."""
    given = ["check", "--client", shlex.join(client), "--case", "C01", *arguments]
    kept = {name: text for name, text in os.environ.items() if name.lower() != "no_proxy"}
    return subprocess.run(
        [sys.executable, "-c", LAUNCH, *given],
        env={**kept, **dict.fromkeys(PROXIES, proxy.url)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: os.PathLike[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no replay behind."""
    monkeypatch.chdir(tmp_path)


def test_client_behind_a_proxy_is_judged_and_the_proxy_asked_nothing(proxy: Proxy) -> None:
    """A client that heeds HTTP_PROXY and NO_PROXY reaches the fake, and C01 passes."""
    done = check([sys.executable, TEMPLATE], proxy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert proxy.asked == []


def test_client_that_asks_the_proxy_all_the_same_is_not_judged(proxy: Proxy) -> None:
    """Nothing is known of who reaches no fake: ERROR with the reason, status 2."""
    done = check([sys.executable, "-c", DEAF, TEMPLATE], proxy)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "1 ERROR" in done.stdout
    assert "none of its requests reaches" in " ".join(done.stdout.split())
    assert proxy.asked[0].startswith(b"POST http://127.0.0.1:")


@pytest.mark.parametrize(
    ("upper", "lower", "hosts"),
    [
        ("", "", ",".join(LOOPBACK)),
        ("corp, localhost", ".example", ",".join(["corp", "localhost", ".example", *LOOPBACK])),
        ("*", "corp", "*"),
    ],
)
def test_hosts_that_were_without_a_proxy_stay_so(
    upper: str, lower: str, hosts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loopback is added to what either spelling names, once; `*` says it all."""
    monkeypatch.setenv("NO_PROXY", upper)
    monkeypatch.setenv("no_proxy", lower)
    assert no_proxy().split(",") == list(dict.fromkeys(hosts.split(",")))
