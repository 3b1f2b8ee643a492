"""Faults of the TLS handshake, and whether a client minds."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from livestorm_mock_server import InvalidInputError, LivestormSandbox, MockLivestorm
from livestorm_mock_server.journal.entry import Entry
from livestorm_mock_server.listeners import bind
from livestorm_mock_server.scenario import Scenario

from ..mock_server.requests import HEADER
from ..mock_server.served import assert_wrong_usage, run
from ..mock_server.wire import frame
from .secure_wire import SecureWire

PING = frame("GET", "/v1/ping", [("Connection", "close")])
NODE = shutil.which("node")
FLAWS = {"unknown_ca": "unable to get", "expired": "expired", "wrong_name": "mismatch"}


@pytest.fixture(scope="module")
def served() -> Iterator[MockLivestorm]:
    """A server with TLS."""
    with MockLivestorm(tls=True, rate_limits=False) as started:
        yield started


@pytest.fixture
def livestorm(served: MockLivestorm) -> Iterator[MockLivestorm]:
    """It, with an empty journal, and no faults at the end."""
    served.journal.clear()
    yield served
    served.faults.disarm()


@pytest.fixture
def context(livestorm: MockLivestorm) -> ssl.SSLContext:
    """What a client that verifies trusts."""
    return ssl.create_default_context(cafile=livestorm.ca_file)


def heedless() -> ssl.SSLContext:
    """What a client has that does not verify."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def ping(port: int, context: ssl.SSLContext, name: str = "localhost") -> bytes:
    """Ask for something; give the answer."""
    with SecureWire(port, context, name) as wire:
        wire.send(PING)
        return wire.receive_to_end()[0]


def newest(livestorm: LivestormSandbox) -> Entry:
    """Wait for an exchange; give the newest."""
    return livestorm.wait_for_exchanges()[-1]


@pytest.mark.parametrize(("variant", "told"), FLAWS.items())
def test_client_that_verifies_refuses_and_the_next_handshake_is_good(
    livestorm: MockLivestorm, context: ssl.SSLContext, variant: str, told: str
) -> None:
    """The certificate has just this flaw; the exchange names the fault and what came of it."""
    armed = livestorm.faults.arm("connection", "tls", variant=variant, times=1)
    with pytest.raises(ssl.SSLCertVerificationError, match=told):
        ping(livestorm.port, context)
    entry = newest(livestorm)
    assert entry.as_json()["fault"] == {"id": armed.id, "fault": "tls", "phase": "before"}
    assert entry.as_json()["endpoint"] == "connection"
    assert (entry.exchange.reason or "").startswith(f"fault {armed.id} (tls): the client did not")
    assert b"401" in ping(livestorm.port, context)
    assert (armed.seen, armed.hits, livestorm.audit()) == (1, 1, [])


@pytest.mark.parametrize("variant", FLAWS)
def test_client_that_does_not_verify_is_found(livestorm: MockLivestorm, variant: str) -> None:
    """By the request that it sends; the finding has both exchanges."""
    livestorm.faults.arm("connection", "tls", variant=variant, times=1)
    assert b"401" in ping(livestorm.port, heedless())
    handshake, request = livestorm.journal.entries()
    assert handshake.exchange.connection is request.exchange.connection
    (finding,) = [one for one in livestorm.audit() if one.rule == "unverified_certificate"]
    assert (finding.severity, finding.exchanges) == ("error", (handshake.seq, request.seq))


def test_client_that_finds_out_later_is_not_found(livestorm: MockLivestorm) -> None:
    """Whoever leaves without a request has minded, as Node does, in one exchange."""
    livestorm.faults.arm("connection", "tls", variant="expired", times=1)
    with SecureWire(livestorm.port, heedless()):
        pass
    assert "without a request" in (newest(livestorm).exchange.reason or "")
    assert (len(livestorm.journal.entries()), livestorm.audit()) == (1, [])


