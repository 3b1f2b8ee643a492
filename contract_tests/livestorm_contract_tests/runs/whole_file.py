"""Files that are written whole or not at all."""

import errno
import os
import tempfile
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file; where that fails, what was there before stays. Raises OSError, with the name.

    What is no file of its own, such as a device, a pipe or a link, is written into.
    """
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            path.write_bytes(content)
        else:
            _replace(path, content)
    except OSError as error:
        # An error of writing has no name.
        raise OSError(error.errno, error.strerror, str(path)) from None


def make_ignored(folder: Path) -> None:
    """Make a folder of which git takes no notice; one that is there stays. Raises OSError."""
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / ".gitignore", b"*\n")


def check_writable(path: Path) -> None:
    """See that a file can be written, and leave everything as it is. Raises OSError, as above."""
    found = path if path.exists() else path.parent
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not found.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(found))
    if not os.access(found, os.W_OK) or (path.is_file() and not os.access(path.parent, os.W_OK)):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def check_folder(path: Path) -> None:
    """See that files can be written into a folder, which may be yet to be made. Raises OSError."""
    found = next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())
    if not found.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(found))
    if not os.access(found, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(found))


def _replace(path: Path, content: bytes) -> None:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(draft).chmod(mode)
        os.replace(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
