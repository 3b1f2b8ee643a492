"""Doors: where clients come in, with TLS and without, for all sandboxes or for one."""

import os
import re
import socket
import ssl
import struct
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.listeners import bind
from livestorm_mock_server.tls.authority import Authority, context_of, real_time

from ..mock_server.failure_log import FailureLog
from ..mock_server.forks import idle_fork
from ..mock_server.requests import HEADER, PARAMETERS, kinds_at
from ..mock_server.wire import frame
from .secure_wire import SecureWire

APP, API = "app.livestorm.co", "api.livestorm.co"
BY_HAND = [kind for kind in kinds_at("api.me") if kind not in ("barrier", "redirect", "sequence")]
HELLO = b"\x03\x01\x00\x40\x01\x00\x00\x3c\x03\x03" + bytes(32)
VARIABLE = re.compile(rb"(?im)^(x-request-id|x-runtime|date|etag|ratelimit-[a-z-]+): .*\r\n")


def framed(
    host: str, target: str = "/v1/ping", *headers: tuple[str, str], method: str = "GET"
) -> bytes:
    """Frame a request to a host, on a connection of its own."""
    sent = frame(method, target, [("Connection", "close"), *headers])
    return sent.replace(b"Host: 127.0.0.1", f"Host: {host}".encode(), 1)


def ask(
    port: int, context: ssl.SSLContext | None, request: bytes, server_name: str = "localhost"
) -> tuple[bytes, str]:
    """Send a request; give what comes, and how it ends."""
    with SecureWire(port, context, server_name) as wire:
        wire.send(request)
        return wire.receive_to_end()


def status_of(answer: tuple[bytes, str]) -> int:
    """Give the status of an answer."""
    return int(answer[0].split()[1])


def last_reason(livestorm: LivestormSandbox, seconds: float = 5) -> str | None:
    """Wait for an exchange; give why the newest came out as it did."""
    return livestorm.wait_for_exchanges(seconds)[-1].exchange.reason


@pytest.mark.parametrize("host", [API, f"{API}:443", f"{API.upper()}.", "localhost"])
@pytest.mark.parametrize("is_secure", [True, False])
def test_door_speaks_both(
    sandbox: LivestormSandbox, port: int, trusting: ssl.SSLContext, host: str, is_secure: bool
) -> None:
    """HTTP and HTTPS at one port; the journal knows by which of them a request came."""
    assert status_of(ask(port, trusting if is_secure else None, framed(host))) == 401
    (entry,) = sandbox.journal.entries()
    assert urlsplit(entry.exchange.request.base_url).scheme == ("https" if is_secure else "http")


@pytest.mark.parametrize("kind", BY_HAND)
def test_fault_does_the_same_under_tls(
    sandbox: LivestormSandbox, port: int, trusting: ssl.SSLContext, kind: str
) -> None:
    """What comes and how it ends: the end of the connection, its reset, each byte of the answer."""
    keys = [f"{name}={value}" for name, value in PARAMETERS.get(kind, {}).items()]
    asked = (HEADER, "; ".join([kind, *keys]))

    def me(context: ssl.SSLContext | None) -> tuple[bytes, str]:
        bearer = ("Authorization", f"Bearer {sandbox.issue_tokens()['access_token']}")
        return ask(port, context, framed(API, "/v1/me", bearer, asked))

    plain, secure = me(None), me(trusting)
    assert secure[1] == plain[1]
    assert VARIABLE.sub(b"", secure[0]) == VARIABLE.sub(b"", plain[0])
    assert [one.strike is not None for one in sandbox.journal.entries()] == [True, True]


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        (APP, "/oauth/token/info", 401),
        (APP, "//oauth//token/info", 401),
        (APP, "/v1/ping", 404),
        (APP, "/", 404),
        (APP, "/_mock/health", 404),
        (APP, "/s/x/oauth/token/info", 404),
        (API, "/v1/ping", 401),
        (API, "/v1/ping.json", 401),
        (API, "/oauth/token/info", 404),
        (API, "/_mock", 404),
        (API, "/v10", 404),
        ("www.livestorm.co", "/v1/ping", 401),
    ],
)
def test_real_host_serves_its_own_only(
    sandbox: LivestormSandbox, port: int, host: str, path: str, status: int
) -> None:
    """Each of them has its routes; else Rails' page comes, with a reason in the journal."""
    came, _ = ask(port, None, framed(host, path))
    assert status_of((came, "")) == status
    reason = sandbox.journal.entries()[-1].exchange.reason or ""
    assert (f"{host} does not serve" in reason) == (status == 404)
    assert (b"<h1>not found</h1>" in came) == (status == 404)


def test_real_host_needs_no_door_of_its_own(livestorm_server: MockLivestorm) -> None:
    """By its name it leads to the default sandbox, and never to the control API."""
    for host, path, status in ((API, "/v1/ping", 401), (API, "/_mock/health", 404)):
        url = f"{livestorm_server.origin}{path}"
        assert httpx.get(url, headers={"Host": host}).status_code == status


def test_sandbox_behind_its_door_has_no_prefix(
    sandbox: LivestormSandbox, port: int, trusting: ssl.SSLContext
) -> None:
    """Pages, cookies and redirections stay at the origin that was addressed; so does the proof of
    where a form comes from."""
    url = authorization_url(sandbox, f"https://{APP}")
    target = url.removeprefix(f"https://{APP}")
    came, _ = ask(port, trusting, framed(APP, target), APP)
    assert b'action="/oauth/authorize"' in came
    assert b"; path=/; HttpOnly" in came
    location = sandbox.authorize(url)
    assert location.startswith(f"{sandbox.redirect_uri}?code=")
    assert [one.as_json()["sandbox"] for one in sandbox.journal.entries()] == 3 * [
        urlsplit(sandbox.app_url).path.rpartition("/")[2]
    ]
    assert sandbox.audit() == []


def authorization_url(sandbox: LivestormSandbox, origin: str) -> str:
    """Make the authorization URL of a client with such an origin in its code."""
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    return (
        f"{origin}/oauth/authorize?response_type=code&client_id={sandbox.client_id}"
        f"&redirect_uri={sandbox.redirect_uri}&state=Zk3vJ8sQ1xR7mB5nT9wL2c"
        f"&code_challenge={challenge}&code_challenge_method=S256"
    )


@pytest.mark.parametrize("origin", [f"https://{API}", "https://www.livestorm.co"])
def test_short_cut_opens_no_other_host(sandbox: LivestormSandbox, origin: str) -> None:
    """The authorization endpoint is at one of the two."""
    with pytest.raises(ValueError, match="the origin of url is"):
        sandbox.authorize(authorization_url(sandbox, origin))


def test_redirection_to_another_origin_stays_in_the_sandbox(
    sandbox: LivestormSandbox, port: int
) -> None:
    """The second listener needs the prefix that the door spares."""
    sandbox.faults.arm("api.ping", "redirect", times=2)
    sandbox.faults.arm("api.ping", "redirect", to="same_origin")
    came, _ = ask(port, None, framed(API))
    assert f"location: {sandbox.other_url}/v1/ping\r\n".encode() in came
    came, _ = ask(port, None, framed(API))
    came, _ = ask(port, None, framed(API))
    assert f"location: http://{API}/v1/ping\r\n".encode() in came


def test_control_api_behind_a_door_tells_of_the_main_listener(
    sandbox: LivestormSandbox, port: int
) -> None:
    """A further sandbox is not behind the door, so that its URLs lead elsewhere."""
    url = f"http://127.0.0.1:{port}/_mock/sandboxes"
    assert (
        httpx.post(url, json={}).json()["app_url"].startswith(sandbox.app_url.rpartition("/s/")[0])
    )


