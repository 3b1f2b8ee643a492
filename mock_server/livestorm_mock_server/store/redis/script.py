"""Scripts that hold whole operations, and how a server is asked to run them."""

from collections.abc import Sequence
from hashlib import sha1
from importlib.resources import files
from typing import Any, Protocol

Argument = str | bytes | int


class Script:
    """A script in Lua, made of the files of a folder of a package."""

    def __init__(self, package: str, parts: Sequence[str]) -> None:
        """`parts` are in this order, as each uses what stands in those before."""
        folder = files(package) / "operations"
        self.text = "\n".join((folder / f"{part}.lua").read_text("utf-8") for part in parts)
        self.digest = sha1(self.text.encode(), usedforsecurity=False).hexdigest()


STORE = Script(__package__, ("writing", "ended", "records", "codes", "tokens", "counts", "running"))
"""The operations of `Store`."""


class Server(Protocol):
    """A Redis server, or a cluster."""

    async def run(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        """Run a script once, whole, and give its answer, with texts as bytes.

        Raises StoreUnavailableError; then nobody knows whether it ran.
        """
