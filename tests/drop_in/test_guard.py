"""What a guarded command may reach, and what of it is named."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from ..contract_tests.programs import need_program
from .nameserver import Nameserver

if sys.platform != "linux":
    pytest.skip("seccomp is Linux's", allow_module_level=True)

from livestorm_mock_server.interception import guard as guard_module
from livestorm_mock_server.interception.guard import Guard
from livestorm_mock_server.interception.hosts_file import HostsFile
from livestorm_mock_server.interception.outer_proxies import proxies
from livestorm_mock_server.interception.resolver import machine_nameservers, real_name

SECONDS = 30
PYTHON = Path(sys.executable).name[:15]
"""The name of a process that is started so, as Linux cuts it."""

LOOK_UP = """
import socket, sys
try:
    print(sorted({one[4][0] for one in socket.getaddrinfo(sys.argv[1], 443, int(sys.argv[2]))}))
except OSError as error:
    print(type(error).__name__)
"""
REACH = """
import socket, sys
try:
    socket.create_connection((sys.argv[1], 443), 20)
except OSError as error:
    print(type(error).__name__)
"""
CONNECT = """
import errno, socket, sys
sock = socket.socket(getattr(socket, sys.argv[1]), socket.SOCK_STREAM)
address = sys.argv[2] if sys.argv[1] == "AF_UNIX" else (sys.argv[2], int(sys.argv[3]))
print(errno.errorcode.get(sock.connect_ex(address), "connected"))
"""
QUERY = bytes.fromhex(
    "0001010000010000000000000361707009" + b"livestorm".hex() + "02636f0000010001"
)
DATAGRAM = f"""
import errno, socket, sys
query = {QUERY!r}
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.settimeout(5)
server = ("192.0.2.53", 53)
send = {{
    "sendto": lambda: sock.sendto(query, server),
    "sendmsg": lambda: sock.sendmsg([query[:20], query[20:]], [], 0, server),
    "write": lambda: (sock.connect(server), __import__("os").write(sock.fileno(), query)),
}}[sys.argv[1]]
try:
    send()
    print(sock.recv(512)[3] & 15)
except OSError as error:
    print(errno.errorcode[error.errno])
"""

Guarded = Callable[..., tuple[str, Guard]]


@pytest.fixture
def guarded() -> Iterator[Guarded]:
    """Run a Python program under a guard; give what it printed, and the guard."""
    with ExitStack() as stack:

        def run(program: str, *arguments: str, **begin: Any) -> tuple[str, Guard]:
            guard = Guard()
            child = subprocess.Popen(
                [sys.executable, "-c", program, *arguments],
                stdout=subprocess.PIPE,
                text=True,
                preexec_fn=guard.enter,
            )
            guard.begin(**{"known": {}, "nameservers": [], **begin})
            stack.callback(guard.close)
            printed, _ = child.communicate(timeout=SECONDS)
            return printed.strip(), guard

        yield run


@pytest.mark.parametrize("name", ["app.livestorm.co", "API.Livestorm.co", "www.livestorm.co"])
def test_guard_refuses_and_names_who_connects_to_livestorm(guarded: Guarded, name: str) -> None:
    """Whoever connects to one of its hosts is refused at once, and named."""
    printed, guard = guarded(REACH, name)
    (attempt,) = guard.attempts()
    assert printed == "ConnectionRefusedError"
    assert (attempt.target, attempt.is_real) == (f"{name.lower()}:443", True)
    assert attempt.process is not None
    assert attempt.process.name == PYTHON


@pytest.mark.parametrize(("family", "found"), [("0", "['192.0.2.1']"), ("10", "gaierror")])
def test_guard_lets_a_name_of_livestorm_be_looked_up(
    guarded: Guarded, family: str, found: str
) -> None:
    """Who only asks for an address has not missed the fake; it is nobody's, and none of IPv6."""
    printed, guard = guarded(LOOK_UP, "app.livestorm.co", family)
    assert (printed, guard.attempts(), guard.callers()) == (found, [], {})