@pytest.mark.skipif(NODE is None, reason="there is no Node")
@pytest.mark.parametrize("verifies", [True, False])
def test_node_is_judged_right(livestorm: MockLivestorm, verifies: bool) -> None:
    """A client of another make."""
    livestorm.faults.arm("connection", "tls", variant="expired", times=1)
    script = (
        f"require('https').get({{port: {livestorm.port}, host: 'localhost', path: '/v1/ping',"
        f" rejectUnauthorized: {str(verifies).lower()},"
        f" ca: require('fs').readFileSync({str(livestorm.ca_file)!r})}},"
        "answer => {console.log(answer.statusCode); answer.resume()})"
        ".on('error', error => console.log(error.code))"
    )
    done = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ("CERT_HAS_EXPIRED" if verifies else "401")
    newest(livestorm)
    found = [one.rule for one in livestorm.audit()]
    assert found == ([] if verifies else ["unverified_certificate"])


def test_handshake_is_reset(livestorm: MockLivestorm, context: ssl.SSLContext) -> None:
    """No byte comes."""
    livestorm.faults.arm("connection", "tls", variant="reset", times=1)
    with pytest.raises(ConnectionResetError):
        ping(livestorm.port, context)
    assert "was reset" in (newest(livestorm).exchange.reason or "")


def test_handshakes_are_counted(livestorm: MockLivestorm, context: ssl.SSLContext) -> None:
    """`after`, `every` and `times` go by them, and plain HTTP is none."""
    livestorm.faults.arm("connection", "tls", variant="reset", after=1, every=2, times=2)
    outcomes = []
    for _ in range(6):
        assert httpx.get(f"{livestorm.origin}/v1/ping").status_code == 401
        try:
            outcomes.append(ping(livestorm.port, context)[9:12])
        except ConnectionResetError:
            outcomes.append(b"RST")
    assert outcomes == [b"401", b"RST", b"401", b"RST", b"401", b"401"]


def test_fault_strikes_the_name_that_is_asked_for(
    livestorm: MockLivestorm, context: ssl.SSLContext
) -> None:
    """One host's certificate is bad, the other's good."""
    livestorm.faults.arm("connection", "tls", variant="expired", server_name="API.livestorm.co")
    assert b"HTTP/1.1" in ping(livestorm.port, context, "app.livestorm.co")
    assert b"HTTP/1.1" in ping(livestorm.port, context, "127.0.0.1")
    with pytest.raises(ssl.SSLCertVerificationError):
        ping(livestorm.port, context, "api.livestorm.co")


def test_struck_handshake_can_wait(livestorm: MockLivestorm, context: ssl.SSLContext) -> None:
    """As a request does."""
    livestorm.faults.arm("connection", "tls", variant="reset", delay=0.05, times=1)
    with pytest.raises(ConnectionResetError):
        ping(livestorm.port, context)
    (entry,) = livestorm.wait_for_exchanges()
    assert (entry.answered_at or 0) - entry.wall >= 0.05


def test_sandbox_with_a_door_has_faults_of_its_own(livestorm: MockLivestorm) -> None:
    """They strike at its door, and are refused before there is one, and afterwards."""
    from livestorm_mock_server.tls.authority import Authority, real_time

    authority = Authority.create(now=real_time())
    with livestorm.sandbox() as sandbox:
        with pytest.raises(InvalidInputError, match="no door with TLS leads to this sandbox"):
            sandbox.faults.arm("connection", "tls", variant="expired")
        listener = bind("127.0.0.1", 0)
        port = listener.getsockname()[1]
        door = sandbox.open_door(listener, authority.context())
        sandbox.faults.arm("connection", "tls", variant="expired")
        context = ssl.create_default_context(cadata=authority.pem)
        with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
            ping(port, context)
        assert len(newest(sandbox).exchange.sandbox or "") > 0
        assert b"401" in ping(livestorm.port, ssl.create_default_context(cafile=livestorm.ca_file))
        sandbox.close_door(door)
        with pytest.raises(InvalidInputError, match="no door with TLS"):
            sandbox.faults.arm("connection", "tls", variant="expired")


# What can't strike


@pytest.mark.parametrize(
    ("on", "fault", "keys", "told"),
    [
        ("api.me", "tls", {"variant": "expired"}, "on is 'api.me'; expected where tls can strike"),
        ("connection", "close", {}, "expected an endpoint: close strikes a request"),
        ("connection", "sequence", {"steps": [502]}, "expected an endpoint: sequence strikes"),
        ("connection", "callback", {"variant": "twice"}, "expected where callback can strike"),
        ("connection", "tls", {"variant": "old"}, "variant is 'old'"),
        ("connection", "tls", {}, "variant is missing"),
        ("connection", "tls", {"variant": "reset", "phase": "after"}, "phase is 'after'"),
        (
            "connection",
            "tls",
            {"variant": "reset", "when": {"method": "GET"}},
            "expected server_name, or no condition",
        ),
    ],
)
def test_fault_that_can_not_strike_is_refused(
    livestorm: MockLivestorm, on: str, fault: str, keys: dict[str, Any], told: str
) -> None:
    """When it is armed."""
    with pytest.raises(InvalidInputError) as caught:
        livestorm.faults.arm(on, fault, **keys)
    assert told in str(caught.value)


