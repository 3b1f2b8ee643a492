"""What is told where a process runs out of file descriptors, of which each connection takes one."""

import errno
import os
from contextlib import ExitStack

# Loaded at once, as that takes a descriptor itself; there is none on Windows.
# https://docs.python.org/3/library/resource.html
try:
    import resource
except ImportError:
    resource = None  # type: ignore[assignment]

_RESERVE = 8
"""What connections leave for the server's own work, such as a module that is loaded late."""
_NEEDED = 24 + _RESERVE
"""What a server takes, with a few connections: without it, libuv would end the process."""


def check_descriptors() -> None:
    """See that there are enough for a server. Raises OSError, which says what to do."""
    with ExitStack() as taken:
        try:
            for _ in range(_NEEDED):
                taken.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        except OSError as error:
            raise OSError(error.errno, shortage(error) or error.strerror) from None


def is_in_reserve(descriptor: int) -> bool:
    """Tell whether so few are left beyond this one, which the system took for the lowest."""
    limit = _limit()
    return limit is not None and descriptor >= limit - _RESERVE


def shortage(error: OSError) -> str | None:
    """Say what has run out, and what to do; None for an error of another kind."""
    if error.errno == errno.EMFILE:
        return (
            f"too few file descriptors: this process may have {_limit() or 'no more'} at once;"
            " allow it more, for instance by `ulimit -n 4096` in the shell that starts it"
        )
    if error.errno in (errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
        return f"the system has nothing left for a further connection: {os.strerror(error.errno)}"
    return None


def _limit() -> int | None:
    """Give how many this process may have; None for any number, or where nothing tells."""
    if resource is None:
        return None
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return None if limit == resource.RLIM_INFINITY else limit
