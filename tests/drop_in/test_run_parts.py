"""The parts of `run` that can be tried alone: texts, messages, stores, verdicts."""

import asyncio
import os
import socket
import ssl
import struct
import sys
from contextlib import ExitStack, closing
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.audit.finding import Finding, Severity
from livestorm_mock_server.interception.channel import Channel
from livestorm_mock_server.interception.dns import answer, read_question
from livestorm_mock_server.interception.java_store import certificates, read_store, write_store
from livestorm_mock_server.interception.namespace import machine_files
from livestorm_mock_server.interception.namespace.attempts import MOST, Attempts
from livestorm_mock_server.interception.namespace.packets import read_packet
from livestorm_mock_server.interception.namespace.watch import Watch
from livestorm_mock_server.interception.processes import kind_of_socket
from livestorm_mock_server.interception.sock_diag import SocketDiagnosis, open_netlink
from livestorm_mock_server.interception.subject_hash import subject_hash
from livestorm_mock_server.interception.variables import TABLE
from livestorm_mock_server.interception.way import Attempt, Process
from livestorm_mock_server.running import environment
from livestorm_mock_server.running.child import wait_for
from livestorm_mock_server.running.outcome import Outcome
from livestorm_mock_server.running.report import lines
from livestorm_mock_server.tls.authority import Authority

DOMAIN = "livestorm.co"


def test_child_that_nobody_can_wait_for_is_told() -> None:
    """Somebody else has waited for it already: nothing would ever come."""

    async def wait() -> int:
        async with asyncio.timeout(30):
            return await wait_for(os.getpid())

    with pytest.raises(ChildProcessError):
        asyncio.run(wait())


@pytest.mark.parametrize("name", sorted(environment.OF_A_FAKE))
def test_variable_of_a_fake_is_one_that_is_given(name: str) -> None:
    """What is not passed on is what `run` or `env` gives, by the same name."""
    described = {member: ["x"] for member in environment.NAMES}
    assert name in {*environment.variables(described), *(row.name for row in TABLE)}


NAMES = {"app.livestorm.co": "127.77.0.1", "db.test": "127.77.1.1"}
CURL = Process(7, "curl")


def outcome(
    *,
    status: int = 0,
    visits: int = 1,
    targets: tuple[str, ...] = (),
    severity: Severity | None = None,
    fail_on: Severity | None = None,
    is_sure: bool = True,
) -> Outcome:
    """Make what came of a run."""
    finding = Finding(
        rule="r", severity=severity or "note", message="m", reference="s", exchanges=()
    )
    return Outcome(
        status=status,
        visits={(CURL, "namespace"): visits} if visits else {},
        failures={},
        refusals={},
        attempts=[Attempt(target=one, process=CURL, at=0) for one in targets],
        notes=(),
        findings=() if severity is None else (finding,),
        fail_on=fail_on,
        is_sure=is_sure,
    )


@pytest.mark.parametrize(
    ("came_out", "status"),
    [
        (outcome(), 0),
        (outcome(status=1), 1),
        (outcome(visits=0), 4),
        (outcome(status=1, visits=0), 1),
        (outcome(targets=("db.test:5432",)), 0),
        (outcome(targets=("www.livestorm.co",)), 4),
        (outcome(status=1, targets=("LIVESTORM.co:443",)), 4),
        (outcome(targets=("notlivestorm.co:443",)), 0),
        (outcome(is_sure=False), 4),
        (outcome(severity="error"), 0),
        (outcome(severity="error", fail_on="error"), 5),
        (outcome(severity="warning", fail_on="error"), 0),
        (outcome(severity="warning", fail_on="warning"), 5),
        (outcome(severity="error", fail_on="warning"), 5),
        (outcome(status=1, severity="error", fail_on="error"), 1),
    ],
)
def test_exit_status_says_the_worst(came_out: Outcome, status: int) -> None:
    """Livestorm itself before the command's failure, that before what nobody asked or judged."""
    assert came_out.exit_status == status


@given(st.text(), st.text(max_size=300))
def test_report_steers_no_terminal(name: str, target: str) -> None:
    """Whatever the names of processes and hosts are, lines are printable and of bounded length."""
    told = outcome(targets=(target,))
    told = Outcome(
        status=0,
        visits={(Process(1, name), "x"): 1},
        failures={target: 2},
        refusals={name: 3},
        attempts=told.attempts,
        notes=(),
        findings=(),
        fail_on=None,
    )
    for line in lines(told):
        assert line.isprintable()
        assert len(line) < 10_000


@pytest.mark.parametrize("status", [126, 127, 1])
def test_command_that_failed_is_asked_for_nothing(status: int) -> None:
    """What there is to try is told where it ended well, or nobody would look at it."""
    assert not any("doctor" in line for line in lines(outcome(status=status, visits=0)))
    assert any("doctor" in line for line in lines(outcome(visits=0)))


