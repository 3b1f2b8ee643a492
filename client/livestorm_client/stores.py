"""Where tokens are kept between calls."""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Protocol

from .errors import ConfigurationError
from .tokens import Tokens


class TokenStore(Protocol):
    """A place for the tokens of one connection; `save` replaces all of them at once."""

    def load(self) -> Tokens | None:
        """Give the stored tokens, None when there are none."""
        ...

    def save(self, tokens: Tokens) -> None:
        """Replace the stored tokens."""

    def clear(self) -> None:
        """Forget the stored tokens."""


class MemoryStore:
    """Keeps the tokens in this process."""

    def __init__(self, tokens: Tokens | None = None) -> None:
        self._tokens = tokens

    def load(self) -> Tokens | None:
        """Give the stored tokens, None when there are none."""
        return self._tokens

    def save(self, tokens: Tokens) -> None:
        """Replace the stored tokens."""
        self._tokens = tokens

    def clear(self) -> None:
        """Forget the stored tokens."""
        self._tokens = None


class FileStore:
    """Keeps the tokens in one JSON file, readable by its owner only and never torn.

    Every method raises ConfigurationError when the file cannot be read or written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)

    def load(self) -> Tokens | None:
        """Give the stored tokens, None when there is no file."""
        with report("read", self._path), contextlib.suppress(FileNotFoundError):
            return read_file(self._path, self._path.read_bytes())
        return None

    def save(self, tokens: Tokens) -> None:
        """Replace the file by one of mode 0600; after a crash the old or the new one stands."""
        with report("write", self._path):
            replace_file(self._path, json.dumps(asdict(tokens)).encode())

    def clear(self) -> None:
        """Delete the file."""
        with report("delete", self._path):
            self._path.unlink(missing_ok=True)


@contextlib.contextmanager
def report(action: str, path: Path) -> Iterator[None]:
    """Raise an OSError of the block as a ConfigurationError."""
    try:
        yield
    except OSError as error:
        raise ConfigurationError(f"cannot {action} {path}: {error.strerror}") from error


def read_file(path: Path, content: bytes) -> Tokens:
    """Read what `FileStore.save` wrote; ConfigurationError when it is anything else."""
    with contextlib.suppress(ValueError, TypeError, RecursionError):
        tokens = Tokens(**json.loads(content))
        dated = isinstance(tokens.expires_at, float | int | None)
        if dated and isinstance(tokens.access_token, str):
            return replace(tokens, scope=None if tokens.scope is None else tuple(tokens.scope))
    raise ConfigurationError(f"{path} holds no tokens")


def replace_file(path: Path, content: bytes) -> None:
    """Write `content` beside `path`, make it durable, and put it in its place."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise
