"""The folder in which an authority is kept between runs."""

import errno
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

_WRITABLE: Final = stat.S_IWGRP | stat.S_IWOTH
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
    """Write the certificate into a new folder, which somebody has to remove; give where.

    Others may read what is there, and only its owner can change it.
    """
    folder = Path(tempfile.mkdtemp(prefix="livestorm-mock-"))
    folder.chmod(0o755)
    return publish(folder, pem)


def check_own(folder: Path) -> None:
    """See that nobody else can change what is in a folder. Raises OSError."""
    found = folder.stat()
    if os.name == "posix" and (found.st_uid != os.geteuid() or found.st_mode & _WRITABLE):
        raise PermissionError(errno.EPERM, "others may change what is there", str(folder))


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