@pytest.mark.parametrize("name", [*environment.NAMES.values(), "LIVESTORM_REDIRECT_URI"])
def test_variable_of_the_command_is_documented(name: str) -> None:
    """The page has all that the command finds in its environment."""
    page = Path(__file__, "../../../docs/run.md").resolve()
    assert f"`{name}`" in page.read_text("utf-8")


def test_report_is_bounded() -> None:
    """Of a thousand hosts it names some, and says how many more."""
    told = list(lines(outcome(targets=tuple(f"h{one}.test" for one in range(1000)))))
    assert len(told) < 60
    assert any(line.endswith("and 960 more") for line in told)


@pytest.mark.parametrize(
    ("machines", "kept"),
    [
        ("127.0.0.1 localhost\n127.0.1.1 box box.lan # here\n", "127.0.1.1 box box.lan"),
        ("::1 ip6-localhost\n10.0.0.5 db.test\n", "::1 ip6-localhost"),
        ("127.0.0.1 App.Livestorm.co mine.test\n", "127.0.0.1 mine.test"),
        ("127.0.0.1 livestorm.co. mine.test\n", "127.0.0.1 mine.test"),
        ("not an address\n\n#\n127.0.0.1\n", "127.77.1.1 db.test"),
    ],
)
def test_hosts_file_keeps_what_leads_to_this_machine(machines: str, kept: str) -> None:
    """Other machines and other addresses of Livestorm's are left out, ours come first."""
    written = machine_files.hosts(machines, NAMES).splitlines()
    assert written[0] == "127.77.0.1 app.livestorm.co"
    assert kept in written
    assert "10.0.0.5" not in "".join(written)
    assert sum("livestorm" in line.lower() for line in written) == 1
    assert any("localhost" in line.split() for line in written)


def test_names_come_from_files_and_the_resolver_only() -> None:
    """Of /etc/nsswitch.conf the line for hosts is replaced, and nothing else."""
    machines = "passwd: files systemd\nhosts: files mdns4_minimal [NOTFOUND=return] resolve dns\n"
    written = machine_files.nsswitch(machines).splitlines()
    assert written == ["passwd: files systemd", "hosts: files dns"]


def question(name: str, kind: int = 1) -> bytes:
    """Write what a resolver is asked."""
    labels = b"".join(bytes([len(one)]) + one.encode() for one in name.split("."))
    head = struct.pack("!HHHHHH", 7, 0x0100, 1, 0, 0, 0)
    return head + labels + b"\0" + struct.pack("!HH", kind, 1)


@pytest.mark.parametrize(
    ("name", "kind", "code", "found"),
    [
        ("app.livestorm.co", 1, 0, "127.77.0.1"),
        ("APP.livestorm.co", 1, 0, "127.77.0.1"),
        ("app.livestorm.co", 28, 0, None),
        ("app.livestorm.co", 65, 0, None),
        ("www.livestorm.co", 1, 3, None),
    ],
)
def test_resolver_answers_with_the_fake_or_nothing(
    name: str, kind: int, code: int, found: str | None
) -> None:
    """A known name has one IPv4 address, no other record; another name does not exist."""
    asked = read_question(question(name, kind))
    assert asked is not None
    message = answer(asked, NAMES.get(asked.name.lower()))
    assert message[:2] == b"\0\7"
    assert message[3] & 0xF == code
    assert struct.unpack("!H", message[6:8])[0] == (found is not None)
    if found is not None:
        assert message[-4:] == ip_address(found).packed


def test_resolver_has_no_address_of_ipv6() -> None:
    """A name that the hosts file has with such an address only is there, without any."""
    asked = read_question(question("app.livestorm.co"))
    assert asked is not None
    assert answer(asked, "::1")[2:8] == bytes.fromhex("818000010000")


@given(st.binary(max_size=600))
def test_bytes_that_are_no_question_are_left(message: bytes) -> None:
    """Nothing that comes over the wire breaks the resolver."""
    asked = read_question(message)
    assert asked is None or answer(asked, "192.0.2.1")[:2] == message[:2]


@given(st.binary(max_size=300))
def test_bytes_that_are_no_packet_are_left(raw: bytes) -> None:
    """Nothing that comes over the wire breaks the watch."""
    packet = read_packet(raw)
    assert packet is None or packet.place


@given(
    st.integers(0, 30),
    st.lists(st.sampled_from(["www.livestorm.co", "App.livestorm.co:8443", "x.test"])),
)
def test_attempts_at_livestorm_are_kept_whatever_came_before(more: int, tried: list[str]) -> None:
    """However many others there are, each such target is named, and what is missing is counted."""
    attempts = Attempts()
    targets = [*(f"203.0.113.7:{one}" for one in range(MOST - 10 + more)), *tried]
    for target in targets:
        if attempts.takes(target):
            attempts.add(target, CURL)
    kept = {one.target for one in attempts.kept}
    assert kept >= {one for one in tried if one != "x.test"}
    assert len(attempts.kept) + attempts.dropped == len(targets)
    assert bool(attempts.notes()) == (attempts.dropped > 0)


