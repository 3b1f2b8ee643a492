"""`serve --proxy-port`: Livestorm's hosts lead to the fake, others nowhere or to where they are."""

import asyncio
import re
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server import InvalidInputError, MockLivestorm, server
from livestorm_mock_server.doors import Door, Proxying, ProxyRequest
from livestorm_mock_server.limits import DEFAULT_LIMITS
from livestorm_mock_server.listeners import bind
from livestorm_mock_server.proxy import proxy as proxy_module
from livestorm_mock_server.proxy import tunnel as tunnel_module
from livestorm_mock_server.proxy.head import NotForProxyError, parse
from livestorm_mock_server.proxy.tunnel import Upstream, join
from livestorm_mock_server.real_hosts import is_livestorms
from livestorm_mock_server.server_state import ServerState

from ..mock_server.failure_log import FailureLog
from ..mock_server.served import Served, assert_wrong_usage, run
from .secure_wire import SecureWire

APP, API = "app.livestorm.co", "api.livestorm.co"
TIMEOUT = 15.0


@pytest.fixture(scope="module", params=["asyncio", "uvloop"])
def started(request: pytest.FixtureRequest) -> Iterator[MockLivestorm]:
    """A proxy that passes others on, on each event loop."""
    loops = asyncio if request.param == "asyncio" else pytest.importorskip("uvloop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "event_loops", loops)
        with MockLivestorm(proxy_port=0, proxy_others="pass", rate_limits=False) as livestorm:
            yield livestorm


@pytest.fixture
def livestorm(started: MockLivestorm) -> Iterator[MockLivestorm]:
    """It, with an empty journal, and no faults at the end."""
    started.journal.clear()
    yield started
    started.faults.disarm()


@pytest.fixture(scope="module")
def strict() -> Iterator[MockLivestorm]:
    """One that refuses others."""
    with MockLivestorm(proxy_port=0, rate_limits=False) as livestorm:
        yield livestorm


@pytest.fixture(scope="module")
def port(started: MockLivestorm) -> int:
    """The port of the proxy."""
    return port_of(started)


def port_of(livestorm: MockLivestorm) -> int:
    """Give the port of a proxy."""
    found = urlsplit(livestorm.proxy_url or "").port
    assert found is not None
    return found


def ask(port: int, *sent: bytes) -> bytes:
    """Send bytes, each once what came before was taken; give what comes to the end."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for data in sent:
            client.sendall(data)
        return client.makefile("rb").read()


def head(target: str, *fields: str, method: str = "GET") -> bytes:
    """Write the head of a request."""
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: x", *fields, "", ""]).encode()


def status_of(answer: bytes) -> int:
    """Give the status of an answer."""
    return int(answer.split()[1])


@contextmanager
def tunnel(port: int, authority: str) -> Iterator[socket.socket]:
    """Ask for a tunnel; give it once it is there."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)) as client:
        client.sendall(head(authority, method="CONNECT"))
        came = b""
        while not came.endswith(b"\r\n\r\n"):
            came += client.recv(1)
        assert status_of(came) == 200, came
        yield client


def serve_once(answer: Callable[[socket.socket], None]) -> int:
    """Have something on this machine that takes one connection; give its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def work() -> None:
        with listener, listener.accept()[0] as client:
            client.settimeout(TIMEOUT)
            answer(client)

    threading.Thread(target=work, daemon=True).start()
    number: int = listener.getsockname()[1]
    return number


def give_back(client: socket.socket) -> None:
    """Say what was said, once the other side has said all."""
    said = b""
    while data := client.recv(65536):
        said += data
    client.sendall(said)


# The fake behind it


def test_client_with_the_real_hosts_gets_through_the_whole_flow(livestorm: MockLivestorm) -> None:
    """Pages, cookies, redirections and the proof of origin are those of Livestorm's hosts."""
    context = ssl.create_default_context(cafile=livestorm.ca_file)
    with httpx.Client(proxy=livestorm.proxy_url, verify=context) as http:
        query = {
            "response_type": "code",
            "client_id": livestorm.client_id,
            "redirect_uri": livestorm.redirect_uri,
        }
        page = http.get(f"https://{APP}/oauth/authorize", params=query)
        (form,) = re.findall(r'(?s)<form[^>]*method="post".*?</form>', page.text)[:1]
        fields = dict(re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', form))
        sent = http.post(
            f"https://{APP}/oauth/authorize", data=fields, headers={"Origin": f"https://{APP}"}
        )
        code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
        token = http.post(
            f"https://{APP}/oauth/token",
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": livestorm.redirect_uri,
                "client_id": livestorm.client_id,
                "client_secret": livestorm.client_secret,
            },
        ).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        assert http.get(f"https://{API}/v1/me", headers=headers).status_code == 200
    origins = [one.exchange.request.base_url for one in livestorm.journal.entries()]
    assert origins == 3 * [f"https://{APP}"] + [f"https://{API}"]


@pytest.mark.parametrize(
    ("target", "origin"),
    [
        (f"http://{API}/v1/ping", f"http://{API}"),
        (f"https://{API}/v1/ping", f"https://{API}"),
        (f"HTTPS://{API.upper()}.:443/v1/ping?a=b", f"https://{API}"),
    ],
)
def test_url_in_the_request_line_leads_to_the_fake(
    livestorm: MockLivestorm, port: int, target: str, origin: str
) -> None:
    """axios sends https ones so, too; what is for the proxy alone stays with it."""
    fields = ("Proxy-Authorization: Basic eDp5", "Proxy-Connection: keep-alive", "X-A: b")
    assert status_of(ask(port, head(target, *fields))) == 401
    (entry,) = livestorm.journal.entries()
    request = entry.exchange.request
    assert request.base_url.lower().replace(".co.", ".co") == origin
    assert request.target == urlsplit(target)._replace(scheme="", netloc="").geturl()
    assert [name for name, _ in request.headers] == ["host", "x-a", "connection"]


@pytest.mark.parametrize("is_split", [True, False])
def test_body_and_nothing_behind_it_reaches_the_fake(
    livestorm: MockLivestorm, port: int, is_split: bool
) -> None:
    """The connection is for one request: the next may go to another host."""
    first = head(f"https://{APP}/oauth/token", "Content-Length: 12", method="POST")
    rest = b"grant_type=x" + head(f"http://{API}/v1/ping")
    parts = (first, rest) if is_split else (first + rest,)
    came = ask(port, *parts)
    assert came.count(b"HTTP/1.1 ") == 1
    (entry,) = livestorm.journal.entries()
    assert entry.exchange.request.body == b"grant_type=x"


@pytest.mark.parametrize("is_ahead", [True, False])
@pytest.mark.parametrize("number", [80, 443])
def test_tunnel_to_a_real_host_speaks_both(
    livestorm: MockLivestorm, port: int, number: int, is_ahead: bool
) -> None:
    """What a client sends at once behind its CONNECT is not lost."""
    request = b"GET /v1/ping HTTP/1.1\r\nHost: api.livestorm.co\r\nConnection: close\r\n\r\n"
    connect = head(f"{API}:{number}", method="CONNECT")
    context = ssl.create_default_context(cafile=livestorm.ca_file)
    if is_ahead:
        came = ask(port, connect + request)
        assert came.count(b"HTTP/1.1 ") == 2
    else:
        with (
            tunnel(port, f"{API}:{number}") as client,
            context.wrap_socket(client, server_hostname=API) as secure,
        ):
            secure.sendall(request)
            came = secure.recv(65536)
    assert b" 401 Unauthorized" in came
    scheme = "http" if is_ahead else "https"
    (entry,) = livestorm.journal.entries()
    assert entry.exchange.request.base_url == f"{scheme}://{API}"


def test_hello_behind_a_connect_is_not_lost(livestorm: MockLivestorm, port: int) -> None:
    """A client that does not wait for the proxy's answer."""
    context = ssl.create_default_context(cafile=livestorm.ca_file)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname=API)
    with closing(socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)) as client:
        with pytest.raises(ssl.SSLWantReadError):
            tls.do_handshake()
        client.sendall(head(f"{API}:443", method="CONNECT") + outgoing.read())
        came = b""
        while b"\r\n\r\n" not in came or came.endswith(b"\r\n\r\n"):
            came += client.recv(65536)
        incoming.write(came.partition(b"\r\n\r\n")[2])
        tls.do_handshake()
        assert tls.version() == "TLSv1.3"


