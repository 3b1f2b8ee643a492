"""Where tokens are kept between calls."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol, Self

from .errors import ConfigurationError, ReauthorizationRequired
from .process_lock import ProcessLock
from .tokens import Secret, Tokens

ROOM = " " * 16_384


class TokenStore(Protocol):
    """A place for the tokens of one connection; ConfigurationError when it cannot be used."""

    def load(self) -> Tokens | None:
        """Give the stored tokens, None when there are none."""
        ...

    def save(self, tokens: Tokens) -> None:
        """Replace all of them at once; on return they survive a crash."""

    def lock(self) -> AbstractContextManager[bool]:
        """Try, without waiting, to be the one who replaces the tokens; the block is told whether.

        All that share the store must share the lock, and lose it when they are killed. Raises
        ConfigurationError when tokens could not be saved: none must be spent then.
        """
        ...


class MemoryStore(TokenStore):
    """Keeps the tokens in this process; a fork has them too, but shares no later ones."""

    def __init__(self, tokens: Tokens | None = None) -> None:
        self._tokens, self._lock = tokens, ProcessLock()

    def load(self) -> Tokens | None:
        return self._tokens

    def save(self, tokens: Tokens) -> None:
        self._tokens = tokens

    @contextmanager
    def lock(self) -> Iterator[bool]:
        lock = self._lock.here()
        held = lock.acquire(blocking=False)
        try:
            yield held
        finally:
            if held:
                lock.release()


class FileStore(TokenStore):
    """Keeps the tokens in one JSON file, readable by its owner only and never torn."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)

    @classmethod
    def of(cls, folder: str | os.PathLike[str], user: str) -> Self:
        """Make the store of one of many users, whose name may be any text."""
        return cls(Path(folder) / f"{hash_text(user)}.json")

    def load(self) -> Tokens | None:
        with report(f"read {self._path}", OSError), suppress(FileNotFoundError):
            return Tokens.from_json(self._path.read_bytes(), self._path)
        return None

    def save(self, tokens: Tokens) -> None:
        """Replace the file by one of mode 0600; after a crash the old or the new one stands."""
        with (
            report(f"write {self._path}", OSError),
            durable_draft(self._path, tokens.to_json()) as draft,
        ):
            os.replace(draft, self._path)
            # Without it a crash may undo the rename: https://man7.org/linux/man-pages/man2/fsync.2.html
            folder = os.open(self._path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)

    @contextmanager
    def lock(self) -> Iterator[bool]:
        """Hold a lock file, if it is free, and see that there is room for new tokens."""
        with lock_file(Path(f"{self._path}.lock")) as held:
            if held:
                with report(f"write {self._path}", OSError), durable_draft(self._path, ROOM):
                    pass
            yield held


class KeyringStore(TokenStore):
    """Keeps the tokens in the operating system's keyring; needs `livestorm-mock[keyring]`."""

    def __init__(self, service: str, user: str) -> None:
        with report("load the keyring library", ImportError):
            import keyring
            import keyring.errors
        self._keyring, self._failure = keyring, keyring.errors.KeyringError
        self._service, self._user = service, user

    def load(self) -> Tokens | None:
        with report("read the keyring", self._failure):
            text = self._keyring.get_password(self._service, self._user)
        # Masked, so that no traceback with local variables shows the tokens.
        text = None if text is None else Secret(text)
        return None if text is None else Tokens.from_json(text, "the keyring")

    def save(self, tokens: Tokens) -> None:
        with report("write the keyring", self._failure):
            self._keyring.set_password(self._service, self._user, tokens.to_json())

    @contextmanager
    def lock(self) -> Iterator[bool]:
        """Hold a lock file of this user's, if it is free, and see that entries can be written."""
        name = hash_text(f"{Path.home()} {self._service} {self._user}")
        with lock_file(Path(tempfile.gettempdir(), f"livestorm-{name}.lock")) as held:
            if held:
                with report("write the keyring", self._failure):
                    self._keyring.set_password(self._service, f"{self._user} (probe)", "probe")
                    self._keyring.delete_password(self._service, f"{self._user} (probe)")
            yield held


def load_grant(store: TokenStore) -> Tokens:
    """Give the stored tokens; ReauthorizationRequired when there are none, or the grant is gone."""
    tokens = store.load()
    if tokens is None or tokens.needs_reauth:
        raise ReauthorizationRequired("the account is not connected, or no longer")
    return tokens


@contextmanager
def lock_file(path: Path) -> Iterator[bool]:
    """Try to hold a file's lock, which the kernel ends with the process.

    There is none on Windows: https://man7.org/linux/man-pages/man2/flock.2.html
    """
    held = False
    with report(f"lock {path}", OSError, ImportError):
        import fcntl

        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held = True
    try:
        yield held
    finally:
        if held:  # Closing is not enough when a forked child has the descriptor too.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


@contextmanager
def durable_draft(path: Path, content: str) -> Iterator[str]:
    """Write a file beside `path` to the disk; remove it at the end, unless it was moved."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        Path(draft).unlink(missing_ok=True)


@contextmanager
def report(action: str, *failures: type[Exception]) -> Iterator[None]:
    """Raise these failures of the block as a ConfigurationError, without their values."""
    try:
        yield
    except failures as error:
        told = error.msg if isinstance(error, ImportError) else getattr(error, "strerror", None)
        reason = told or type(error).__name__
        raise ConfigurationError(f"cannot {action}: {reason}") from None


def hash_text(text: str) -> str:
    """Make a file name of any text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
