"""The store: users, and their tokens in files."""

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from livestorm_contract_tests.driving.kinds import Kind

from .part import Part
from .values import Failure, Message, User

if TYPE_CHECKING:
    from .client import ModelClient


ROOM = b" " * 16_384


class Store(Part):
    """Keeps a file for each user."""

    def __init__(self, client: "ModelClient") -> None:
        super().__init__(client)
        self.users: dict[str, User] = {}

    def user(self, name: str) -> User:
        """Give a user, made on first use."""
        if name not in self.users:
            file = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
            self.users[name] = User(path=Path(self.config["store_dir"]) / f"{file}.json")
        return self.users[name]

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Store what a token answer brought; what it leaves out stays."""
        lifetime = self.client.tokens.lifetime(members)
        refresh_token = members.get("refresh_token")
        scope = members.get("scope")
        known = self.load(user) or {}
        self.save(
            user,
            {
                "access_token": members["access_token"],
                "refresh_token": refresh_token if isinstance(refresh_token, str) else None,
                "expires_at": None if lifetime is None else sent_at + lifetime,
                "lifetime": lifetime,
                "scope": scope if isinstance(scope, str) else sent and known.get("scope"),
                "needs_reauth": False,
            }
            | self.kept_refresh_token(refresh_token, sent),
        )
        self.client.emit({"type": "event", "event": "token_saved", "user": name})

    def kept_refresh_token(self, came: object, sent: str | None) -> Message:
        """Keep the refresh token that was sent where none came."""
        return {} if isinstance(came, str) and came else {"refresh_token": sent}

    def load(self, user: User) -> Message | None:
        """Read what is stored. Raises Failure."""
        try:
            stored: Message = json.loads(user.path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            raise Failure(Kind.CONFIG_ERROR, "the store can't be read") from None
        return stored

    def save(self, user: User, stored: Message) -> None:
        """Replace what is stored, all at once. Raises Failure."""
        with self.draft(user, json.dumps(stored).encode()) as draft:
            os.replace(draft, user.path)

    def probe(self, user: User) -> None:
        """Find out whether tokens can be saved, before a refresh token is spent."""
        with self.draft(user, ROOM):
            pass

    @contextmanager
    def draft(self, user: User, content: bytes) -> Iterator[str]:
        """Write a file beside the store's; remove it unless it was moved. Raises Failure."""
        try:
            descriptor, draft = tempfile.mkstemp(dir=user.path.parent)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                yield draft
            finally:
                Path(draft).unlink(missing_ok=True)
        except OSError:
            raise Failure(Kind.CONFIG_ERROR, "the store can't be written") from None

    def store_lock(self, user: User) -> AbstractContextManager[object]:
        """Lock the store against other processes."""
        return FileLock(user.path.with_suffix(".lock"))


class FileLock:
    """An advisory lock that ends with its process."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        try:
            self._file = self._path.open("w")
        except OSError:
            raise Failure(Kind.CONFIG_ERROR, "the store can't be written") from None
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *error: object) -> None:
        self._file.close()
