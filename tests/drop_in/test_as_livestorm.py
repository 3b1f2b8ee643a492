"""Any client of this process that names Livestorm's hosts reaches a sandbox."""

import asyncio
import contextvars
import http.client
import os
import socket
import ssl
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
import requests
import urllib3
import uvloop
from livestorm_client import AsyncLivestormClient, LivestormClient
from livestorm_client.wire import load_certificates
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.interception import in_process, variables
from livestorm_mock_server.interception.variables import Means
from livestorm_mock_server.server_thread import NotStartedError
from livestorm_mock_server.tls.authority import Authority, real_time

from ..mock_server.forks import in_fork
from .test_connect_shim import in_thread

PING = "https://api.livestorm.co/v1/ping"
VARIABLES = (
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "NO_PROXY",
    "no_proxy",
)

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.livestorm(rate_limits=False)


def by_urllib(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def by_http_client(url: str) -> int:
    connection = http.client.HTTPSConnection("api.livestorm.co", timeout=10)
    connection.request("GET", url.removeprefix("https://api.livestorm.co"))
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def by_urllib3(url: str) -> int:
    with urllib3.PoolManager() as pool:
        return pool.request("GET", url, retries=False).status


def by_requests(url: str) -> int:
    return requests.get(url, timeout=10).status_code


def by_httpx(url: str) -> int:
    return httpx.get(url).status_code


async def _by_httpx(url: str) -> int:
    async with httpx.AsyncClient() as client:
        return (await client.get(url)).status_code


async def _by_streams(url: str) -> int:
    host, path = url.removeprefix("https://").split("/", 1)
    reader, writer = await asyncio.open_connection(host, 443, ssl=ssl.create_default_context())
    writer.write(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    line = await reader.readline()
    await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(line.split()[1])


async def _by_aiohttp(url: str) -> int:
    # The context that it has made at its import knows nothing of the block.
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context())
    async with aiohttp.ClientSession(connector=connector) as session, session.get(url) as answer:
        return answer.status


def _on(loop_factory: Any, client: Callable[[str], Any]) -> Callable[[str], int]:
    def by(url: str) -> int:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            return int(runner.run(client(url)))

    return by


CLIENTS = {
    "urllib": by_urllib,
    "http.client": by_http_client,
    "urllib3": by_urllib3,
    "requests": by_requests,
    "httpx": by_httpx,
    "httpx, async": _on(asyncio.SelectorEventLoop, _by_httpx),
    "httpx, on uvloop": _on(uvloop.new_event_loop, _by_httpx),
    "aiohttp": _on(asyncio.SelectorEventLoop, _by_aiohttp),
    "aiohttp, on uvloop": _on(uvloop.new_event_loop, _by_aiohttp),
    "streams": _on(asyncio.SelectorEventLoop, _by_streams),
    "streams, on uvloop": _on(uvloop.new_event_loop, _by_streams),
}


@pytest.mark.parametrize("client", CLIENTS)
def test_client_reaches_the_sandbox(livestorm: LivestormSandbox, client: str) -> None:
    """Over TLS that it verifies, with the real host's name in the journal."""
    with livestorm.as_livestorm():
        assert CLIENTS[client](PING) == 401
    (entry,) = livestorm.journal.entries()
    assert entry.exchange.request.base_url == "https://api.livestorm.co"


def connected(livestorm: LivestormSandbox) -> LivestormClient:
    """Connect the reference client, whose hosts are the real ones."""
    client = LivestormClient(
        client_id=livestorm.client_id,
        client_secret=livestorm.client_secret,
        redirect_uri=livestorm.redirect_uri,
    )
    request = client.authorization_request(["identity:read"])
    assert request.url.startswith("https://app.livestorm.co/oauth/authorize?")
    client.connect(request, livestorm.authorize(request.url))
    return client


def test_client_goes_through_the_whole_flow(livestorm_hosts: LivestormSandbox) -> None:
    """Authorization, tokens, the API: not a word of the fake in what the client is given."""
    client = connected(livestorm_hosts)
    assert client.me()["type"] == "users"
    urls = {one.exchange.request.base_url for one in livestorm_hosts.journal}
    assert urls == {"https://app.livestorm.co", "https://api.livestorm.co"}
    assert livestorm_hosts.audit() == []


def test_client_trusts_whom_the_environment_says_then(livestorm: LivestormSandbox) -> None:
    """What was loaded before a block is not what counts within, nor the other way round."""
    before = load_certificates()
    with livestorm.as_livestorm():
        assert connected(livestorm).me()["type"] == "users"
        assert load_certificates() is not before
    assert load_certificates() is before


async def _async_flow(livestorm: LivestormSandbox) -> Any:
    client = AsyncLivestormClient(
        client_id=livestorm.client_id,
        client_secret=livestorm.client_secret,
        redirect_uri=livestorm.redirect_uri,
    )
    request = client.authorization_request(["identity:read"])
    callback = await asyncio.to_thread(livestorm.authorize, request.url)
    await client.connect(request, callback)
    return await client.me()


@pytest.mark.parametrize("loop_factory", [asyncio.SelectorEventLoop, uvloop.new_event_loop])
def test_async_client_goes_through_the_whole_flow(
    livestorm_hosts: LivestormSandbox, loop_factory: Any
) -> None:
    """On either event loop."""
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        assert runner.run(_async_flow(livestorm_hosts))["type"] == "users"


@pytest.mark.parametrize("fault", ["reset", "close", "html_page"])
def test_fault_strikes(livestorm_hosts: LivestormSandbox, fault: str) -> None:
    """Of connections and of answers."""
    livestorm_hosts.faults.arm(
        "api.ping", fault, **({"status": 502} if fault == "html_page" else {})
    )
    try:
        assert httpx.get(PING).headers["content-type"].startswith("text/html")
    except httpx.TransportError:
        assert fault != "html_page"
    (entry,) = livestorm_hosts.journal.entries()
    assert entry.strike is not None
    assert entry.strike.fault.kind == fault


@pytest.mark.parametrize("variant", ["unknown_ca", "expired", "wrong_name", "reset"])
@pytest.mark.parametrize("client", ["urllib3", "httpx", "httpx, on uvloop"])
def test_handshake_fault_strikes(
    livestorm_hosts: LivestormSandbox, client: str, variant: str
) -> None:
    """Whoever verifies gets no answer."""
    livestorm_hosts.faults.arm("connection", "tls", variant=variant)
    with pytest.raises((httpx.TransportError, urllib3.exceptions.HTTPError)):
        CLIENTS[client](PING)
    assert livestorm_hosts.audit() == []


def test_client_that_verifies_nothing_is_found(livestorm_hosts: LivestormSandbox) -> None:
    """It goes on over a certificate that it has to refuse, and the audit says so."""
    livestorm_hosts.faults.arm("connection", "tls", variant="expired")
    assert httpx.get(PING, verify=False).status_code == 401  # noqa: S501
    assert [one.severity for one in livestorm_hosts.audit()] == ["error"]


@pytest.mark.parametrize("host", ["www.livestorm.co", "livestorm.co"])
def test_other_name_of_livestorm_is_refused(livestorm_hosts: LivestormSandbox, host: str) -> None:
    """Nothing is left to the real service."""
    with pytest.raises(httpx.ConnectError, match="is not faked"):
        httpx.get(f"https://{host}/")


def test_other_host_is_reached_where_it_is(livestorm_hosts: LivestormSandbox) -> None:
    """Such as the fake's own address."""
    assert httpx.get(f"{livestorm_hosts.control_url}/health").status_code == 200


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("exceptions", [None, "", "localhost, .corp.test"])
def test_proxy_does_not_get_the_requests(
    livestorm: LivestormSandbox,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    exceptions: str | None,
) -> None:
    """It would pass them on to the real hosts; what else goes to no proxy stays so."""
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    if exceptions is not None:
        monkeypatch.setenv("NO_PROXY", exceptions)
    with livestorm.as_livestorm():
        assert os.environ["NO_PROXY"].startswith(exceptions or "livestorm.co")
        for client in ("urllib", "requests", "httpx"):
            assert CLIENTS[client](PING) == 401


def environment() -> dict[str, str | None]:
    return {name: os.environ.get(name) for name in VARIABLES}


@pytest.mark.parametrize("value", [None, "", "/nowhere/bundle.pem"])
def test_environment_is_put_back(
    livestorm: LivestormSandbox, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    """Whatever it was, and after an error, too; bundles do not stay behind."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    before = environment()
    with suppress(ZeroDivisionError), livestorm.as_livestorm():
        bundle = Path(os.environ["SSL_CERT_FILE"])
        assert bundle.is_file()
        raise ZeroDivisionError
    assert environment() == before
    assert not bundle.exists()


def test_change_of_somebody_else_stays(
    livestorm: LivestormSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was set within the block is not overwritten at its end."""
    monkeypatch.setenv("CURL_CA_BUNDLE", "/before.pem")
    with livestorm.as_livestorm():
        os.environ["CURL_CA_BUNDLE"] = "/within.pem"
    assert os.environ["CURL_CA_BUNDLE"] == "/within.pem"


def test_certificates_that_were_trusted_stay_so(
    livestorm: LivestormSandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A company's own authority goes into the bundle, beside the fake's."""
    company = Authority.create(now=real_time()).pem
    (tmp_path / "company.pem").write_text(company)
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        monkeypatch.setenv(name, str(tmp_path / "company.pem"))
    with livestorm.as_livestorm():
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
            bundle = Path(os.environ[name]).read_text()
            assert company.strip() in bundle
            assert in_process.credentials().authority.pem.strip() in bundle
        assert by_requests(PING) == 401


def test_context_from_before_does_not_trust(livestorm: LivestormSandbox) -> None:
    """It has read its certificates; one that is made in the block has the fake's."""
    before = ssl.create_default_context()
    with livestorm.as_livestorm():
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(PING, verify=before)
        assert httpx.get(PING, verify=ssl.create_default_context()).status_code == 401


def test_context_from_after_does_not_trust(livestorm: LivestormSandbox) -> None:
    """The trust ends with the block."""
    with livestorm.as_livestorm():
        pass
    after = ssl.create_default_context()
    with livestorm.as_livestorm(), pytest.raises(httpx.ConnectError, match="VERIFY_FAILED"):
        httpx.get(PING, verify=after)


def test_client_that_trusts_others_only_is_refused(
    livestorm_hosts: LivestormSandbox, tmp_path: Path
) -> None:
    """Whoever has pinned another authority finds out here, as at the real host."""
    other = Authority.create(now=real_time()).pem
    pinned = ssl.create_default_context(cadata=other)
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(PING, verify=pinned)
    (entry,) = livestorm_hosts.wait_for_exchanges(20)
    assert "did not trust the certificate" in (entry.exchange.reason or "")


def test_inner_sandbox_counts_until_its_end(livestorm_server: MockLivestorm) -> None:
    """Two can be open, one in the other."""
    with livestorm_server.sandbox() as one, livestorm_server.sandbox() as two:
        with one.as_livestorm():
            with two.as_livestorm():
                by_requests(PING)
            by_requests(PING)
            by_requests(PING)
        assert [len(sandbox.journal.entries()) for sandbox in (one, two)] == [2, 1]


def test_threads_have_a_sandbox_each(livestorm_server: MockLivestorm) -> None:
    """At the same time, and whoever ends first leaves the other one its trust."""
    before = environment()
    together = threading.Barrier(2, timeout=30)
    ended = threading.Event()
    seen: dict[int, int] = {}

    def use(number: int) -> None:
        with livestorm_server.sandbox() as sandbox:
            with sandbox.as_livestorm():
                together.wait()
                for _ in range(number):
                    by_requests(PING)
                together.wait()
                if number == 2:
                    ended.wait(30)
                    by_urllib(PING)
            seen[number] = len(sandbox.journal.entries())
            ended.set()

    threads = [threading.Thread(target=use, args=(number,)) for number in (1, 2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert seen == {1: 1, 2: 3}
    assert environment() == before


CREDENTIALS = """
import threading
from livestorm_mock_server.interception.in_process import credentials
together, made = threading.Barrier(8), []
def make():
    together.wait()
    made.append(credentials())
threads = [threading.Thread(target=make) for _ in range(8)]
for one in threads:
    one.start()
for one in threads:
    one.join()
print(len(made), len(set(map(id, made))))
"""


def test_urlopen_trusts_the_fake_whatever_it_opened_before(livestorm_server: MockLivestorm) -> None:
    """And afterwards what it trusted before."""
    health = f"{livestorm_server.control_url}/health"
    assert by_urllib(health) == 200
    with livestorm_server.sandbox() as sandbox, sandbox.as_livestorm():
        assert by_urllib(PING) == 401
    assert by_urllib(health) == 200
    with pytest.raises(urllib.error.URLError):
        by_urllib(PING.replace("api.livestorm.co", f"localhost:{livestorm_server.port}"))


def test_opener_that_others_have_made_stays(livestorm_server: MockLivestorm) -> None:
    """Whoever installs one says by it whom to trust."""

    class Own(urllib.request.BaseHandler):
        """A handler of a program."""

        def own_open(self, asked: urllib.request.Request) -> None:
            """Open what nobody asks for."""

    made = urllib.request.build_opener(Own)
    urllib.request.install_opener(made)
    try:
        with livestorm_server.sandbox() as sandbox, sandbox.as_livestorm():
            assert vars(urllib.request)["_opener"] is made
    finally:
        urllib.request.install_opener(None)


def test_threads_that_begin_at_once_have_one_authority() -> None:
    """Or what one of them trusts would vouch for no door of the others."""
    command = [sys.executable, "-c", CREDENTIALS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["8", "1"]


def test_thread_within_the_block_reaches_the_only_sandbox(
    livestorm_hosts: LivestormSandbox,
) -> None:
    """As workers of a pool do."""
    assert in_thread(lambda: str(by_requests(PING))) == "401"


def test_thread_is_refused_where_two_sandboxes_are_meant(livestorm_server: MockLivestorm) -> None:
    """Its request goes to neither, as it could be the other one's."""
    with livestorm_server.sandbox() as one, livestorm_server.sandbox() as two:
        outside = contextvars.copy_context()
        with one.as_livestorm():
            inner = two.as_livestorm()
            outside.run(inner.__enter__)
            try:
                assert "2 fakes stand for livestorm.co" in in_thread(lambda: str(by_requests(PING)))
            finally:
                inner.__exit__(None, None, None)
        assert one.journal.entries() == two.journal.entries() == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_fork_within_the_block_reaches_the_sandbox(livestorm_hosts: LivestormSandbox) -> None:
    """The server is the parent's; a fork opens no block of its own for it."""
    assert in_fork(lambda: by_urllib(PING)) == "401"
    assert len(livestorm_hosts.journal.entries()) == 1
    told = in_fork(lambda: livestorm_hosts.as_livestorm().__enter__())
    assert told.startswith("NotStartedError: the fake runs in process")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_fork_that_leaves_the_block_leaves_its_parent_the_bundle(
    livestorm: LivestormSandbox,
) -> None:
    """The files are the parent's, as the server is."""
    with ExitStack() as block:
        block.enter_context(livestorm.as_livestorm())
        assert in_fork(block.close) == "None"
        assert by_urllib(PING) == 401


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_fork_waits_for_no_thread_that_it_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread of the parent may just be entering a block."""
    parent, (entering, going_on) = os.getpid(), (threading.Event(), threading.Event())

    def present(means: Means, name: str) -> str:
        if os.getpid() == parent:
            entering.set()
            going_on.wait(60)
        return variables.present(means, name)

    def enter() -> str:
        with in_process.WayIn(("127.0.0.1", 9)).taken():
            return "entered"

    monkeypatch.setattr(in_process, "present", present)
    thread = threading.Thread(target=enter)
    thread.start()
    try:
        assert entering.wait(30)
        assert in_fork(enter) == "'entered'"
    finally:
        going_on.set()
        thread.join(30)


def test_default_sandbox_can_stand_for_livestorm() -> None:
    """Also after another start, at another door."""
    server = MockLivestorm()
    for _ in range(2):
        with server, server.as_livestorm():
            assert by_urllib(PING) == 401


def test_door_closes_with_its_sandbox(livestorm_server: MockLivestorm) -> None:
    """A client that goes on is refused, and nothing else answers there."""
    with livestorm_server.sandbox() as sandbox:
        client = httpx.Client(transport=sandbox.httpx_transport())
        assert client.get(PING).status_code == 401
    with pytest.raises(httpx.TransportError):
        client.get(PING)
    client.close()


def test_stopped_server_stands_for_nobody() -> None:
    """As with all that needs it."""
    with MockLivestorm() as server:
        pass
    with pytest.raises(NotStartedError), server.as_livestorm():
        pass
    with pytest.raises(NotStartedError):
        server.httpx_transport()


def test_sandbox_without_a_door_costs_no_certificates(livestorm_server: MockLivestorm) -> None:
    """Who does not ask for it pays nothing."""
    with livestorm_server.sandbox() as sandbox:
        assert sandbox._served._way_in is None


WORKERS = """
import os, socket
import httpx, pytest

def test_own(livestorm_hosts):
    with socket.create_connection(("127.0.0.1", int(os.environ["RENDEZVOUS"]))) as both:
        both.recv(1)  # the other worker is here, too
        answer = httpx.get("https://api.livestorm.co/v1/ping")
        both.send(b"x")
        both.recv(1)
    assert answer.status_code == 401
    assert len(livestorm_hosts.journal.entries()) == 1
"""


def _meet(listener: socket.socket) -> None:
    """Let two go on together, twice."""
    clients = [listener.accept()[0] for _ in range(2)]
    for _ in range(2):
        for one in clients:
            one.send(b"x")
        for one in clients:
            one.recv(1)
    for one in clients:
        one.close()


def test_workers_of_xdist_have_a_sandbox_each(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same hosts in the code, at the same time, and nobody sees the other's request."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(test_one=WORKERS, test_two=WORKERS)
    pytester.plugins = []
    plugins = ["-p", "livestorm_mock_server.pytest_plugin", "-p", "xdist", "-p", "no:cacheprovider"]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)
        monkeypatch.setenv("RENDEZVOUS", str(listener.getsockname()[1]))
        thread = threading.Thread(target=_meet, args=(listener,))
        thread.start()
        done = pytester.runpytest_subprocess(*plugins, "-n", "2", "--dist", "loadfile", timeout=90)
        thread.join(60)
    done.assert_outcomes(passed=2)