def test_guard_has_an_address_for_each_name_and_no_more_than_there_are(guarded: Guarded) -> None:
    """Two names have two addresses, the same again when they are asked for again."""
    program = """
import socket
def found(name):
    try: return socket.gethostbyname(name)
    except OSError: return None
names = [f"h{number}.livestorm.co" for number in range(260)]
found_first = [found(one) for one in names]
print(len(set(found_first)), found_first[-1], found(names[0]) == found_first[0])
"""
    assert guarded(program)[0] == "251 None True"


@pytest.mark.parametrize("too_long", [False, True], ids=["by UDP", "by TCP"])
def test_guard_lets_other_hosts_be_found(guarded: Guarded, too_long: bool) -> None:
    """Other names are the machine's nameserver's, whichever way its answer takes."""
    with Nameserver({"db.test": "192.0.2.7"}, too_long=too_long) as nameserver:
        printed, guard = guarded(LOOK_UP, "db.test", "2", nameservers=[nameserver.address])
    assert (printed, guard.attempts()) == ("['192.0.2.7']", [])


@pytest.mark.parametrize("name", ["db.test", "app.livestorm.co"])
def test_guard_answers_c_ares_by_tcp(name: str) -> None:
    """Node's own resolver, which trusts no answer of another address, finds what there is."""
    guard = Guard()
    program = (
        f"require('dns').resolve4('{name}', (error, found) => console.log(error?.code, found))"
    )
    with Nameserver({"db.test": "192.0.2.7"}) as nameserver:
        child = subprocess.Popen(
            [need_program("node"), "-e", program],
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=guard.enter,
            env={**os.environ, "RES_OPTIONS": "use-vc"},
        )
        guard.begin(known={}, nameservers=[nameserver.address])
        printed, _ = child.communicate(timeout=SECONDS)
        assert guard.variables({"RES_OPTIONS": "rotate"}) == {"RES_OPTIONS": "rotate use-vc"}
        guard.close()
    found = {
        "db.test": "undefined [ '192.0.2.7' ]",
        "app.livestorm.co": "undefined [ '192.0.2.1' ]",
    }
    assert printed.strip().replace("null", "undefined") == found[name]


@pytest.mark.parametrize(
    ("way", "printed", "callers"),
    [
        ("sendto", "ECONNREFUSED", ["app.livestorm.co"]),
        ("sendmsg", "ECONNREFUSED", ["app.livestorm.co"]),
        ("write", "0", []),
    ],
)
def test_guard_lets_no_question_out_however_it_is_sent(
    guarded: Guarded, way: str, printed: str, callers: list[str]
) -> None:
    """A program that asks nameservers by itself is answered or refused, and known."""
    got, guard = guarded(DATAGRAM, way)
    assert (got, [one.target for one in guard.callers().values()]) == (printed, callers)


@pytest.mark.parametrize("address", [8, 2**63, 2**64 - 1], ids=hex)
def test_guard_goes_on_after_a_pointer_to_nothing(guarded: Guarded, address: int) -> None:
    """The call fails as without a guard, and the next one is decided as ever."""
    program = """
import ctypes, errno, socket, sys
sock = socket.socket()
libc = ctypes.CDLL(None, use_errno=True)
libc.connect(sock.fileno(), ctypes.c_void_p(int(sys.argv[1])), 16)
print(errno.errorcode[ctypes.get_errno()], errno.errorcode[sock.connect_ex(("127.0.0.9", 443))])
"""
    printed, guard = guarded(program, str(address), known={"127.0.0.9": "app.livestorm.co"})
    assert (printed, len(guard.attempts())) == ("EFAULT ECONNREFUSED", 1)


