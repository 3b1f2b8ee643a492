"""`serve --tls`: HTTPS by an authority that can vouch for nobody else."""

import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server import InvalidInputError, MockLivestorm
from livestorm_mock_server.listeners import bind
from livestorm_mock_server.running.certificates import Issuing
from livestorm_mock_server.tls.authority import (
    LIFETIME,
    NAMES,
    Authority,
    context_of,
    real_time,
)
from livestorm_mock_server.tls.contexts import LEAF_LIFETIME
from livestorm_mock_server.tls.credentials import Credentials
from livestorm_mock_server.tls.hello import read_server_name

from ..mock_server.served import Served, assert_wrong_usage, run
from ..mock_server.wire import frame
from .secure_wire import TIMEOUT, SecureWire

PING = frame("GET", "/v1/ping", [("Connection", "close")])
WITHOUT_UVLOOP = "import sys; sys.modules['uvloop'] = None;"
NODE, CURL = shutil.which("node"), shutil.which("curl")


@pytest.fixture(scope="module")
def livestorm() -> Iterator[MockLivestorm]:
    """A server with TLS."""
    with MockLivestorm(tls=True, rate_limits=False) as started:
        yield started


def trusting(ca_file: str | None) -> ssl.SSLContext:
    """Trust what a server says."""
    return ssl.create_default_context(cafile=ca_file)


def status_at(port: int, name: str, ca_file: str | None) -> bytes:
    """Ask for something by HTTPS under a name; give the status line."""
    with SecureWire(port, trusting(ca_file), name) as wire:
        wire.send(PING)
        return wire.receive_to_end()[0].partition(b"\r\n")[0]


@pytest.mark.parametrize("name", NAMES)
def test_each_name_is_vouched_for(livestorm: MockLivestorm, name: str) -> None:
    """Livestorm's two, and what this machine is called by itself."""
    assert b"401" in status_at(livestorm.port, name, livestorm.ca_file)


@pytest.mark.parametrize("name", ["www.livestorm.co", "livestorm.co", "127.0.0.2", "evil.test"])
def test_other_name_is_not(livestorm: MockLivestorm, name: str) -> None:
    """A client is told so by its own check."""
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        status_at(livestorm.port, name, livestorm.ca_file)


def test_urls_follow_how_the_control_api_was_asked(livestorm: MockLivestorm) -> None:
    """Both origins speak HTTPS, and each tells of its like; HTTP is as without TLS."""
    context = trusting(livestorm.ca_file)
    for scheme in ("http", "https"):
        url = f"{scheme}://localhost:{livestorm.port}"
        described = httpx.post(f"{url}/_mock/sandboxes", json={}, verify=context).json()
        assert described["ca_file"] == livestorm.ca_file
        for name in ("app_url", "other_url"):
            assert urlsplit(described[name]).scheme == scheme
            path = f"{described[name]}/v1/ping"
            assert httpx.get(path, verify=context).status_code == 401


def test_short_cut_opens_https_urls(livestorm: MockLivestorm) -> None:
    """At the fake's own port as well."""
    query = f"client_id={livestorm.client_id}&redirect_uri={livestorm.redirect_uri}"
    for host in ("localhost", "127.0.0.1"):
        url = f"https://{host}:{livestorm.port}/oauth/authorize?response_type=code&{query}"
        assert "code=" in livestorm.authorize(url)
    with pytest.raises(InvalidInputError, match="the origin of url"):
        livestorm.authorize(f"https://localhost/oauth/authorize?response_type=code&{query}")


def test_redirection_keeps_https(livestorm: MockLivestorm) -> None:
    """The other origin is a secure one to a client that came securely, not to others."""
    context = trusting(livestorm.ca_file)
    livestorm.faults.arm("api.ping", "redirect")
    try:
        for scheme in ("http", "https"):
            url = f"{scheme}://localhost:{livestorm.port}/v1/ping"
            location = httpx.get(url, verify=context).headers["location"]
            assert urlsplit(location).scheme == scheme
    finally:
        livestorm.faults.disarm()


