"""Messages between `run` and the child that becomes the command, with descriptors beside them."""

import pickle
import socket
import struct
from collections.abc import Sequence

_LENGTH = struct.Struct("!I")
_MOST = 64
"""Descriptors in one message; Linux takes 253. https://man7.org/linux/man-pages/man7/unix.7.html"""


class Channel:
    """One end; each message is a value that pickle knows, and descriptors."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def send(self, message: object, descriptors: Sequence[int] = ()) -> None:
        """Send a message. Raises OSError where the other end is gone."""
        body = pickle.dumps(message)
        head = _LENGTH.pack(len(body))
        if descriptors:
            socket.send_fds(self._end, [head], list(descriptors))
        else:
            self._end.sendall(head)
        self._end.sendall(body)

    def receive(self) -> tuple[object, list[int]]:
        """Wait for a message. Raises ConnectionError where the other end is gone."""
        head, descriptors, _, _ = socket.recv_fds(self._end, _LENGTH.size, _MOST)
        head += self._read(_LENGTH.size - len(head))
        body = self._read(_LENGTH.unpack(head)[0])
        return pickle.loads(body), descriptors  # noqa: S301  # of this program's own fork

    def close(self) -> None:
        """Let the other end know that nothing more comes."""
        self._end.close()

    def _read(self, length: int) -> bytes:
        data = bytearray()
        while len(data) < length:
            came = self._end.recv(min(length - len(data), 65536))
            if not came:
                raise ConnectionAbortedError("the command's process is gone before its time")
            data += came
        return bytes(data)
