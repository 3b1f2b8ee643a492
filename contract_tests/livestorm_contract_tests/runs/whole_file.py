"""Files that are written whole or not at all."""

import errno
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
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
    with suppress(FileNotFoundError):
        os.lstat(path)  # Refuses too long a name, and a file in the place of a folder.
    is_link = path.is_symlink()
    target = path if path.exists() or not is_link else Path(os.path.realpath(path))
    if target.is_dir():
        raise _error(errno.EISDIR, path)
    if not target.parent.is_dir():
        raise _error(errno.ENOENT, target.parent)
    is_replaced = not target.exists() or (target.is_file() and not is_link)
    needed = [target] if target.exists() else []
    if not all(os.access(one, os.W_OK) for one in (*needed, *[target.parent] * is_replaced)):
        raise _error(errno.EACCES, path)


def check_folder(path: Path) -> None:
    """See that files can be written into a folder, which may be yet to be made. Raises OSError."""
    with suppress(FileNotFoundError):
        os.lstat(path)
    found = next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())
    if not found.is_dir():
        raise _error(errno.ENOTDIR, found)
    if not os.access(found, os.W_OK | os.X_OK):
        raise _error(errno.EACCES, found)


class SameFileError(Exception):
    """Two options name one file; the text names both."""


def check_distinct(named: Iterable[tuple[str, Path]]) -> None:
    """See that no two options, each before its file, name one file. Raises SameFileError.

    Links and other spellings of a path are the same file; a device or a pipe may be named twice.
    """
    firsts: dict[str, str] = {}
    for option, path in named:
        if path.is_file() or not path.exists():
            first = firsts.setdefault(os.path.realpath(path), option)
            if first != option:
                raise SameFileError(f"{first} and {option} name one file: {path}")


def is_same_file(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file, which may be yet to be made."""
    return os.path.realpath(one) == os.path.realpath(other)


def _error(number: int, path: Path) -> OSError:
    return OSError(number, os.strerror(number), str(path))


def _replace(path: Path, content: bytes) -> None:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    # A name may be as long as the system allows: that of the draft is not to be longer.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:20]}.")
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
