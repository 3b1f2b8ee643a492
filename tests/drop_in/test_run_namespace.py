"""A command in a network of its own: it meets the fake where Livestorm is, and nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from livestorm_mock_server import MockLivestorm
from livestorm_mock_server.interception.java_store import certificates
from livestorm_mock_server.tls.authority import Authority

from ..contract_tests.programs import need_program
from .client_programs import CLIENTS
from .commands import LAUNCH, OURSELVES, REACH, SECONDS, User, ordinary_user, python

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")

ISOLATED = ("--isolate", "always")
URLLIB = (CLIENTS / "python" / "urllib_client.py").read_text()
CURL = (CLIENTS / "shell" / "curl_client.sh").read_text()

TRIES = """
import errno, socket, sys, time
def attempt(host, port):
    began = time.monotonic()
    try:
        socket.create_connection((host, port), timeout=60)
    except socket.gaierror:
        kind = "unknown"
    except OSError as error:
        kind = errno.errorcode[error.errno]
    return kind, time.monotonic() - began
for place in sys.argv[1:]:
    host, _, port = place.rpartition(":")
    kind = attempt(host, int(port))[0]
    print(kind, min(attempt(host, int(port))[1] for _ in range(10)) < 0.1)
"""
"""Tells how connections fail, and whether in less than 100 ms, each at its best of ten."""

ASKS = """
import os, ssl, sys, urllib.error, urllib.request
try:
    urllib.request.urlopen("https://api.livestorm.co/v1/ping", timeout=60)
except urllib.error.HTTPError as error:
    assert error.code == 401
"""
"""Asks the real host by its name, without credentials."""

PLACES = {
    "db.example.test:5432": "unknown",
    "203.0.113.7:8443": "EHOSTUNREACH",
    "10.0.0.7:5432": "EHOSTUNREACH",
    "127.0.0.1:5432": "ECONNREFUSED",
}


@pytest.fixture(scope="module", params=["ourselves", "ordinary"])
def user(request: pytest.FixtureRequest) -> User:
    """Whoever runs the tests, and an ordinary user."""
    return OURSELVES if request.param == "ourselves" else ordinary_user()


@pytest.mark.parametrize("environment", ["inherited", "empty"])
def test_urllib_goes_through_the_whole_flow(user: User, environment: str) -> None:
    """authorize, token and /v1/me over TLS, also where no variable says whom to trust."""
    names = "LIVESTORM_CLIENT_ID LIVESTORM_CLIENT_SECRET LIVESTORM_REDIRECT_URI"
    kept = [f'{name}="${name}"' for name in names.split()]
    without = f'exec env -i {" ".join(kept)} "$@"' if environment == "empty" else 'exec "$@"'
    command = ("sh", "-c", without, "sh", _system_python(), "-c", URLLIB)
    done = user.run(*ISOLATED, "--auto-approve", "--", *command)
    assert (done.returncode, json.loads(done.stdout)["email"]) == (0, "ada.martin@example.test")
    assert "namespace, https://app.livestorm.co  2 requests" in done.stderr
    assert "namespace, https://api.livestorm.co  1 request\n" in done.stderr


def test_curl_goes_through_the_whole_flow(user: User) -> None:
    """The same by curl, with another stack for names and TLS."""
    for program in ("curl", "jq"):
        need_program(program)
    done = user.run(*ISOLATED, "--auto-approve", "--", "sh", "-c", CURL)
    assert (done.returncode, json.loads(done.stdout)["email"]) == (0, "ada.martin@example.test")


def test_clients_trust_what_the_user_trusts_beside_the_fake(
    authority: Authority, tmp_path: Path
) -> None:
    """A file that SSL_CERT_FILE names is what clients with another variable get, too."""
    own = tmp_path / "own.pem"
    own.write_text(authority.pem)
    told = """
import os
for name in ("REQUESTS_CA_BUNDLE", "LIVESTORM_MOCK_CA_FILE"):
    print(open(os.environ[name]).read())
