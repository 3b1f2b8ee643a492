"""A sandbox in a file: `serve --state`."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Self

import msgspec

from ..clock import VirtualClock
from ..reading import InvalidInputError
from ..registration import Registration
from ..scenario import Scenario
from ..scenario_bodies import reason_of
from .encoding import decode, encode, too_deep
from .reading import read_document
from .state import Snapshot
from .writing import write_document


class StateFileError(Exception):
    """A file can't be used for a state: the file, and what is wrong with it."""


class StateFile(msgspec.Struct, frozen=True):
    """A file for a state, and the state that it had."""

    path: Path
    snapshot: Snapshot | None
    """None where there was no file."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file, which need not be there yet.

        Raises StateFileError, also where the file could not be written later.
        """
        try:
            raw: bytes | None = path.read_bytes()
        except FileNotFoundError:
            raw = None
        except (OSError, ValueError) as error:
            raise StateFileError(f"{path}: can't be read: {reason_of(error)}") from None
        _check_folder(path)
        try:
            return cls(path, None if raw is None else read_document(decode(raw), VirtualClock()))
        except InvalidInputError as error:
            raise StateFileError(f"{path}: {error}") from None

    def differs_from(
        self, scenario: Scenario, registration: Registration, seed: str | None
    ) -> bool:
        """Tell whether the state began from something else."""
        if self.snapshot is None:
            return False
        state = self.snapshot.state
        own = (state.scenario, state.registration, self.snapshot.drawing.seed)
        return own != (scenario, registration, seed)

    def write(self, snapshot: Snapshot) -> None:
        """Put a state in the place of the one that is there, for nobody else to read.

        Whatever happens meanwhile, one of the two is there, whole. Raises StateFileError.
        """
        content = self._encoded(snapshot)
        target = Path(os.path.realpath(self.path))
        try:
            descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:20]}.")
            try:
                with open(descriptor, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(name, target)
            except BaseException:
                with suppress(OSError):
                    os.unlink(name)
                raise
        except OSError as error:
            raise StateFileError(f"{self.path}: can't be written: {reason_of(error)}") from None

    def _encoded(self, snapshot: Snapshot) -> bytes:
        try:
            return encode(write_document(snapshot)) + b"\n"
        except RecursionError:
            reason = str(too_deep())
        except (ValueError, TypeError) as error:
            reason = f"JSON can't hold it: {error}"
        raise StateFileError(f"{self.path}: can't be written: {reason}")


def _check_folder(path: Path) -> None:
    """Check that a file can be put there. Raises StateFileError."""
    folder = Path(os.path.realpath(path)).parent
    if not os.access(folder, os.W_OK | os.X_OK):
        reason = "it is not allowed" if folder.is_dir() else "there is no such folder"
        raise StateFileError(f"{path}: can't be written: {reason}")
