"""Ways round the guard: each is refused, or leads to its resolver like the straight one."""

import platform
import socket
from pathlib import Path

import pytest
from livestorm_mock_server.interception.hosts_file import HostsFile
from livestorm_mock_server.interception.resolver import is_nameserver

from . import test_guard
from .nameserver import Nameserver
from .test_guard import QUERY, REACH, Guarded

guarded = test_guard.guarded

FOREIGN_CALL = """
import ctypes, errno, mmap, socket, struct, sys
page = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40, prot=7)
code = bytes.fromhex("5389f889f389d1ba10000000cd805bc3")  # of three registers, int 0x80
address = struct.pack("=HHBBBB8x", socket.AF_INET, 0x0900, 127, 0, 0, 1)
page[:len(code)] = code
page[2048 : 2048 + len(address)] = address
start = ctypes.addressof(ctypes.c_char.from_buffer(page))
call = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_uint32)(start)
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
print(errno.errorcode.get(-call(int(sys.argv[1]), sock.fileno(), start + 2048), "done"))
"""


@pytest.mark.skipif(platform.machine() != "x86_64", reason="int 0x80 is x86's")
@pytest.mark.parametrize(
    ("number", "printed"),
    [
        pytest.param(102, "EAFNOSUPPORT", id="socketcall"),
        pytest.param(345, "EAFNOSUPPORT", id="sendmmsg"),
        pytest.param(359, "EAFNOSUPPORT", id="socket"),
        pytest.param(362, "EAFNOSUPPORT", id="connect"),
        pytest.param(369, "EAFNOSUPPORT", id="sendto"),
        pytest.param(370, "EAFNOSUPPORT", id="sendmsg"),
        pytest.param(425, "ENOSYS", id="io_uring_setup"),
    ],
)
def test_guard_allows_no_socket_to_32_bit_code_of_a_64_bit_program(
    guarded: Guarded, number: int, printed: str
) -> None:
    """The kernel's old gate has the same sockets, by other numbers."""
    assert guarded(FOREIGN_CALL, str(number))[0] == printed


SENDS = f"""
import ctypes, errno, socket, struct, sys
query = {QUERY!r}
libc = ctypes.CDLL(None, use_errno=True)
def address(family):
    return struct.pack("=H", family) + struct.pack("!HBBBB8x", 53, 127, 0, 0, 77)
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
stream = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
pieces = [query[at : at + 1] for at in range(len(query))]
to = ("127.0.0.77", 53)
try:
    {{
        "no family": lambda: libc.sendto(sock.fileno(), query, len(query), 0, address(0), 16),
        "pieces": lambda: sock.sendmsg(pieces, [], 0, to),
        "empty pieces": lambda: sock.sendmsg([b""] * 900 + pieces, [], 0, to),
        "corked": lambda: sock.sendto(query[:16], socket.MSG_MORE, to) + sock.send(query[16:]),
        "another port": lambda: sock.sendto(query, ("127.0.0.77", 5353)),
        "answer": lambda: sock.sendto(query[:2] + b"\\x81" + query[3:], ("127.0.0.77", 5353)),
        "part of a text": lambda: sock.sendto(b"a longer text: " + query, ("127.0.0.77", 5353)),
        "connected": lambda: (sock.connect(to), sock.send(query), sock.recv(512)),
        "hand over": lambda: sock.sendmsg([query], [], 0x2840, to),
        "fast open": lambda: stream.sendto(b"", 0x20000000, to),
        "fast open message": lambda: stream.sendmsg([], [], 0x20000000, to),
    }}[sys.argv[1]]()
    print(errno.errorcode.get(ctypes.get_errno(), "sent"))
except OSError as error:
    print(errno.errorcode[error.errno])
"""


@pytest.mark.parametrize("way", ["no family", "pieces", "empty pieces", "another port"])
def test_guard_refuses_a_question_in_an_unusual_form(guarded: Guarded, way: str) -> None:
    """Linux sends it, wherever it lies, with a family or without; any port may be meant."""
    printed, guard = guarded(SENDS, way)
    callers = [one.target for one in guard.callers().values()]
    assert (printed, callers) == ("ECONNREFUSED", ["app.livestorm.co"])


def test_guard_refuses_a_question_in_parts(guarded: Guarded) -> None:
    """Linux adds to a datagram that is held back, where nobody sees to what address it goes."""
    printed, guard = guarded(SENDS, "corked")
    (note,) = guard.notes()
    assert printed == "ECONNREFUSED"
    assert note.endswith("python sent to a nameserver was refused: it is no whole question")


@pytest.mark.parametrize("way", ["fast open", "fast open message"])
def test_guard_offers_no_fast_open_to_a_nameserver(guarded: Guarded, way: str) -> None:
    """Who connects by what it sends is told to connect first, as the resolver is reached by."""
    assert guarded(SENDS, way)[0] == "ENOTSUP"