def test_request_can_not_ask_for_it(livestorm: MockLivestorm) -> None:
    """The handshake is over by then."""
    answer = httpx.get(f"{livestorm.origin}/v1/ping", headers={HEADER: "tls; variant=expired"})
    assert (answer.status_code, "where tls can strike" in answer.text) == (400, True)


SCENARIO = """
title = "A certificate is over"

[[faults]]
on = "connection"
fault = "tls"
variant = "expired"
"""


def test_scenario_needs_a_door_with_tls(tmp_path: Path) -> None:
    """The start, a further sandbox and another scenario say so; the file is right by itself."""
    path = tmp_path / "expired.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    told = "no door with TLS leads to this sandbox"
    assert run("scenarios", "validate", str(path)).returncode == 0
    assert_wrong_usage(run("serve", "--port", "0", "--scenario", str(path)), told, "faults[0].on")
    with pytest.raises(InvalidInputError, match=told), MockLivestorm(path):
        pass
    with MockLivestorm() as livestorm:
        with pytest.raises(InvalidInputError, match=told):
            livestorm.sandbox(path)
        with pytest.raises(InvalidInputError, match=told):
            livestorm.put_scenario(path)
        answer = httpx.put(f"{livestorm.control_url}/scenario", json={"toml": SCENARIO})
        assert (answer.status_code, told in answer.text) == (422, True)
        assert not livestorm.faults.armed()
    with MockLivestorm(path, tls=True) as livestorm, pytest.raises(ssl.SSLError):
        ping(livestorm.port, ssl.create_default_context(cafile=livestorm.ca_file))


def test_control_api_arms_lists_and_filters(livestorm: MockLivestorm) -> None:
    """As other faults."""
    keys = {"on": "connection", "fault": "tls", "variant": "reset", "times": 1}
    assert httpx.post(f"{livestorm.control_url}/faults", json=keys).status_code == 201
    (listed,) = httpx.get(f"{livestorm.control_url}/faults").json()["faults"]
    assert keys.items() <= listed.items()
    with pytest.raises(ConnectionResetError):
        ping(livestorm.port, heedless())
    url = f"{livestorm.control_url}/journal"
    (entry,) = httpx.get(url, params={"endpoint": "connection"}).json()["exchanges"]
    assert entry["fault"]["fault"] == "tls"
    livestorm.export_har()
    livestorm.export_mermaid()


def test_scenario_keeps_what_it_was() -> None:
    """A scenario that is refused changes nothing."""
    with MockLivestorm() as livestorm:
        before = livestorm.scenario
        wrong: dict[str, Any] = {"on": "connection", "fault": "tls", "variant": "reset"}
        with pytest.raises(InvalidInputError):
            livestorm.put_scenario(Scenario(faults=(wrong,)))
        assert livestorm.scenario is before


def test_handshake_that_does_not_begin_takes_no_fault() -> None:
    """It is there for the next one."""
    with MockLivestorm(tls=True, request_timeout=0.1) as livestorm:
        armed = livestorm.faults.arm("connection", "tls", variant="expired")
        with socket.create_connection(("127.0.0.1", livestorm.port)) as client:
            client.sendall(b"\x16\x03\x01\x02")
            assert "not whole in time" in (newest(livestorm).exchange.reason or "")
        assert armed.seen == 0


def test_client_that_leaves_during_a_struck_handshake_is_one_exchange(
    livestorm: MockLivestorm,
) -> None:
    """With the fault beside it."""
    livestorm.faults.arm("connection", "tls", variant="expired")
    with socket.create_connection(("127.0.0.1", livestorm.port)) as client:
        client.sendall(b"\x16\x03\x01\x02")
    entry = newest(livestorm)
    assert entry.strike is not None
    assert "left during the TLS handshake" in (entry.exchange.reason or "")
