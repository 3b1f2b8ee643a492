"""The folder in which an authority is kept between runs."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from ..reading import InvalidInputError

CERTIFICATE: Final = "ca.pem"
"""What clients trust."""
KEY: Final = "ca-key.pem"
"""The key, and the certificate that belongs to it."""

_FOR_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
MEND: Final = f"or delete {KEY} to have a new authority"


def make_private(folder: Path) -> None:
    """Make a folder that only its owner can use, or check one. Raises InvalidInputError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_private(folder, folder, "700")
    except OSError as error:
        raise unusable(folder, error) from None


def read_key(folder: Path) -> bytes | None:
    """Give what the file of the key holds, None without one. Raises InvalidInputError."""
    path = folder / KEY
    try:
        _check_private(path, folder, "600")
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unusable(folder, error) from None


def keep_key(folder: Path, pem: bytes) -> bytes:
    """Keep a key where none is kept, as nobody else can read it; give the one that is kept.

    Of several processes one has its own. Raises InvalidInputError.
    """
    try:
        written = _write(folder, pem, 0o600)
        try:
            with suppress(FileExistsError):
                os.link(written, folder / KEY)
        finally:
            written.unlink()
        return (folder / KEY).read_bytes()
    except OSError as error:
        raise unusable(folder, error) from None


def publish(folder: Path, pem: str) -> Path:
    """Write the certificate for clients; give where. Raises InvalidInputError."""
    path = folder / CERTIFICATE
    try:
        if path.exists() and path.read_bytes() == pem.encode():
            return path
        _write(folder, pem.encode(), 0o644).replace(path)
    except OSError as error:
        raise unusable(folder, error) from None
    return path


def publish_for_now(pem: str) -> Path:
    """Write the certificate into a file of its own, which somebody has to remove; give where."""
    return _write(Path(tempfile.gettempdir()), pem.encode(), 0o644)


def unusable(folder: Path, error: OSError) -> InvalidInputError:
    """Say that a folder can't be used."""
    return InvalidInputError("ca_dir", str(folder), f"a folder that can be used: {error.strerror}")


def _check_private(path: Path, folder: Path, mode: str) -> None:
    given = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and given & _FOR_OTHERS:
        told = f"what only its owner can read: {path} has mode {given:o} (chmod {mode} {path})"
        raise InvalidInputError("ca_dir", str(folder), told)


def _write(folder: Path, content: bytes, mode: int) -> Path:
    """Write a new file, whole, before it has its name; give where."""
    number, name = tempfile.mkstemp(prefix="livestorm-mock-ca-", suffix=".pem", dir=folder)
    with open(number, "wb") as file:
        file.write(content)
        if os.name == "posix":
            os.fchmod(number, mode)
    return Path(name)