def test_certificate_is_for_a_week(livestorm: MockLivestorm) -> None:
    """The authority's own is for a year, and each may begin a day early."""
    pem = ssl.get_server_certificate(("127.0.0.1", livestorm.port))
    leaf = x509.load_pem_x509_certificate(pem.encode())
    authority = x509.load_pem_x509_certificate(Path(livestorm.ca_file or "").read_bytes())
    day = timedelta(days=1)
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc == LEAF_LIFETIME + day
    assert authority.not_valid_after_utc - authority.not_valid_before_utc == LIFETIME + day
    left = leaf.not_valid_after_utc - real_time()
    assert timedelta(days=6) < left <= LEAF_LIFETIME


def test_certificate_that_gets_old_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fake that runs for weeks is not refused one day."""
    with MockLivestorm(tls=True) as livestorm:
        certificates = []
        for seconds in (0, 6 * 86_400 + 1, 0):
            patch = "livestorm_mock_server.tls.contexts.read_steady"
            monkeypatch.setattr(patch, lambda seconds=seconds: 1e9 + seconds)
            certificates.append(ssl.get_server_certificate(("127.0.0.1", livestorm.port)))
        assert len(set(certificates)) > 1


def test_certificate_of_a_run_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command may run for weeks, too."""
    with Issuing() as issuing:
        issued = issuing.wait()
    listener = bind("127.0.0.1", 0)
    certificates = []
    with MockLivestorm() as livestorm:
        livestorm.open_door(listener, issued.context)
        for seconds in (0, 6 * 86_400 + 1, 0):
            patch = "livestorm_mock_server.tls.contexts.read_steady"
            monkeypatch.setattr(patch, lambda seconds=seconds: 1e9 + seconds)
            certificates.append(ssl.get_server_certificate(listener.getsockname()))
    assert len(set(certificates)) > 1


def test_certificates_that_can_not_be_issued_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason of the child that makes them is not lost."""

    def fail(**_: object) -> Authority:
        raise OSError("no room for a key")

    monkeypatch.setattr(Authority, "create", fail)
    with Issuing() as issuing, pytest.raises(OSError, match="issued: no room for a key"):
        issuing.wait()


# What it can't vouch for


@pytest.fixture(scope="module")
def bank() -> Iterator[tuple[int, str]]:
    """A server that shows a certificate for another name, by the fake's own authority."""
    authority = Authority.create(now=real_time())
    with MockLivestorm(tls=True) as livestorm:
        listener = bind("127.0.0.1", 0)
        livestorm.open_door(listener, context_of(authority.issue("bank.example")))
        path = Path(livestorm.ca_file or "")
        path.write_text(authority.pem, encoding="utf-8")
        yield listener.getsockname()[1], str(path)


def test_python_refuses_the_authority_for_another_name(bank: tuple[int, str]) -> None:
    """Its name constraints are critical, and the library heeds them."""
    port, ca_file = bank
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        status_at(port, "bank.example", ca_file)


