"""Messages between `run` and the child that becomes the command, with descriptors beside them."""

import pickle
import socket
import struct
from collections.abc import Sequence

_HEAD = struct.Struct("!II")
_MOST = 253
"""Descriptors at once, for Linux. https://man7.org/linux/man-pages/man7/unix.7.html"""


class Channel:
    """One end; each message is a value that pickle knows, and descriptors."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def send(self, message: object, descriptors: Sequence[int] = ()) -> None:
        """Send a message. Raises OSError where the other end is gone."""
        body = pickle.dumps(message)
        self._end.sendall(_HEAD.pack(len(body), len(descriptors)))
        for start in range(0, len(descriptors), _MOST):
            socket.send_fds(self._end, [b"\0"], list(descriptors[start : start + _MOST]))
        self._end.sendall(body)

    def receive(self) -> tuple[object, list[int]]:
        """Wait for a message. Raises ConnectionError where the other end is gone."""
        length, count = _HEAD.unpack(self._read(_HEAD.size))
        descriptors: list[int] = []
        while len(descriptors) < count:
            came, here, _, _ = socket.recv_fds(self._end, 1, _MOST)
            if not here:
                told = "the command's process is gone" if not came else "descriptors are lost"
                raise ConnectionAbortedError(told)
            descriptors += here
        body = self._read(length)
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
