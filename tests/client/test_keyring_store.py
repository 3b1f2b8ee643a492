"""Tokens in the keyring of the operating system."""

import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError, PasswordSetError
from livestorm_client import ConfigurationError, KeyringStore, Tokens

TOKENS = Tokens(access_token="a", refresh_token="r", expires_at=1.0, scope=("identity:read",))


class MemoryKeyring(KeyringBackend):
    """A keyring in this process."""

    priority = 1.0

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("it is locked")
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise PasswordSetError("it is locked")
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError("no such entry")


@pytest.fixture
def backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    """An empty keyring."""
    before, backend = keyring.get_keyring(), MemoryKeyring()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def test_keyring_holds_the_last_tokens_saved(backend: MemoryKeyring) -> None:
    """Each user has one entry, which is replaced as a whole."""
    store = KeyringStore("livestorm", "ü/1")
    assert store.load() is None
    store.save(Tokens(access_token="before"))
    store.save(TOKENS)
    assert KeyringStore("livestorm", "ü/1").load() == TOKENS
    assert KeyringStore("livestorm", "2").load() is None
    assert list(backend.entries) == [("livestorm", "ü/1")]


def test_lock_is_shared_and_leaves_nothing(backend: MemoryKeyring) -> None:
    """Two stores of a user exclude each other, and the attempt to write is cleaned up."""
    store = KeyringStore("livestorm", "u1")
    with store.lock() as first, KeyringStore("livestorm", "u1").lock() as second:
        assert (first, second) == (True, False)
        with KeyringStore("livestorm", "u2").lock() as other:
            assert other
    assert backend.entries == {}


def test_locked_keyring_is_a_configuration_error(backend: MemoryKeyring) -> None:
    """What cannot be written is found out before anything is spent."""
    backend.locked = True
    store = KeyringStore("livestorm", "u1")
    with pytest.raises(ConfigurationError, match="cannot write the keyring: PasswordSetError"):
        store.lock().__enter__()
    with pytest.raises(ConfigurationError, match="cannot write the keyring"):
        store.save(TOKENS)
    with pytest.raises(ConfigurationError, match=r"^cannot read the keyring: KeyringLocked$"):
        store.load()


@pytest.mark.parametrize("entry", ["junk", ""])
def test_entry_of_anything_else_is_a_configuration_error(
    backend: MemoryKeyring, entry: str
) -> None:
    """A damaged entry is reported, never read as "not connected"."""
    backend.entries["livestorm", "u1"] = entry
    with pytest.raises(ConfigurationError, match="the keyring holds no tokens"):
        KeyringStore("livestorm", "u1").load()


def test_damaged_entry_is_not_shown(backend: MemoryKeyring) -> None:
    """Not even in a traceback with local variables."""
    backend.entries["livestorm", "u1"] = '{"access_token": "very-secret"'
    store = KeyringStore("livestorm", "u1")
    with pytest.raises(ConfigurationError) as raised:
        store.load()
    trace = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    frames = [frame for frame in trace.stack if "livestorm_client" in frame.filename]
    assert frames
    assert "very-secret" not in "".join(str(frame.locals) for frame in frames)


def test_missing_library_is_a_configuration_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, only this store cannot be used."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ConfigurationError, match="cannot load the keyring library"):
        KeyringStore("livestorm", "u1")