"""
    variables = {"SSL_CERT_FILE": str(own), "REQUESTS_CA_BUNDLE": ""}
    done = OURSELVES.run(*ISOLATED, *python(told + REACH), variables=variables)
    *trusted, ca = certificates(done.stdout)
    assert trusted == [*certificates(authority.pem), ca]


def test_command_stays_who_it_is(user: User) -> None:
    """The same user and group, the same folder, and files that are its own."""
    told = "import os\nprint(os.getuid(), os.getgid(), os.getcwd())\n"
    done = user.run(*ISOLATED, *python_of(user, told + REACH))
    number = os.getuid() if user.number is None else user.number
    group = os.getgid() if user.number is None else user.number
    assert done.stdout.split() == [str(number), str(group), os.getcwd()]
    assert done.returncode == 0


def test_third_host_fails_at_once_and_is_named(user: User) -> None:
    """A name, and addresses elsewhere and on this machine, are refused within 100 ms."""
    done = user.run(*ISOLATED, *python_of(user, TRIES, *PLACES))
    assert done.stdout.splitlines() == [f"{kind} True" for kind in PLACES.values()]
    told = done.stderr.partition("went elsewhere")[2]
    for place, kind in PLACES.items():
        named = place.partition(":")[0] if kind == "unknown" else place
        row = told.partition(f"  {named} ")[2].splitlines()[0]
        assert "python" in row or kind == "ECONNREFUSED"
    assert "--allow HOST:PORT" in told


def test_address_of_ipv6_fails_and_is_named() -> None:
    """There is nothing behind it either."""
    if not Path("/proc/net/if_inet6").exists():
        pytest.skip("this machine has no IPv6")
    done = OURSELVES.run(*ISOLATED, *python(TRIES, "2001:db8::7:443"))
    assert done.stdout == "ECONNREFUSED True\n"
    assert "[2001:db8::7]:443" in done.stderr


@pytest.mark.parametrize(
    "host", ["www.livestorm.co", "App.livestorm.co:8443", "api.livestorm.co:8443"]
)
def test_another_host_of_livestorm_fails_the_run(host: str) -> None:
    """4, and the host is named, though the command reached the fake and ended well."""
    place = host if ":" in host else f"{host}:443"
    done = OURSELVES.run(*ISOLATED, *python(f"{REACH}\n{TRIES}", place))
    assert done.returncode == 4
    (row,) = [line for line in done.stderr.splitlines() if line.endswith("Livestorm itself")]
    assert f"  {host.lower()} " in row


def test_client_that_does_not_trust_the_fake_is_told() -> None:
    """A TLS handshake that came to nothing has its reason, and is no request."""
    refuses = """
import socket, ssl
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
with socket.create_connection(("app.livestorm.co", 443)) as one:
    try:
        context.wrap_socket(one, server_hostname="app.livestorm.co")
    except ssl.SSLCertVerificationError:
        pass
"""
    done = OURSELVES.run(*ISOLATED, *python(refuses))
    assert done.returncode == 4
    told = done.stderr.partition("came without a request")[2]
    assert "did not trust the certificate for app.livestorm.co" in told


def test_question_to_a_resolver_elsewhere_is_named() -> None:
    """A client with a resolver of its own is refused, and what it asked for is read."""
    asks = f"""{REACH}
import socket
question = bytes.fromhex("000101000001000000000000") + b"\\3app\\x09livestorm\\2co\\0\\0\\1\\0\\1"
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
one.settimeout(60)
one.connect(("192.0.2.53", 53))
try:
    one.send(question)
    one.recv(512)
except OSError as error:
    print(error.errno)
"""
    done = OURSELVES.run(*ISOLATED, *python(asks))
    assert (done.returncode, done.stdout) == (4, "113\n")
    named = done.stderr.partition("went elsewhere")[2]
    assert "192.0.2.53:53" in named
    assert "app.livestorm.co" in named


@pytest.mark.parametrize("protocol", ["udp", "tcp"])
def test_resolver_inside_knows_the_fake_alone(protocol: str) -> None:
    """Whoever asks /etc/resolv.conf's resolver by himself, as c-ares does, finds the fake."""
    asks = f"""{REACH}
import re, socket
server = re.search("^nameserver (.*)", open("/etc/resolv.conf").read(), re.M)[1]
kind = socket.SOCK_DGRAM if sys.argv[1] == "udp" else socket.SOCK_STREAM
def ask(name, record):
    labels = b"".join(bytes([len(one)]) + one.encode() for one in name.split("."))
    question = bytes.fromhex("abcd01000001000000000000") + labels + bytes([0, 0, record, 0, 1])
    one = socket.socket(socket.AF_INET, kind)
    one.settimeout(60)
    one.connect((server, 53))
    if kind == socket.SOCK_DGRAM:
        one.send(question)
        answer = one.recv(512)
    else:
        one.sendall(len(question).to_bytes(2, "big") + question)
        answer = one.makefile("rb").read()[2:]
    print(answer[3] & 15, answer[7], answer[-4:].hex() if answer[7] else "")
ask("api.livestorm.co", 1)
ask("API.livestorm.co", 28)
ask("www.livestorm.co", 1)
"""
    done = OURSELVES.run(*ISOLATED, *python(asks, protocol))
    assert done.stdout.splitlines() == ["0 1 7f4d0002", "0 0 ", "3 0 "]
    assert "www.livestorm.co" in done.stderr


def test_nothing_is_changed_on_the_machine(user: User, tmp_path: Path) -> None:
    """Files, mounts and the folder for files of a moment are as before; what it left is ended."""
    tmp_path.chmod(0o777)
    before = _machine()
    leaves = "(trap '' TERM; exec sleep 1000) & exit 0"
    done = user.run(*ISOLATED, "--", "sh", "-c", leaves, variables={"TMPDIR": str(tmp_path)})
    assert _machine() == before
    assert list(tmp_path.iterdir()) == []
    assert "ended what outlived the command" in done.stderr


def _machine() -> list[bytes]:
    files = ("/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf")
    certificates = "/etc/ssl/certs/ca-certificates.crt"
    found = [*map(Path, (*files, certificates, "/proc/self/mountinfo"))]
    return [one.read_bytes() for one in found if one.exists()]


@pytest.mark.parametrize("isolate", ["always", "never"])
def test_run_within_run(isolate: str) -> None:
    """The inner command has a fake of its own, and the outer one sees nothing of it."""
    inner = python(f"{ASKS}\nsys.exit(5)")
    launch = "from livestorm_mock_server.cli import main; main()"
    command = (sys.executable, "-c", launch, "run", *ISOLATED, *inner)
    done = OURSELVES.run("--isolate", isolate, "--", *command)
    assert done.returncode == 5, done.stderr
    assert "namespace, https://api.livestorm.co" in done.stderr
    assert done.stderr.count("no request reached the fake") == 1
    assert "Livestorm itself" not in done.stderr


def test_run_after_env(tmp_path: Path) -> None:
    """What leads to a fake outside, and tells of it, is not there inside."""
    program = Path(sys.executable).with_name("livestorm-mock")
    with MockLivestorm(tls=True, ca_dir=tmp_path / "ca", proxy_port=0) as outside:
        command = [str(program), "env", "--shell", "json", "--port", str(outside.port)]
        printed = subprocess.run(command, capture_output=True, check=True, timeout=SECONDS)
        tells = f"{ASKS}\nimport json\nprint(json.dumps(dict(os.environ)))"
        done = OURSELVES.run(*ISOLATED, *python(tells), variables=json.loads(printed.stdout))
        assert outside.journal.entries() == []
    assert done.returncode == 0, done.stderr
    leading = [name for name in json.loads(done.stdout) if name.endswith(("_DOOR", "_PROXY_URL"))]
    assert leading == []


def test_command_may_have_the_ports_of_https_itself() -> None:
    """The fake has an address of its own, so that 127.0.0.1:443 and 0.0.0.0:80 are free."""
    if os.getuid():
        pytest.skip("only root may bind 127.0.0.1:443")
    binds = f"""{REACH}
import socket
socket.create_server(("127.0.0.1", 443))
socket.create_server(("127.0.0.1", 80))
"""
    assert OURSELVES.run(*ISOLATED, *python(binds)).returncode == 0


def test_certificates_that_the_user_named_are_kept(tmp_path: Path) -> None:
    """A variable stays as it is, and the file that it names has one certificate more."""
    own = tmp_path / "own.pem"
    own.write_text("# the company's\n")
    tells = f"{REACH}\nprint(open(os.environ['SSL_CERT_FILE']).read())"
    variables = {"SSL_CERT_FILE": str(own)}
    done = OURSELVES.run(*ISOLATED, *python(tells), variables=variables)
    assert done.stdout.startswith("# the company's\n")
    assert done.stdout.count("BEGIN CERTIFICATE") == 1
    assert own.read_text() == "# the company's\n"


def test_proxy_of_the_machine_is_not_asked() -> None:
    """Where variables name a proxy, the real hosts are found without it."""
    asks = "import urllib.request\nurllib.request.urlopen('https://app.livestorm.co/robots.txt')"
    variables = {"HTTPS_PROXY": "http://proxy.example.test:3128", "NO_PROXY": "intra.test"}
    done = OURSELVES.run(*ISOLATED, *python(asks), variables=variables)
    assert "namespace, https://app.livestorm.co" in done.stderr
    assert "proxy.example.test" not in done.stderr


def test_system_that_refuses_namespaces() -> None:
    """`always` fails and says who refuses; `auto` says so too, and goes on with the environment."""
    limits = "for one in user net; do echo 0 > /proc/sys/user/max_${one}_namespaces; done"
    within = (need_program("unshare"), "-Ur", "sh", "-c", f'{limits}; exec "$@"', "sh")
    always = _within(within, "--isolate", "always", "--", "true")
    assert always.returncode == 3
    assert "namespaces are refused by the system (user.max_user_namespaces = 0" in always.stderr
    auto = _within(within, *python(REACH))
    assert auto.returncode == 0
    assert "is used instead" in auto.stderr.splitlines()[0]


def _within(within: tuple[str, ...], *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*within, sys.executable, "-c", LAUNCH, "run", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )


def python_of(user: User, program: str, *arguments: str) -> list[str]:
    """Give the command of a program in a Python that a user can start."""
    return ["--", user.python, "-c", program, *arguments]


def _system_python() -> str:
    return need_program("/usr/bin/python3")
