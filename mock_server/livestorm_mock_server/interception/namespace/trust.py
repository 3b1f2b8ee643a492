"""The trust stores inside: what the machine's have, and the fake's authority beside it."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from ..java_store import certificates, read_store, write_store
from ..subject_hash import subject_hash
from ..trust import trusted_by_machine
from ..trust_files import bundles, folders, java_stores
from .plan import BUNDLE_FILE, CA_FILE
from .syscalls import bind

Add = Callable[[str], None]
"""Adds the authority, as PEM, to a store that stands in its place already."""


class Trust:
    """Copies of all stores of certificates, in the places of these; `add` comes once."""

    def __init__(
        self, folder: Path, environment: Mapping[str, str], command: Sequence[str]
    ) -> None:
        """`folder` takes the copies."""
        self._folder = folder
        self._additions: list[Add] = []
        self._trusted = trusted_by_machine(environment)
        # Folders first: some of the files are in them.
        for path in folders(environment):
            self._replace(path, self._copy_folder)
        for path in bundles(environment, command):
            self._replace(path, self._copy_bundle)
        for path in java_stores(environment):
            self._replace(path, self._copy_java_store)
        self._write_bundle()

    def add(self, pem: str) -> None:
        """Have the command trust an authority."""
        self._write(self._folder / CA_FILE, pem.encode())
        for add in self._additions:
            add(pem)

    def _replace(self, path: Path, copy: Callable[[Path, Path], Add]) -> None:
        """Put a copy where a store is; one that nobody here may read is nobody's loss."""
        place = self._folder / f"{len(self._additions)}-{path.name}"
        with suppress(PermissionError, FileNotFoundError):
            add = copy(path, place)
            bind(place, path)
            self._additions.append(add)

    def _copy_bundle(self, path: Path, place: Path) -> Add:
        self._write(place, path.read_bytes())
        return partial(self._append, place)

    def _copy_folder(self, path: Path, place: Path) -> Add:
        place.mkdir()
        place.chmod(0o755)
        for one in path.iterdir():
            if one.is_symlink():
                (place / one.name).symlink_to(os.readlink(one))
            elif one.is_dir():
                (place / one.name).mkdir()
                bind(one, place / one.name)
            elif one.is_file():
                with suppress(PermissionError):
                    self._write(place / one.name, one.read_bytes())

        def add(pem: str) -> None:
            self._write(place / f"{subject_hash(pem)}.0", pem.encode())

        return add

    def _copy_java_store(self, path: Path, place: Path) -> Add:
        trusted = read_store(path.read_bytes()) or certificates(self._trusted)
        self._write(place, b"")

        def add(pem: str) -> None:
            self._write(place, write_store([*trusted, *certificates(pem)]))

        return add

    def _write_bundle(self) -> None:
        """Keep what the machine trusts in a file that variables can name."""
        place = self._folder / BUNDLE_FILE
        self._write(place, self._trusted.encode())
        self._additions.append(partial(self._append, place))

    def _append(self, place: Path, pem: str) -> None:
        with place.open("ab") as file:
            file.write(f"\n{pem}".encode())

    def _write(self, place: Path, data: bytes) -> None:
        place.write_bytes(data)
        place.chmod(0o644)