def test_guard_leaves_nothing_open_by_which_it_was_handed_over(guarded: Guarded) -> None:
    """The message that the guard's own child sends first is the last of its kind."""
    assert guarded(SENDS, "hand over")[0] == "EINVAL"


@pytest.mark.parametrize("too_long", [False, True], ids=["by UDP", "by TCP"])
def test_guard_refuses_an_alias_of_livestorm(guarded: Guarded, too_long: bool) -> None:
    """A name of somebody's that leads to a host of Livestorm is that host."""
    known = {"alias.test": "127.0.0.1"}
    with Nameserver(known, too_long=too_long, alias_of="app.livestorm.co") as nameserver:
        printed, guard = guarded(REACH, "alias.test", nameservers=[nameserver.address])
    named = [(one.target, one.is_real) for one in guard.attempts()]
    assert (printed, named) == ("ConnectionRefusedError", [("app.livestorm.co:443", True)])


def test_guard_refuses_what_the_hosts_file_says_meanwhile(guarded: Guarded, tmp_path: Path) -> None:
    """An address that is written there while the command runs is as one that was there before."""
    path = tmp_path / "hosts"
    path.write_text("127.0.0.1 localhost\n")
    program = """
import errno, socket, sys
def reached():
    return errno.errorcode[socket.socket().connect_ex(("127.0.0.9", 9))]
before = reached()
with open(sys.argv[1], "a") as file: file.write("127.0.0.9 api.livestorm.co\\n")
print(before, reached())
"""
    printed, guard = guarded(program, str(path), hosts=HostsFile(path))
    named = [one.target for one in guard.attempts()]
    assert (printed, named) == ("ECONNREFUSED ECONNREFUSED", ["api.livestorm.co:9"])


@pytest.mark.parametrize(
    ("family", "kind", "printed"),
    [
        ("AF_UNIX", socket.SOCK_SEQPACKET, ["EPROTONOSUPPORT"]),
        pytest.param("AF_INET", 10, ["EPROTONOSUPPORT", "EPERM"], id="SOCK_PACKET, root's"),
    ],
)
def test_guard_connects_no_socket_of_another_kind_to_a_nameserver(
    guarded: Guarded, family: str, kind: int, printed: list[str]
) -> None:
    """What is neither a stream nor of datagrams can't lead to the resolver; the guard goes on."""
    program = """
import ctypes, errno, socket, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
number = libc.socket(getattr(socket, sys.argv[1]), int(sys.argv[2]), 0)
address = struct.pack("=H", socket.AF_INET) + struct.pack("!HBBBB8x", 53, 192, 0, 2, 53)
number < 0 or libc.connect(number, address, 16)
print(errno.errorcode[ctypes.get_errno()])
"""
    found, guard = guarded(program, family, str(int(kind)))
    assert (found in printed, guard.notes()) == (True, [])


@pytest.mark.parametrize("way", ["answer", "part of a text"])
def test_guard_lets_datagrams_with_the_name_be_that_ask_for_nothing(
    guarded: Guarded, way: str
) -> None:
    """What a nameserver of the command's own answers, or a log has, goes where it is sent."""
    printed, guard = guarded(SENDS, way)
    assert (printed, guard.callers(), guard.notes()) == ("sent", {}, [])


@pytest.mark.parametrize(
    ("nameservers", "printed"), [([("127.0.0.77", 53)], "sent"), ([], "ECONNREFUSED")]
)
def test_guard_leads_to_its_resolver_whom_the_machine_asks(
    guarded: Guarded, nameservers: list[tuple[str, int]], printed: str
) -> None:
    """Who asks another one on the loopback gets it, or nobody where nobody is there."""
    assert guarded(SENDS, "connected", nameservers=nameservers)[0] == printed


@pytest.mark.parametrize(
    ("host", "leads"),
    [
        ("192.0.2.53", True),
        ("2001:db8::53", True),
        ("::", True),
        ("127.0.0.53", True),
        ("127.0.0.77", True),
        ("127.0.0.1", False),
        ("::1", False),
    ],
)
def test_nameservers_are_all_but_unknown_ones_on_the_loopback(host: str, leads: bool) -> None:
    """One on the loopback may be the command's own, unless the machine has it."""
    assert is_nameserver(host, [("127.0.0.77", 53)]) is leads


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6"])
def test_guard_knows_who_connected_from_a_port_and_is_gone(guarded: Guarded, family: str) -> None:
    """A process that leaves at once, or leaves its connection to a fork, is known by its port."""
    program = """
import os, socket, sys
sock = socket.socket(getattr(socket, sys.argv[1]), socket.SOCK_STREAM)
host = "127.0.0.1" if sys.argv[1] == "AF_INET" else "::ffff:127.0.0.1"
sock.connect((host, int(sys.argv[2])))
os.write(1, str(os.getpid()).encode())
os._exit(0)
"""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        printed, guard = guarded(program, family, str(port), watched=[port])
        taken, peer = listener.accept()
        taken.close()
    found = guard.caller_at(peer[1])
    assert found is not None
    assert (found.id, found.name) == (int(printed), "python")