def test_faults_reach_clients_through_it(livestorm: MockLivestorm, port: int) -> None:
    """A reset is one; a bad certificate is shown in the tunnel."""
    livestorm.faults.arm("api.ping", "reset", times=1)
    with pytest.raises(ConnectionResetError):
        ask(port, head(f"https://{API}/v1/ping"))
    livestorm.faults.arm("connection", "tls", variant="expired", times=1)
    context = ssl.create_default_context(cafile=livestorm.ca_file)
    with tunnel(port, f"{API}:443") as client, pytest.raises(ssl.SSLError, match="expired"):
        context.wrap_socket(client, server_hostname=API)


def test_real_hosts_still_serve_their_own_only(livestorm: MockLivestorm, port: int) -> None:
    """And no control API."""
    assert status_of(ask(port, head(f"https://{API}/oauth/token/info"))) == 404
    assert status_of(ask(port, head(f"http://{APP}/_mock/health"))) == 404


# Who is refused


@pytest.mark.parametrize(
    ("sent", "target"),
    [
        (head("bank.example:443", method="CONNECT"), "bank.example:443"),
        (head("http://bank.example/a?b=c"), "http://bank.example/a?b=c"),
        (head("https://127.0.0.1:1/"), "https://127.0.0.1:1/"),
        (head("[::1]:443", method="CONNECT"), "[::1]:443"),
    ],
)
def test_other_host_is_refused(
    strict: MockLivestorm, caplog: pytest.LogCaptureFixture, sent: bytes, target: str
) -> None:
    """With 403, an exchange in the journal and a line in the log, which say how to have it."""
    strict.journal.clear()
    came = ask(port_of(strict), sent)
    assert status_of(came) == 403
    (entry,) = strict.journal.entries()
    assert entry.exchange.request.target == target
    assert getattr(entry.response, "status", None) == 403
    assert "--proxy-others pass" in (entry.exchange.reason or "")
    assert entry.exchange.reason is not None
    assert entry.exchange.reason.encode() in came
    assert len(caplog.records) == 1