def test_closed_door_lets_nobody_in(
    sandbox: LivestormSandbox, serving: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    """Who had come by it is let go, whoever still shakes hands, too; the others stay."""
    listener = bind("127.0.0.1", 0)
    number = listener.getsockname()[1]
    door = sandbox.open_door(listener, serving)
    with SecureWire(number, trusting) as inside, SecureWire(number, None) as before:
        inside.send(frame("GET", "/v1/ping"))
        assert b"401" in inside.receive()
        before.send(b"\x16")
        sandbox.close_door(door)
        assert inside.receive_to_end()[1] == "closed"
        assert before.receive_to_end()[1] in ("closed", "reset")
    with pytest.raises(ConnectionRefusedError):
        SecureWire(number, None)
    assert httpx.get(f"{sandbox.api_url}/ping").status_code == 401


@pytest.mark.parametrize("by_http", [True, False])
def test_door_is_closed_with_its_sandbox(
    looped: MockLivestorm, serving: ssl.SSLContext, trusting: ssl.SSLContext, by_http: bool
) -> None:
    """Nobody is left in a universe that there is not."""
    with looped.sandbox() as sandbox:
        listener = bind("127.0.0.1", 0)
        number = listener.getsockname()[1]
        door = sandbox.open_door(listener, serving)
        with SecureWire(number, trusting) as inside:
            inside.send(frame("GET", "/v1/ping"))
            assert b"401" in inside.receive()
            if by_http:
                sandbox_id = urlsplit(sandbox.app_url).path.rpartition("/")[2]
                url = f"{looped.control_url}/sandboxes/{sandbox_id}"
                assert httpx.delete(url).status_code == 204
            else:
                sandbox.close()
            assert inside.receive_to_end()[1] == "closed"
            with pytest.raises(ConnectionRefusedError):
                SecureWire(number, None)
        sandbox.close_door(door)


def distrust(port: int, authority: Authority) -> None:
    """Refuse the certificate."""
    with pytest.raises(ssl.SSLError), SecureWire(port, ssl.create_default_context()):
        pass


def expect_other_name(port: int, authority: Authority) -> None:
    """Ask for a name that the certificate does not have."""
    context = ssl.create_default_context(cadata=authority.pem)
    with pytest.raises(ssl.SSLError), SecureWire(port, context, "www.livestorm.co"):
        pass


def offer_old_version(port: int, authority: Authority) -> None:
    """Speak only what is no longer spoken."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises(OSError), SecureWire(port, context):
        pass


def send_garbage(port: int, authority: Authority) -> None:
    """Begin as TLS does."""
    with SecureWire(port, None) as wire:
        wire.send(b"\x16 no TLS at all")
        wire.receive_to_end()


def leave(port: int, authority: Authority) -> None:
    """Go in the middle of a record."""
    with SecureWire(port, None) as wire:
        wire.send(b"\x16\x03\x01\x02")


def break_off(port: int, authority: Authority) -> None:
    """Go with a reset."""
    with SecureWire(port, None) as wire:
        wire.send(b"\x16\x03\x01\x02")
        wire._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def say_nothing(port: int, authority: Authority) -> None:
    """Shake hands and go."""
    with SecureWire(port, ssl.create_default_context(cadata=authority.pem)):
        pass


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize(
    ("client", "told"),
    [
        (distrust, "did not trust the certificate for localhost (alert unknown ca)"),
        (expect_other_name, "did not trust the certificate for www.livestorm.co (alert"),
        (offer_old_version, "the TLS handshake for localhost failed (unsupported protocol)"),
        (send_garbage, "the TLS handshake failed ("),
        (leave, "the client left during the TLS handshake"),
        (break_off, "the client left during the TLS handshake"),
        (say_nothing, "ended the connection after the TLS handshake, without a request"),
    ],
)
def test_failed_handshake_is_one_exchange_and_one_line(
    sandbox: LivestormSandbox,
    port: int,
    authority: Authority,
    caplog: pytest.LogCaptureFixture,
    client: Callable[[int, Authority], None],
    told: str,
) -> None:
    """The journal of the sandbox to which the door leads says why, and so does the log."""
    client(port, authority)
    reason = last_reason(sandbox) or ""
    assert told in reason
    (entry,) = sandbox.journal.entries()
    assert (entry.response, entry.exchange.request.scheme) == (None, "https")
    (record,) = caplog.records
    assert record.getMessage().endswith(reason)


@settings(max_examples=40)
@given(data=st.data())
def test_no_bytes_make_a_door_fail(
    looped: MockLivestorm,
    serving: ssl.SSLContext,
    trusting: ssl.SSLContext,
    failures: FailureLog,
    data: st.DataObject,
) -> None:
    """Whatever comes behind the first byte of TLS; the next client is served."""
    sent = data.draw(st.binary(max_size=100) | st.binary(max_size=50).map(lambda x: HELLO + x))
    with looped.sandbox() as sandbox:
        listener = bind("127.0.0.1", 0)
        port = listener.getsockname()[1]
        sandbox.open_door(listener, serving)
        with SecureWire(port, None) as wire:
            wire.send(b"\x16" + sent)
            wire.end_sending()
            wire.receive_to_end()
        assert status_of(ask(port, trusting, framed(API))) == 401
    assert not failures.failures()


def test_client_that_sends_nothing_is_no_exchange(sandbox: LivestormSandbox, port: int) -> None:
    """Nor does it matter to the next one."""
    with SecureWire(port, None):
        pass
    assert status_of(ask(port, None, framed(API))) == 401
    assert len(sandbox.journal.entries()) == 1


@pytest.mark.parametrize("sent", [b"", b"\x16", b"\x16\x03\x01\x40\x00"])
def test_handshake_that_does_not_go_on_is_ended(
    authority: Authority, serving: ssl.SSLContext, sent: bytes
) -> None:
    """After as long as a request may pause; who has begun one is in the journal."""
    with MockLivestorm(request_timeout=0.1) as livestorm:
        listener = bind("127.0.0.1", 0)
        livestorm.open_door(listener, serving)
        with SecureWire(listener.getsockname()[1], None) as wire:
            wire.send(sent)
            assert wire.receive_to_end()[1] in ("closed", "reset")
        if sent:
            assert "TLS handshake was not whole in time" in (last_reason(livestorm) or "")


def test_short_handshake_is_not_waited_for_at_the_end(serving: ssl.SSLContext) -> None:
    """A server that stops leaves no client with an open socket."""
    with MockLivestorm() as livestorm:
        listener = bind("127.0.0.1", 0)
        livestorm.open_door(listener, serving)
        wire = SecureWire(listener.getsockname()[1], None)
        wire.send(b"\x16")
    with wire:
        assert wire.receive_to_end()[1] in ("closed", "reset")


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_fork_lets_go_of_doors_and_of_who_stands_in_them(serving: ssl.SSLContext) -> None:
    """Also of clients that have not shaken hands yet."""
    with MockLivestorm() as livestorm:
        listener = bind("127.0.0.1", 0)
        number = listener.getsockname()[1]
        livestorm.open_door(listener, serving)
        with SecureWire(number, None) as waiting:
            waiting.send(b"\x16")
            assert status_of(ask(number, None, framed(API))) == 401
            with idle_fork():
                livestorm.stop()
                assert waiting.receive_to_end()[1] in ("closed", "reset")
                with pytest.raises(ConnectionRefusedError):
                    SecureWire(number, None)


def test_certificate_that_is_over_is_refused(
    authority: Authority, trusting: ssl.SSLContext
) -> None:
    """What the authority issues has a beginning and an end."""
    now = real_time()
    context = context_of(authority.issue("localhost", not_before=now, not_after=now))
    with MockLivestorm() as livestorm:
        listener = bind("127.0.0.1", 0)
        livestorm.open_door(listener, context)
        with pytest.raises(ssl.SSLError, match="expired"):
            ask(listener.getsockname()[1], trusting, b"")
