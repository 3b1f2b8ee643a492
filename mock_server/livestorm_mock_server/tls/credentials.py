"""What a server shows to clients, and the file by which they trust it."""

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from weakref import finalize

from ..origins import is_loopback
from . import folder
from .authority import NAMES, Authority, real_time


class Credentials:
    """A certificate for the fake's names, and for those of `hosts` that are this machine's.

    With `ca_dir` the authority is kept there between runs, else it is new and its certificate in
    a temporary folder, which `close` removes, and the end of the process. The certificate is made
    anew when it gets old. Raises InvalidInputError for a folder that can't be used.
    """

    def __init__(self, ca_dir: Path | None = None, hosts: Iterable[str] = ()) -> None:
        now = real_time()
        own = dict.fromkeys([*NAMES, *filter(_is_here, hosts)])
        self.names = tuple(own)
        self._remove: Callable[[], object] | None = None
        if ca_dir is None:
            self.authority = Authority.create(now=now)
            self.ca_file = folder.publish_for_now(self.authority.pem)
            self._remove = finalize(self, _remove, self.ca_file.parent, os.getpid())
        else:
            self.authority = Authority.in_folder(ca_dir, now=now)
            self.ca_file = ca_dir.absolute() / folder.CERTIFICATE
        self.context = self.authority.context(*self.names)

    def close(self) -> None:
        """Remove the temporary folder."""
        if self._remove is not None:
            self._remove()


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # A fork ends before its parent does.
        shutil.rmtree(folder, ignore_errors=True)


def _is_here(host: str) -> bool:
    """Tell whether the authority can vouch for a host as one of this machine."""
    return is_loopback(host) or host.lower().endswith(".localhost")