NEVER = [
    "www.livestorm.co",
    "WWW.Livestorm.CO",
    "livestorm.co",
    "app.staging.livestorm.co",
    "www.livestorm.co.",
    "www.livestorm.co..",
]


@pytest.mark.parametrize("host", NEVER)
@pytest.mark.parametrize("form", ["{0}:443 CONNECT", "http://{0}/ GET", "https://{0}/ GET"])
def test_other_host_of_livestorms_is_never_passed_on(
    livestorm: MockLivestorm, port: int, monkeypatch: pytest.MonkeyPatch, host: str, form: str
) -> None:
    """Nobody even looks its name up."""
    monkeypatch.setattr(proxy_module, "connect", lambda *_, **__: pytest.fail("it connects"))
    target, method = form.format(host).split()
    assert status_of(ask(port, head(target, method=method))) == 403


@pytest.mark.parametrize("target", [f"{APP}:8443", f"{APP}:22", f"{API}.:8080"])
def test_real_host_at_another_port_is_refused(port: int, target: str) -> None:
    """Livestorm listens there no more than the fake."""
    assert status_of(ask(port, head(target, method="CONNECT"))) == 403


MALFORMED = {
    "origin form": head("/v1/ping"),
    "no port": head(API, method="CONNECT"),
    "port 0": head(f"{API}:0", method="CONNECT"),
    "port beyond": head(f"{API}:65536", method="CONNECT"),
    "user": head(f"http://{APP}@evil.example/"),
    "user of a tunnel": head(f"x@{API}:443", method="CONNECT"),
    "soft hyphen": head("app.live\xadstorm.co:443", method="CONNECT").replace(b"\xc2", b""),
    "full stop": head("app.livestorm\u3002co:443", method="CONNECT"),
    "percent": head("app%2elivestorm.co:443", method="CONNECT"),
    "other scheme": head("ftp://app.livestorm.co/"),
    "space": head("http://app.livestorm.co /"),
    "backslash": head("http://app.livestorm.co\\@evil.example/"),
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\n",
    "no version": b"GET http://app.livestorm.co/\r\n\r\n",
    "field without colon": head(f"http://{API}/", "nonsense"),
    "folded field": head(f"http://{API}/", "A: b", " c"),
    "bare LF in a field": head(f"http://{API}/", "A: b\nB: c"),
    "garbage": b"\x00\xff\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "long": b"GET http://app.livestorm.co/" + b"a" * 150_000,
    "long fields": head(f"http://{API}/", *(f"A{n}: {'b' * 1000}" for n in range(150))),
}


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_request_to_a_proxy_is_refused(
    livestorm: MockLivestorm, port: int, sent: bytes
) -> None:
    """With 400, which the client can read, and its reason in the journal."""
    came = ask(port, sent)
    assert status_of(came) == 400
    (entry,) = livestorm.journal.entries()
    assert (entry.exchange.reason or "-").encode() in came
    assert entry.response is not None


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"CONNECT ", b"GET http://", b"GET https://a/"])
)
def test_no_bytes_make_it_fail(sent: bytes, begun: bytes) -> None:
    """They are read, or refused."""
    try:
        asked = parse(begun + sent + b"\r\n\r\n")
    except NotForProxyError:
        return
    assert asked.host.isascii()
    assert 0 < asked.port < 65536
    assert asked.forwarded.count(b"\r\n\r\n") <= 1


