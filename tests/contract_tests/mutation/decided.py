"""What earlier runs have found, so that a run which was interrupted need not begin anew."""

import hashlib
import json
from pathlib import Path

from .mutants import ROOT

CLIENT = (ROOT / "client",)
SUITE = tuple(ROOT / name for name in ("contract_tests", "mock_server", "scenarios"))
SOURCES = (".py", ".toml")


class Decided:
    """The killer of each mutant, None for a survivor, in a file of JSON lines.

    What was found with another client is forgotten; what survived another suite is, too.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._client, self._suite = digest(*CLIENT), digest(*SUITE)
        self.killers: dict[str, str | None] = {}
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            self._read(**json.loads(line))

    def _read(self, client: str, suite: str, mutant: str, killer: str | None) -> None:
        if client == self._client and (killer or suite == self._suite):
            self.killers[mutant] = killer

    def add(self, mutant: str, killer: str | None) -> None:
        """Note what a mutant came to."""
        self.killers[mutant] = killer
        told = {"client": self._client, "suite": self._suite, "mutant": mutant, "killer": killer}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(told)}\n")


def digest(*folders: Path) -> str:
    """Give a hash of all sources in some folders, what is installed or built there left out."""
    paths = sorted(
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in SOURCES and not {".build", "node_modules"}.intersection(path.parts)
    )
    texts = [f"{path.relative_to(ROOT)} {path.read_text(encoding='utf-8')}" for path in paths]
    return hashlib.sha256("".join(texts).encode()).hexdigest()
