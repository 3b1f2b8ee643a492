"""Whose a socket is, from /proc. https://man7.org/linux/man-pages/man5/proc.5.html"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from io import FileIO

from .sock_diag import End, SocketDiagnosis
from .way import Process

_LOCAL, _REMOTE, _INODE = 1, 2, 9
"""Columns of the tables."""


class SocketOwners:
    """Finds processes among those that belong to the command."""

    def __init__(
        self,
        tables: Mapping[str, Sequence[FileIO]],
        belongs: Callable[[int], bool],
        diagnosis: SocketDiagnosis | None = None,
    ) -> None:
        """`tables` are files of /proc/net, of `tcp` and `udp`; `belongs` chooses process ids."""
        self._tables, self._belongs, self._diagnosis = tables, belongs, diagnosis
        self._recent: list[int] = []

    def find_connection(self, local: End, remote: End) -> Process | None:
        """Give whose TCP connection leads from one end to the other."""
        inode = None if self._diagnosis is None else self._diagnosis.inode(local, remote)
        if inode is not None:
            return self._owner(inode)
        if self._diagnosis is not None and self._diagnosis.works:
            return None
        return self.find("tcp", local[1], remote[1])

    def find(self, protocol: str, port: int, remote_port: int | None = None) -> Process | None:
        """Give whose socket has a local port, and is connected to a remote one."""
        owners = map(self._owner, self._inodes(protocol, port, remote_port))
        return next((one for one in owners if one is not None), None)

    def processes(self) -> list[Process]:
        """Give all that there are."""
        return [Process(one, name_of(one)) for one in _process_ids() if self._belongs(one)]

    def _owner(self, inode: int) -> Process | None:
        for process_id in self._candidates():
            if _has(process_id, f"socket:[{inode}]"):
                others = [one for one in self._recent if one != process_id]
                self._recent = [process_id, *others[:3]]
                return Process(process_id, name_of(process_id))
        return None

    def _inodes(self, protocol: str, port: int, remote_port: int | None) -> Iterator[int]:
        for table in self._tables[protocol]:
            table.seek(0)
            for row in table.readall().decode("ascii", "replace").splitlines()[1:]:
                cells = row.split()
                if _port(cells[_LOCAL]) != port or cells[_INODE] == "0":
                    continue
                if remote_port in (None, _port(cells[_REMOTE])):
                    yield int(cells[_INODE])

    def _candidates(self) -> Iterator[int]:
        """Give process ids, those that were found last first."""
        yield from self._recent
        known = set(self._recent)
        yield from (one for one in _process_ids() if one not in known and self._belongs(one))


def name_of(process_id: int) -> str:
    """Give the short name of a process."""
    with suppress(OSError), open(f"/proc/{process_id}/comm", "rb") as file:
        return file.read().decode("utf-8", "replace").rstrip("\n")
    return "?"


def _port(cell: str) -> int:
    return int(cell.rpartition(":")[2], 16)


def _process_ids() -> list[int]:
    """Give the ids, the newest first."""
    return sorted((int(one) for one in os.listdir("/proc") if one.isdigit()), reverse=True)


def _has(process_id: int, link: str) -> bool:
    folder = f"/proc/{process_id}/fd"
    with suppress(OSError):
        for one in os.listdir(folder):
            with suppress(OSError):
                if os.readlink(f"{folder}/{one}") == link:
                    return True
    return False