@given(
    labels=st.lists(st.from_regex(r"[A-Za-z0-9_\-]{1,8}", fullmatch=True), max_size=3),
    domain=st.sampled_from(["livestorm.co", "LIVESTORM.CO", "LiveStorm.Co"]),
    dots=st.integers(0, 3),
)
def test_no_spelling_hides_a_host_of_livestorms(labels: list[str], domain: str, dots: int) -> None:
    """Whatever the case, and however many dots end it."""
    host = ".".join([*labels, domain]) + "." * dots
    for sent in (head(f"{host}:443", method="CONNECT"), head(f"http://{host}/")):
        assert is_livestorms(parse(sent).host)


@given(sent=st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=5))
def test_any_bytes_are_answered_or_left(
    strict: MockLivestorm, failures: FailureLog, sent: list[bytes]
) -> None:
    """Nothing of it is a failure of the proxy, and the next client is served."""
    port = port_of(strict)
    with closing(socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)) as client:
        try:
            for data in sent:
                client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            client.makefile("rb").read()
        except OSError:
            pass
    assert not failures.failures()
    assert status_of(ask(port, head(f"http://{API}/v1/ping"))) == 401


def test_head_that_does_not_end_is_given_up() -> None:
    """After as long as a request may pause."""
    with MockLivestorm(proxy_port=0, request_timeout=0.1) as livestorm:
        assert (
            status_of(ask(port_of(livestorm), b"GET http://app.livestorm.co/ HTTP/1.1\r\n")) == 408
        )


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7])
def test_head_may_come_in_pieces(port: int, size: int) -> None:
    """However it is cut, and whatever follows it."""
    sent = head(f"http://{API}/v1/ping")
    parts = [sent[at : at + size] for at in range(0, len(sent), size)]
    assert status_of(ask(port, *parts)) == 401


