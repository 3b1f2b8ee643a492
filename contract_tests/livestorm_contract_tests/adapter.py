"""What an adapter in Python is written with; nothing else here is meant for one.

`serve` speaks the protocol over standard input and output, `fingerprint` names a token without
showing it, and `Kind` has the words for how an operation ended.
"""

from .adapters.loop import serve
from .driving.kinds import Kind, fingerprint

__all__ = ["Kind", "fingerprint", "serve"]
