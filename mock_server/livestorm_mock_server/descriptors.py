"""What is told where a process runs out of file descriptors, of which each connection takes one."""

import errno
import os
from contextlib import ExitStack, suppress

_NEEDED = 16
"""What a server takes at its start, and a few connections: libuv ends the process without them."""


def check_descriptors() -> None:
    """See that there are enough for a server. Raises OSError, which says what to do."""
    with ExitStack() as taken:
        try:
            for _ in range(_NEEDED):
                taken.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        except OSError as error:
            raise OSError(error.errno, shortage(error) or error.strerror) from None


def shortage(error: OSError) -> str | None:
    """Say what has run out, and what to do; None for an error of another kind."""
    if error.errno == errno.EMFILE:
        return (
            f"too few file descriptors: this process may have {_limit()} at once; allow it more,"
            " for instance by `ulimit -n 4096` in the shell that starts it"
        )
    if error.errno in (errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
        return f"the system has nothing left for a further connection: {os.strerror(error.errno)}"
    return None


def _limit() -> str:
    # There is no such module on Windows: https://docs.python.org/3/library/resource.html
    with suppress(ImportError):
        import resource

        return str(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    return "no more"
