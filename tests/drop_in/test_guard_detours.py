"""Ways round the guard: each is refused, or leads to its resolver like the straight one."""

import platform

import pytest

from . import test_guard
from .test_guard import Guarded

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