@pytest.mark.skipif(CURL is None, reason="there is no curl")
def test_curl_refuses_the_authority_for_another_name(bank: tuple[int, str]) -> None:
    """As Python does."""
    port, ca_file = bank
    where = f"bank.example:{port}:127.0.0.1"
    command = ["curl", "-sS", "--noproxy", "*", "--cacert", ca_file, "--resolve", where]
    done = subprocess.run(
        [*command, f"https://bank.example:{port}/"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 60
    assert "permitted subtree violation" in done.stderr


@pytest.mark.skipif(NODE is None, reason="there is no Node")
def test_node_refuses_the_authority_for_another_name(bank: tuple[int, str]) -> None:
    """As Python does."""
    port, ca_file = bank
    script = (
        f"require('tls').connect({{port: {port}, host: '127.0.0.1', servername: 'bank.example'}},"
        "() => console.log('connected')).on('error', e => console.log(e.message))"
    )
    done = subprocess.run(
        ["node", "-e", script],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NODE_EXTRA_CA_CERTS": ca_file},
    )
    assert done.stdout.strip() == "permitted subtree violation"


def test_authority_signs_no_other_authority() -> None:
    """A certificate below it can't sign."""
    pem = Authority.create(now=real_time()).pem
    extensions = x509.load_pem_x509_certificate(pem.encode()).extensions
    basic = extensions.get_extension_for_class(x509.BasicConstraints)
    constraints = extensions.get_extension_for_class(x509.NameConstraints)
    assert (basic.critical, basic.value.path_length) == (True, 0)
    assert constraints.critical
    assert [str(one.value) for one in constraints.value.permitted_subtrees or ()] == [
        "livestorm.co",
        "localhost",
        "127.0.0.0/8",
        "::1/128",
    ]


# Which names, and where the authority is kept


@pytest.mark.parametrize(
    ("hosts", "added"),
    [
        (["127.0.0.2"], ["127.0.0.2"]),
        (["fake.localhost", "LOCALHOST"], ["fake.localhost"]),
        (["192.0.2.9", "::", "fake.example.test", "192.0.2.1", ""], []),
    ],
)
def test_host_of_this_machine_is_added(hosts: list[str], added: list[str]) -> None:
    """What is not, the authority could not vouch for."""
    credentials = Credentials(hosts=hosts)
    try:
        names = [one for one in credentials.names if one.lower() not in NAMES]
        assert names == added
    finally:
        credentials.close()


def test_public_url_is_vouched_for() -> None:
    """Where it is at this machine."""
    with MockLivestorm(tls=True, public_url="https://fake.localhost:8443") as livestorm:
        assert b"401" in status_at(livestorm.port, "fake.localhost", livestorm.ca_file)


def test_authority_is_kept(tmp_path: Path) -> None:
    """A client that trusts it goes on to do so; only its owner can read the key."""
    folder = tmp_path / "new" / "ca"
    pems = []
    for _ in range(2):
        with MockLivestorm(tls=True, ca_dir=folder) as livestorm:
            assert livestorm.ca_file == str(folder / "ca.pem")
            pems.append(Path(livestorm.ca_file).read_text(encoding="utf-8"))
            assert b"401" in status_at(livestorm.port, "localhost", livestorm.ca_file)
    assert pems[0] == pems[1]
    assert "PRIVATE" not in pems[0]
    modes = {one.name: one.stat().st_mode & 0o777 for one in folder.iterdir()}
    assert modes == {"ca.pem": 0o644, "ca-key.pem": 0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_two_that_begin_at_once_have_the_same_authority(tmp_path: Path) -> None:
    """Of several, one makes it."""
    served = [
        Served("--json", "--quiet", "--tls", "--ca-dir", str(tmp_path / "ca")) for _ in range(3)
    ]
    try:
        described = [one.describes_itself() for one in served]
        assert len({one["ca_file"] for one in described}) == 1
        for one in described:
            port = urlsplit(one["app_url"]).port or 0
            assert b"401" in status_at(port, "api.livestorm.co", one["ca_file"])
    finally:
        for process in served:
            process.kill()


def others_can_read_the_folder(folder: Path) -> None:
    """As `mkdir` makes one."""
    folder.chmod(0o755)


def others_can_read_the_key(folder: Path) -> None:
    """A copy that somebody made."""
    (folder / "ca-key.pem").chmod(0o640)


def key_is_cut(folder: Path) -> None:
    """A disk that was full."""
    path = folder / "ca-key.pem"
    path.write_bytes(path.read_bytes()[:300])


def key_is_empty(folder: Path) -> None:
    """The same, earlier."""
    (folder / "ca-key.pem").write_bytes(b"")


def key_is_another_ones(folder: Path) -> None:
    """Of another authority than the certificate."""
    other = Authority.create(now=real_time())
    path = folder / "ca-key.pem"
    key, _, _ = path.read_text().partition("-----BEGIN CERTIFICATE")
    path.write_text(key + other.pem)


def authority_may_sign_all(folder: Path) -> None:
    """One that somebody put there."""
    import trustme

    made = trustme.CA()
    (folder / "ca-key.pem").write_bytes(made.private_key_pem.bytes() + made.cert_pem.bytes())


def authority_is_over(folder: Path) -> None:
    """Of last year."""
    old = Authority.create(now=real_time() - LIFETIME)
    (folder / "ca-key.pem").write_bytes(old.key + old.pem.encode())


def folder_is_a_file(folder: Path) -> None:
    """Somebody meant the certificate."""
    shutil.rmtree(folder)
    folder.write_text("")


BROKEN: list[tuple[Callable[[Path], None], str]] = [
    (others_can_read_the_folder, "has mode 755 (chmod 700 "),
    (others_can_read_the_key, "has mode 640 (chmod 600 "),
    (key_is_cut, "or delete ca-key.pem"),
    (key_is_empty, "or delete ca-key.pem"),
    (key_is_another_ones, "key and certificate don't belong together"),
    (authority_may_sign_all, "may vouch for any name"),
    (authority_is_over, "is good until"),
    (folder_is_a_file, "a folder that can be used"),
]


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
@pytest.mark.parametrize(("break_it", "told"), BROKEN)
def test_folder_that_can_not_be_used_is_told(
    tmp_path: Path, break_it: Callable[[Path], None], told: str
) -> None:
    """With what is wrong, and the mend."""
    folder = tmp_path / "ca"
    Authority.in_folder(folder, now=real_time())
    break_it(folder)
    with pytest.raises(InvalidInputError) as caught, MockLivestorm(tls=True, ca_dir=folder):
        pass
    assert str(caught.value).startswith(f"ca_dir is {str(folder)!r}; expected ")
    assert told in str(caught.value)


def test_ca_dir_needs_tls(tmp_path: Path) -> None:
    """Alone it would do nothing."""
    with pytest.raises(InvalidInputError, match="nothing without tls=True"):
        MockLivestorm(ca_dir=tmp_path)
    assert_wrong_usage(run("serve", "--ca-dir", str(tmp_path)), "--ca-dir keeps")


def test_folder_is_refused_by_the_command_line(tmp_path: Path) -> None:
    """In one line."""
    path = tmp_path / "file"
    path.write_text("")
    assert_wrong_usage(run("serve", "--port", "0", "--tls", "--ca-dir", str(path)), "ca_dir is")


# The command


def test_serve_says_what_to_trust_until_its_end() -> None:
    """The file is there as long as the fake; others may read it."""
    served = Served("--json", "--quiet", "--tls")
    try:
        described = served.describes_itself()
        path = Path(described["ca_file"])
        assert path.stat().st_mode & 0o777 == 0o644
        port = urlsplit(described["app_url"]).port or 0
        assert b"401" in status_at(port, "api.livestorm.co", described["ca_file"])
        assert served.end(signal.SIGTERM) == (0, "", "")
        assert not path.exists()
    finally:
        served.kill()


def client_hello(name: bytes) -> bytes:
    """Give a ClientHello that asks for a name, and for nothing that ends well."""
    names = b"\0" + len(name).to_bytes(2) + name
    extension = len(names).to_bytes(2) + names
    extensions = b"\0\0" + len(extension).to_bytes(2) + extension
    fields = b"\x03\x03" + bytes(32) + b"\0" + b"\0\x02\xc0\x2f" + b"\x01\0"
    hello = fields + len(extensions).to_bytes(2) + extensions
    record = b"\x01" + len(hello).to_bytes(3) + hello
    return b"\x16\x03\x01" + len(record).to_bytes(2) + record


@pytest.mark.parametrize("before", ["", WITHOUT_UVLOOP], ids=["uvloop", "asyncio"])
@pytest.mark.parametrize("name", [b"\xff\xfe", "é.co".encode(), b"\0", b"", b"a" * 300, b"\x1b[2J"])
def test_name_that_is_none_is_a_line_of_the_log(name: bytes, before: str) -> None:
    """Whatever a client asks for, there is no traceback."""
    served = Served("--json", "--log-format", "json", "--tls", before=before)
    try:
        port = urlsplit(served.describes_itself()["app_url"]).port or 0
        with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as client:
            client.sendall(client_hello(name))
            client.shutdown(socket.SHUT_WR)
            while client.recv(65536):
                pass
        status, _, errors = served.end(signal.SIGTERM)
        assert status == 0
        kinds = {json.loads(line)["kind"] for line in errors.splitlines()}
        assert kinds <= {"exchange", "warning"}
        assert "exchange" in kinds
    finally:
        served.kill()


def test_file_does_not_stay_where_the_start_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A port that is taken leaves nothing behind."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    taken = bind("127.0.0.1", 0)
    done = run("serve", "--tls", "--port", str(taken.getsockname()[1]))
    taken.close()
    assert_wrong_usage(done, "can't listen")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("before", ["", WITHOUT_UVLOOP], ids=["uvloop", "asyncio"])
@pytest.mark.parametrize("ends", [(), (("Connection", "close"),)], ids=["stays", "closes"])
def test_slow_reader_has_its_answer_within_the_grace(
    tmp_path: Path, ends: tuple[tuple[str, str], ...], before: str
) -> None:
    """As without TLS, also where the connection was to end with the answer anyway."""
    file = tmp_path / "huge.toml"
    file.write_text(f"[[resources]]\npath = '/v1/huge'\njson = {{text = '{'x' * 16_000_000}'}}\n")
    served = Served("--json", "--quiet", "--tls", "--scenario", str(file), before=before)
    try:
        described = served.describes_itself()
        port = urlsplit(described["app_url"]).port or 0
        with SecureWire(port, trusting(described["ca_file"])) as wire:
            token = ("Authorization", described["private_token"])
            wire.send(frame("GET", "/v1/huge", [token, *ends]))
            first = wire.receive()
            served.process.send_signal(signal.SIGTERM)
            assert "a request in flight" in served.wait_for_error()
            assert len(first) + len(wire.receive_to_end()[0]) > 16_000_000
        assert served.end_input() == (0, "", "")
    finally:
        served.kill()


@pytest.mark.parametrize("before", ["", WITHOUT_UVLOOP], ids=["uvloop", "asyncio"])
def test_idle_clients_do_not_hold_up_the_end(before: str) -> None:
    """Nobody waits until they have said goodbye."""
    served = Served("--json", "--quiet", "--tls", before=before)
    try:
        described = served.describes_itself()
        port = urlsplit(described["app_url"]).port or 0
        with SecureWire(port, trusting(described["ca_file"])) as wire:
            wire.send(frame("GET", "/v1/ping"))
            assert b"401" in wire.receive()
            assert served.end(signal.SIGTERM) == (0, "", "")
            assert wire.receive_to_end()[1] == "closed"
    finally:
        served.kill()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_file_is_there_as_long_as_the_process(tmp_path: Path) -> None:
    """Also where nobody stops the fake; the end of a fork leaves it to its parent."""
    code = (
        "import os, sys\n"
        "from livestorm_mock_server import MockLivestorm\n"
        "livestorm = MockLivestorm(tls=True).start()\n"
        "if not os.fork(): sys.exit()\n"
        "os.wait()\n"
        "print(os.path.exists(livestorm.ca_file))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert (done.stdout, done.stderr) == ("True\n", "")
    assert list(tmp_path.iterdir()) == []


def test_serve_without_tls_loads_nothing_of_it() -> None:
    """It starts as fast as before."""
    code = (
        "import sys\n"
        "from livestorm_mock_server import MockLivestorm\n"
        "with MockLivestorm(): print([one for one in sys.modules if one.partition('.')[0]"
        " in ('trustme', 'cryptography', 'idna')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_time_that_a_test_freezes_does_not_matter() -> None:
    """Clients check by the time that it is."""
    code = (
        "import time_machine\n"
        "with time_machine.travel(0):\n"
        "    from livestorm_mock_server import MockLivestorm\n"
        "    with MockLivestorm(tls=True) as livestorm:\n"
        "        import ssl, socket\n"
        "        context = ssl.create_default_context(cafile=livestorm.ca_file)\n"
        "        client = socket.create_connection(('127.0.0.1', livestorm.port))\n"
        "        print(context.wrap_socket(client, server_hostname='localhost').version())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "TLSv1.3"


# What a client says first


def hello(name: str) -> bytes:
    """Make what a client sends that asks for a name."""
    context = ssl.create_default_context()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()


@pytest.mark.parametrize(
    ("asked", "name"),
    [("app.livestorm.co", "app.livestorm.co"), ("APP.Livestorm.co", "app.livestorm.co")],
)
def test_name_is_read(asked: str, name: str) -> None:
    """As a client writes it."""
    assert read_server_name(hello(asked)) == name
    assert read_server_name(hello("127.0.0.1")) is None


@given(cut=st.integers(0, 600), at=st.integers(0, 599), byte=st.integers(0, 255))
def test_what_is_no_hello_has_no_name_or_some_text(cut: int, at: int, byte: int) -> None:
    """Whatever bytes are cut off or changed, nothing is raised."""
    sent = bytearray(HELLO[:cut])
    if at < len(sent):
        sent[at] = byte
    name = read_server_name(bytes(sent))
    assert name is None or isinstance(name, str)


@given(st.binary(max_size=300))
def test_garbage_has_no_name(sent: bytes) -> None:
    """Nor does it raise."""
    assert read_server_name(sent) is None or sent[5:6] == b"\x01"


HELLO = hello("app.livestorm.co")