def test_guard_goes_on_after_a_failure_of_its_own(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call that it could not judge is refused, and the report tells why."""

    def fail(*_: object) -> None:
        monkeypatch.undo()
        raise ValueError("no such family")

    monkeypatch.setattr(guard_module, "sent_by", fail)
    program = """
import errno, socket
for _ in range(2):
    print(errno.errorcode[socket.socket().connect_ex(("127.0.0.9", 443))])
"""
    printed, guard = guarded(program, known={"127.0.0.9": "app.livestorm.co"})
    assert printed.split() == ["EFAULT", "ECONNREFUSED"]
    (note,) = guard.notes()
    assert "no such family" in note


@pytest.mark.parametrize(("count", "sent"), [(1, 1), (64, 64), (2000, 1024)])
def test_guard_lets_many_datagrams_be_sent_at_once(guarded: Guarded, count: int, sent: int) -> None:
    """As many as Linux takes are let through where none of them asks for Livestorm."""
    program = """
import ctypes, socket, sys
count = int(sys.argv[1])
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
taking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
taking.bind(("127.0.0.1", 0))
sock.connect(taking.getsockname())
messages = (ctypes.c_char * (64 * count))()
libc = ctypes.CDLL(None, use_errno=True)
print(libc.sendmmsg(sock.fileno(), messages, count, socket.MSG_NOSIGNAL))
"""
    printed, guard = guarded(program, str(count))
    assert (printed, guard.attempts(), guard.callers()) == (str(sent), [], {})


@pytest.mark.parametrize(
    "path",
    [
        "/run/systemd/resolve/io.systemd.Resolve",
        "/var/run/nscd/socket",
        "/run/avahi-daemon/socket",
    ],
)
def test_guard_refuses_daemons_that_look_names_up(guarded: Guarded, path: str) -> None:
    """The daemons that libc asks before nameservers are not there."""
    printed, _ = guarded(CONNECT, "AF_UNIX", path)
    assert printed == "ECONNREFUSED"


def test_guard_refuses_known_addresses_of_livestorm(guarded: Guarded) -> None:
    """An address that the hosts file has for a host of Livestorm is refused, and named by it."""
    known = {"127.0.0.9": "app.livestorm.co"}
    printed, guard = guarded(CONNECT, "AF_INET", "127.0.0.9", "443", known=known)
    assert printed == "ECONNREFUSED"
    assert [one.target for one in guard.attempts()] == ["app.livestorm.co:443"]


def test_guard_refuses_a_proxy_that_leads_past_the_fake(guarded: Guarded) -> None:
    """A proxy of the user's is refused, named, and no host of Livestorm."""
    refused = [("127.0.0.8", 3128)]
    printed, guard = guarded(CONNECT, "AF_INET", "127.0.0.8", "3128", refused=refused)
    named = [(one.target, one.is_real) for one in guard.attempts()]
    assert (printed, named) == ("ECONNREFUSED", [("127.0.0.8:3128", False)])


def test_guard_says_a_bounded_number_of_things(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many calls can't be judged, each in its own words."""
    numbers = iter(range(1000))

    def fail(*_: object) -> None:
        raise ValueError(next(numbers))

    monkeypatch.setattr(guard_module, "sent_by", fail)
    program = "import socket\nfor _ in range(100): socket.socket().connect_ex(('127.0.0.1', 9))"
    assert len(guarded(program)[1].notes()) == 40


@pytest.mark.parametrize("family", ["AF_INET", "AF_UNIX"])
def test_guard_lets_other_connections_be(guarded: Guarded, family: str, tmp_path: Path) -> None:
    """What is none of Livestorm's is connected to as ever."""
    with socket.socket(getattr(socket, family)) as listener:
        place: Any = str(tmp_path / "s") if family == "AF_UNIX" else ("127.0.0.1", 0)
        listener.bind(place)
        listener.listen()
        name = listener.getsockname()
        words = [name] if family == "AF_UNIX" else [name[0], str(name[1])]
        printed, guard = guarded(CONNECT, family, *words)
    assert (printed, guard.attempts()) == ("connected", [])


def test_guard_remembers_who_came_to_a_watched_port(guarded: Guarded) -> None:
    """Who connects to the fake's door is known, whether or not it asks for anything."""
    _, guard = guarded(CONNECT, "AF_INET", "127.0.0.1", "9", watched=[9])
    (caller,) = guard.callers().values()
    assert caller.process is not None
    assert (caller.process.name, caller.is_real) == (PYTHON, True)


def test_guard_holds_for_all_threads_and_children(guarded: Guarded) -> None:
    """Twenty threads of a child's child are refused, each by its own answer."""
    program = """
import subprocess, sys
code = '''
import threading, socket
def look():
    try: socket.create_connection(("api.livestorm.co", 443))
    except OSError: print("refused", flush=True)
threads = [threading.Thread(target=look) for _ in range(20)]
[one.start() for one in threads]
[one.join() for one in threads]
'''
print(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout)
"""
    printed, guard = guarded(program)
    assert printed.count("refused") == 20
    assert len({one.process.id for one in guard.attempts() if one.process}) == 1


def test_guard_allows_no_ring_that_would_go_round_it(guarded: Guarded) -> None:
    """A program that wants io_uring is told that the kernel has none."""
    program = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
print(libc.syscall(425, 8, 0), errno.errorcode[ctypes.get_errno()])
"""
    assert guarded(program)[0] == "-1 ENOSYS"


def test_guarded_command_does_not_hang_when_the_guard_ends() -> None:
    """Whoever outlives the guard can't connect, and is told so at once."""
    guard = Guard()
    program = (
        "import socket, sys; sys.stdin.readline();"
        " print(socket.socket().connect_ex(('127.0.0.1', 9)))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=guard.enter,
    )
    guard.begin(known={}, nameservers=[])
    guard.close()
    printed, _ = child.communicate("go\n", timeout=SECONDS)
    assert printed.strip() == "38"


def test_hosts_file_names_addresses_of_livestorm(tmp_path: Path) -> None:
    """Only addresses with a name below livestorm.co count."""
    path = tmp_path / "hosts"
    path.write_text(
        "127.0.0.1 localhost\n192.0.2.1 x App.Livestorm.co. # y\n192.0.2.2 notlivestorm.co\n"
    )
    assert HostsFile(path).news() == {"192.0.2.1": "app.livestorm.co"}


def test_hosts_file_that_is_missing_names_none(tmp_path: Path) -> None:
    """Without the file there are no such addresses."""
    assert HostsFile(tmp_path / "none").news() == {}


def test_nameservers_are_those_of_the_machine(tmp_path: Path) -> None:
    """They are read as libc reads them; without any, libc asks the loopback."""
    path = tmp_path / "resolv.conf"
    path.write_text("# x\nsearch test\nnameserver 192.0.2.53\nnameserver fe80::1\n")
    assert machine_nameservers(path) == [("192.0.2.53", 53), ("fe80::1", 53)]
    assert machine_nameservers(tmp_path / "none") == [("127.0.0.1", 53)]


@pytest.mark.parametrize("before", [b"", len(QUERY).to_bytes(2, "big")], ids=["UDP", "TCP"])
def test_question_for_livestorm_is_recognised(before: bytes) -> None:
    """The name is read with or without the length in front, whatever its case."""
    assert real_name(before + QUERY.replace(b"livestorm", b"LiveStorm")) == "app.livestorm.co"


def test_question_with_a_domain_of_the_machine_is_for_livestorm() -> None:
    """A cluster tries its own domains first: `app.livestorm.co.default.svc.cluster.local`."""
    query = QUERY.replace(b"\x02co\0", b"\x02co\x07cluster\x05local\0")
    assert real_name(query) == "app.livestorm.co"


@pytest.mark.parametrize("label", ["notlivestorm", "livestorms", "livestor"])
def test_question_for_another_domain_is_not(label: str) -> None:
    """A domain whose name is only like it is another one."""
    encoded = bytes([len(label)]) + label.encode()
    assert real_name(QUERY.replace(b"\x09livestorm", encoded)) is None


def test_proxies_are_found_in_all_their_forms() -> None:
    """With and without a scheme, in either case, with default ports."""
    environment = {
        "https_proxy": "http://proxy.test:3128",
        "HTTP_PROXY": "10.0.0.1:8080",
        "ALL_PROXY": "socks5://u:p@socks.test",
        "NO_PROXY": "x",
    }
    assert proxies(environment) == {
        ("proxy.test", 3128),
        ("10.0.0.1", 8080),
        ("socks.test", 1080),
    }
