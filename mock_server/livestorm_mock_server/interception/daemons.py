"""Who on Linux looks names up for libc before, or beside, the nameservers."""

from typing import Final

FOLDER: Final = "/run"
SOCKETS: Final = (
    "nscd/socket",
    "systemd/resolve/io.systemd.Resolve",
    "systemd/resolve/io.systemd.Resolve.Monitor",
    "avahi-daemon/socket",
)
"""Where they listen, in that folder."""