# Others, where they are passed on


def test_tunnel_to_another_server_is_there_until_both_have_said_all(port: int) -> None:
    """A client may end its own direction, and still hear the answer."""
    said = b"a" * 300_000
    with tunnel(port, f"127.0.0.1:{serve_once(give_back)}") as client:
        client.sendall(said)
        client.shutdown(socket.SHUT_WR)
        assert client.makefile("rb").read() == said


def test_what_follows_a_connect_at_once_is_passed_on(port: int) -> None:
    """It is the tunnel's."""
    other = serve_once(lambda client: client.sendall(client.recv(5)))
    assert ask(port, head(f"127.0.0.1:{other}", method="CONNECT") + b"hello").endswith(b"hello")


def test_server_that_leaves_ends_the_tunnel(port: int) -> None:
    """For the client, too."""
    with tunnel(port, f"127.0.0.1:{serve_once(lambda client: None)}") as client:
        assert client.recv(1) == b""


def test_other_url_is_asked_for_at_its_server(started: MockLivestorm, port: int) -> None:
    """In origin form, for one request, without what was for the proxy; it is no exchange."""
    taken: list[bytes] = []

    def answer(client: socket.socket) -> None:
        taken.append(client.recv(65536))
        client.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    other = serve_once(answer)
    started.journal.clear()
    came = ask(port, head(f"http://127.0.0.1:{other}?a=b", "Proxy-Authorization: x", "A: b"))
    assert came == b"HTTP/1.1 204 No Content\r\n\r\n"
    expected = f"GET /?a=b HTTP/1.1\r\nHost: 127.0.0.1:{other}\r\nA: b\r\nConnection: close\r\n\r\n"
    assert taken == [expected.encode()]
    assert started.journal.entries() == []


def test_https_url_of_another_server_is_verified(started: MockLivestorm, port: int) -> None:
    """The proxy speaks TLS for a client that sends the URL in plain, and believes no stranger."""
    came = ask(port, head(f"https://127.0.0.1:{started.port}/v1/ping"))
    assert (status_of(came), b"certificate verify failed" in came) == (502, True)


@pytest.mark.parametrize("form", ["127.0.0.1:{0} CONNECT", "http://127.0.0.1:{0}/ GET"])
def test_server_that_is_not_there_is_told(port: int, form: str) -> None:
    """With 502 and why."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        free = listener.getsockname()[1]
    target, method = form.format(free).split()
    came = ask(port, head(target, method=method))
    assert status_of(came) == 502
    assert f"127.0.0.1:{free} can't be reached".encode() in came


def test_silent_tunnel_ends() -> None:
    """Neither side is kept for ever."""

    async def fall_silent() -> bytes:
        def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            taken.append(writer)

        taken: list[asyncio.StreamWriter] = []
        listener = await asyncio.start_server(take, "127.0.0.1", 0)
        other = listener.sockets[0].getsockname()[1]
        upstream = await asyncio.open_connection("127.0.0.1", other)
        near, far = socket.socketpair()
        for one in (near, far):
            one.setblocking(False)
        await join(near, upstream, idle=0.05)
        listener.close()
        for writer in taken:
            writer.transport.abort()
        with far:
            return await asyncio.get_running_loop().sock_recv(far, 1)

    assert asyncio.run(fall_silent()) == b""


def test_all_that_the_client_has_sent_arrives_though_the_server_ended_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also what waits for its turn when both have said all."""
    said = b"a" * 60_000

    async def hear_late() -> bytes:
        ended, over, heard = asyncio.Event(), asyncio.Event(), [b""]

        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write_eof()
            await ended.wait()
            for _ in range(10):  # As long as `join` takes to let go.
                await asyncio.sleep(0)
            with suppress(ConnectionResetError):
                heard.append(await reader.read())
            writer.transport.abort()
            over.set()

        listener = socket.create_server(("127.0.0.1", 0))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        other = await asyncio.start_server(take, sock=listener, limit=1024)
        upstream = await asyncio.open_connection(*listener.getsockname())
        upstream[1].get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        near, far = socket.socketpair()
        with far:
            far.sendall(said)
            far.shutdown(socket.SHUT_WR)
            near.setblocking(False)
            write_eof = upstream[1].write_eof

            def end() -> None:
                write_eof()
                ended.set()

            monkeypatch.setattr(upstream[1], "write_eof", end)
            await join(near, upstream, idle=TIMEOUT)
        other.close()
        await asyncio.wait_for(over.wait(), TIMEOUT)
        return heard[-1]

    assert asyncio.run(hear_late()) == said


