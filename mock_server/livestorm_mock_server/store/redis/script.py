"""The script that holds all operations, and how a server is asked to run it."""

from collections.abc import Sequence
from hashlib import sha1
from importlib.resources import files
from typing import Any, Protocol

_PARTS = ("writing", "ended", "records", "codes", "tokens", "counts", "running")
"""In this order: each uses what stands in those before."""

SCRIPT = "\n".join(
    (files(__package__) / "operations" / f"{part}.lua").read_text("utf-8") for part in _PARTS
)
DIGEST = sha1(SCRIPT.encode(), usedforsecurity=False).hexdigest()

Argument = str | bytes | int


class Server(Protocol):
    """A Redis server, or a cluster."""

    async def run(self, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        """Run `SCRIPT` once, whole, and give its answer, with texts as bytes.

        Raises StoreUnavailableError; then nobody knows whether it ran.
        """
