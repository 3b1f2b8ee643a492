"""What an adapter in Python is written with; nothing else here is meant for one.

`serve` speaks the protocol over standard input and output, `fingerprint` names a token without
showing it, and `Kind` has the words for how an operation ended.
"""

from .adapters.loop import serve
from .driving import kinds
from .driving.kinds import Kind

__all__ = ["Kind", "fingerprint", "serve"]


def fingerprint(token: object) -> object:
    """Name a token without showing it; what is no text stays as it is, for the suite to tell."""
    return kinds.fingerprint(token) if isinstance(token, str) else token