def test_names_of_livestorm_are_bounded() -> None:
    """Whoever makes them up fills no memory."""
    attempts = Attempts()
    for number in range(3 * MOST):
        target = f"h{number}.livestorm.co"
        if attempts.takes(target):
            attempts.add(target, None)
    assert len(attempts.kept) <= 2 * MOST
    assert any(one.is_real for one in attempts.kept)


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
def test_network_of_the_machine_is_never_taken_for_the_commands() -> None:
    """All processes of the command's network are ended, so that it may not be our own."""

    async def watch() -> Watch:
        return Watch(os.readlink("/proc/self/ns/net"), {}, [], {})

    with pytest.raises(OSError, match="no network of its own"):
        asyncio.run(watch())


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel is asked as Linux's")
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_kernel_says_whose_a_connection_is(host: str) -> None:
    """The inode of the client's socket, and nothing for a connection that there is not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if family == socket.AF_INET6 and not Path("/proc/net/if_inet6").exists():
        pytest.skip("this machine has no IPv6")
    diagnosis = SocketDiagnosis.here()
    with (
        closing(diagnosis),
        socket.create_server((host, 0), family=family) as listener,
        socket.create_connection(listener.getsockname()[:2]) as client,
    ):
        local, remote = client.getsockname()[:2], client.getpeername()[:2]
        assert diagnosis.inode(local, remote) == os.fstat(client.fileno()).st_ino
        assert diagnosis.inode(local, (host, 1)) is None
        assert diagnosis.works


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel is asked as Linux's")
def test_answer_to_an_older_question_is_left() -> None:
    """What an earlier question left unread is no answer to a later one."""
    netlink = open_netlink()
    with (
        closing(SocketDiagnosis(netlink)) as diagnosis,
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as client,
    ):
        older = struct.pack("=IHHII", 16, 20, 1, 999, 0)
        netlink.sendto(older, (0, 0))
        netlink.sendto(older, (0, 0))
        ends = client.getsockname(), client.getpeername()
        assert diagnosis.inode(*ends) == os.fstat(client.fileno()).st_ino


@pytest.mark.skipif(sys.platform != "linux", reason="Linux copies descriptors")
def test_descriptor_that_is_no_socket_is_let_go_of(tmp_path: Path) -> None:
    """The copy that was made to look at it is closed again."""
    with (tmp_path / "file").open("wb") as file:
        before = os.listdir("/proc/self/fd")
        with pytest.raises(OSError, match="socket"):
            kind_of_socket(Process(os.getpid(), "python"), file.fileno())
        assert os.listdir("/proc/self/fd") == before


@pytest.mark.skipif(sys.platform != "linux", reason="descriptors are handed over on Linux only")
@pytest.mark.parametrize("count", [0, 1, 65, 253, 254, 300])
def test_channel_hands_over_all_descriptors(count: int) -> None:
    """However many there are, in their order, and the next message begins where this one ends."""
    ours, theirs = map(Channel, socket.socketpair())
    with closing(ours), closing(theirs), ExitStack() as stack:
        pipe = os.pipe()
        for one in pipe:
            stack.callback(os.close, one)
        given = [pipe[number % 2] for number in range(count)]
        theirs.send("many", given)
        theirs.send("none")
        message, came = ours.receive()
        for one in came:
            stack.callback(os.close, one)
        assert message == "many"
        assert [os.fstat(one) for one in came] == [os.fstat(one) for one in given]
        assert ours.receive() == ("none", [])


@given(st.lists(st.binary(min_size=1, max_size=2000), max_size=6))
def test_java_store_is_read_as_it_was_written(trusted: list[bytes]) -> None:
    """What is in a store stays in it, whatever the certificates are."""
    assert read_store(write_store(trusted)) == trusted


@pytest.mark.parametrize("store", [b"", b"\xfe\xed\xfe\xed", b"0\x82\x05", b"\xfe\xed\xfe\xed" * 9])
def test_store_of_another_format_is_not_guessed_at(store: bytes) -> None:
    """None, so that the system's certificates take its place."""
    assert read_store(store) is None


def test_certificates_of_a_bundle(authority: Authority) -> None:
    """Each of a bundle, comments and all, in DER."""
    bundle = f"# one\n{authority.pem}\n# again\n{authority.pem}"
    assert certificates(bundle) == [ssl.PEM_cert_to_DER_cert(authority.pem)] * 2


def test_openssl_finds_the_authority_by_its_hash(
    authority: Authority, serving: ssl.SSLContext, tmp_path: Path
) -> None:
    """In a folder as OpenSSL looks into it, a file of that name is trusted."""
    (tmp_path / f"{subject_hash(authority.pem)}.0").write_text(authority.pem)
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.load_verify_locations(capath=str(tmp_path))
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(to_client, to_server, server_hostname="app.livestorm.co")
    server = serving.wrap_bio(to_server, to_client, server_side=True)
    for side in (client, server, client, server):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    assert client.version() == "TLSv1.3"