def test_server_is_let_go_where_the_client_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, though nobody was told that the tunnel is there."""

    async def leave() -> bool:
        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(ConnectionResetError):
                await reader.read()
            writer.transport.abort()
            over.set()

        over = asyncio.Event()
        listener = await asyncio.start_server(take, "127.0.0.1", 0)
        near, far = socket.socketpair()

        async def connect(*arguments: Any, **named: Any) -> Upstream:
            upstream = await tunnel_module.connect(*arguments, **named)
            far.close()
            connected.append(upstream)
            return upstream

        connected: list[Upstream] = []
        monkeypatch.setattr(proxy_module, "connect", connect)
        near.setblocking(False)
        state = ServerState(lambda _: None, DEFAULT_LIMITS)
        proxy = proxy_module.Proxy(Proxying(passes_others=True), cast("Any", None), state)
        place = ":".join(map(str, listener.sockets[0].getsockname()))
        asked = parse(head(place, method="CONNECT"))
        with near, pytest.raises(BrokenPipeError):
            await proxy._pass(near, asked)
        listener.close()
        is_ended = connected[0][1].transport.is_closing()
        connected[0][1].transport.abort()
        await asyncio.wait_for(over.wait(), TIMEOUT)
        return is_ended

    assert asyncio.run(leave())


def test_end_of_the_server_ends_tunnels() -> None:
    """Whoever is in one sees it."""
    livestorm = MockLivestorm(proxy_port=0, proxy_others="pass").start()
    try:
        with tunnel(port_of(livestorm), f"127.0.0.1:{serve_once(give_back)}") as client:
            livestorm.stop()
            with pytest.raises(ConnectionRefusedError):
                ask(port_of(livestorm))
            with suppress(ConnectionResetError):
                assert client.recv(1) == b""
    finally:
        livestorm.stop()


def test_serve_ends_in_silence_within_a_tunnel() -> None:
    """What carries the bytes comes to its end before the loop does."""
    served = Served("--json", "--proxy-port", "0", "--proxy-others", "pass")
    try:
        proxy = urlsplit(served.describes_itself()["proxy_url"]).port or 0
        with tunnel(proxy, f"127.0.0.1:{serve_once(give_back)}"):
            assert served.end(signal.SIGTERM) == (0, "", "")
    finally:
        served.kill()


# Who wants to know, and how it is asked for


def test_each_request_is_told() -> None:
    """By whom, for what, and what became of it."""
    told: list[ProxyRequest] = []
    with MockLivestorm(tls=True) as livestorm:
        listener = bind("127.0.0.1", 0)
        door = Door(listener, None, proxying=Proxying(passes_others=True, tell=told.append))
        livestorm._served.server.open_door(door)
        port = listener.getsockname()[1]
        other = serve_once(lambda client: None)
        peers = []
        for target in (f"{API}:80", "www.livestorm.co:443", f"127.0.0.1:{other}"):
            with closing(socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)) as client:
                peers.append(client.getsockname())
                client.sendall(head(target, method="CONNECT"))
                assert client.recv(9) == b"HTTP/1.1 "
    assert [one.peer for one in told] == peers
    assert [(one.host, one.port, one.outcome) for one in told] == [
        (API, 80, "served"),
        ("www.livestorm.co", 443, "refused"),
        ("127.0.0.1", other, "passed"),
    ]


def test_further_sandbox_has_no_proxy(strict: MockLivestorm) -> None:
    """Behind it is the default one."""
    answer = httpx.post(f"{strict.control_url}/sandboxes", json={}).json()
    assert "proxy_url" not in answer
    assert answer["ca_file"] == strict.ca_file


def test_serve_says_where_the_proxy_is() -> None:
    """With what to trust, as it has TLS."""
    served = Served("--json", "--proxy-port", "0")
    try:
        described = served.describes_itself()
        with httpx.Client(
            proxy=described["proxy_url"],
            verify=ssl.create_default_context(cafile=described["ca_file"]),
        ) as http:
            assert http.get(f"https://{API}/v1/ping").status_code == 401
            with pytest.raises(httpx.ProxyError, match="403"):
                http.get("https://bank.example/")
        assert served.end(signal.SIGTERM)[0] == 0
        assert not Path(described["ca_file"]).exists()
    finally:
        served.kill()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"proxy_others": "pass"}, "nothing without a proxy_port"),
        ({"proxy_port": 0, "proxy_others": "some"}, "expected refuse or pass"),
    ],
)
def test_option_that_does_nothing_is_refused(options: dict[str, Any], told: str) -> None:
    """When it is given."""
    with pytest.raises(InvalidInputError, match=told):
        MockLivestorm(**options)


def test_option_that_does_nothing_is_refused_by_the_command_line() -> None:
    """In one line."""
    assert_wrong_usage(run("serve", "--proxy-others", "pass"), "proxy_others is 'pass'")


def test_port_that_is_taken_leaves_nothing_open(strict: MockLivestorm) -> None:
    """Neither of the other two listeners."""
    with closing(bind("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(OSError, match="can't listen"):
        MockLivestorm(port=port, proxy_port=port_of(strict)).start()
    with MockLivestorm(port=port) as livestorm:
        assert livestorm.port == port


def test_secure_wire_is_not_for_proxies(port: int) -> None:
    """The proxy itself speaks no TLS, and says so."""
    with pytest.raises(ssl.SSLError), SecureWire(port, ssl.create_default_context()):
        pass


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", APP])
@pytest.mark.parametrize("target", [f"{APP}:80", f"{API}:443"])
def test_tunnel_leads_to_no_control_api(
    started: MockLivestorm, port: int, target: str, host: str
) -> None:
    """What was meant for Livestorm's hosts stays there, whatever Host a request has, with or
    without TLS.
    """
    with socket.create_connection(("127.0.0.1", port), TIMEOUT) as plain:
        plain.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        assert plain.recv(4096).startswith(b"HTTP/1.1 200")
        context = ssl.create_default_context(cafile=started.ca_file)
        secure = (
            context.wrap_socket(plain, server_hostname="localhost")
            if target.endswith("443")
            else plain
        )
        with secure:
            secure.sendall(
                f"GET /_mock/clock HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
            )
            assert secure.recv(4096).startswith(b"HTTP/1.1 404")


def test_name_in_tls_leads_to_no_control_api(started: MockLivestorm) -> None:
    """Who asked for Livestorm in the handshake gets nothing else behind it."""
    context = ssl.create_default_context(cafile=started.ca_file)
    with (
        socket.create_connection(("127.0.0.1", started.port), TIMEOUT) as plain,
        context.wrap_socket(plain, server_hostname=APP) as secure,
    ):
        secure.sendall(b"GET /_mock/clock HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert secure.recv(4096).startswith(b"HTTP/1.1 404")


def test_open_proxy_is_refused() -> None:
    """One that passes on what comes would give other machines this one's loopback."""
    with pytest.raises(InvalidInputError, match="other machines can reach the proxy"):
        MockLivestorm(host="0.0.0.0", proxy_port=0, proxy_others="pass").start()  # noqa: S104
