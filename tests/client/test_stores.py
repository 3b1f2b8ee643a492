"""Token stores."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from livestorm_client import ConfigurationError, FileStore, MemoryStore, Tokens, TokenStore

NO_FILE = os.strerror(errno.ENOENT)
TOKENS = st.builds(
    Tokens,
    access_token=st.text(min_size=1),
    refresh_token=st.none() | st.text(),
    expires_at=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    scope=st.none() | st.lists(st.text()).map(tuple),
    lifetime=st.none() | st.floats(0, 1e15),
)


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> TokenStore:
    """An empty store of each sort."""
    return MemoryStore() if request.param == "memory" else FileStore(tmp_path / "tokens.json")


@given(tokens=TOKENS)
def test_file_gives_back_what_was_saved(
    tmp_path_factory: pytest.TempPathFactory, tokens: Tokens
) -> None:
    """Every token set survives the file, as another process reads it."""
    path = tmp_path_factory.getbasetemp() / "any.json"
    FileStore(path).save(tokens)
    loaded = FileStore(path).load()
    assert loaded == tokens
    assert loaded is not None
    assert loaded.lifetime == tokens.lifetime


@given(content=st.binary() | st.from_regex(r'\{"access_token": "a", "scope": .*\}').map(str.encode))
@example(b'{"access_token": 7, "scope": null}')
@example(b"{}")
@example(b'{"access_token": "a", "scope": null, "expires_at": "soon"}')
@example(b'{"access_token": "a", "scope": null, "lifetime": "long", "expires_at": 1}')
@example(b'{"access_token": "a", "scope": 7}')
@example(b"[" * 100_000)
@example(b"[]")
def test_file_of_anything_else_is_a_configuration_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """A damaged file is reported, never read as "not connected"."""
    path = tmp_path_factory.getbasetemp() / "damaged.json"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"damaged\.json holds no tokens"):
        FileStore(path).load()


def test_store_holds_the_last_tokens_saved(store: TokenStore) -> None:
    """A store begins empty, and each save replaces everything."""
    assert store.load() is None
    store.save(Tokens(access_token="a", refresh_token="r"))
    store.save(Tokens(access_token="b"))
    assert store.load() == Tokens(access_token="b")


def test_lock_is_held_by_one_at_a_time(store: TokenStore) -> None:
    """Who comes second is told so at once, and it is free after the first."""
    with store.lock() as first, store.lock() as second:
        assert (first, second) == (True, False)
    with store.lock() as third:
        assert third


def test_lock_ends_with_an_exception(store: TokenStore) -> None:
    """Whatever happens to the holder, the next one gets the lock."""
    with pytest.raises(KeyError), store.lock():
        raise KeyError
    with store.lock() as held:
        assert held


def test_lock_is_shared_by_all_stores_of_a_file(tmp_path: Path) -> None:
    """Two objects on one file, and so two processes, exclude each other; other files do not."""
    with FileStore(tmp_path / "a").lock() as held, FileStore(tmp_path / "a").lock() as other:
        assert (held, other) == (True, False)
        with FileStore(tmp_path / "b").lock() as elsewhere:
            assert elsewhere


def test_lock_of_a_forked_child_ends_with_the_parents(tmp_path: Path) -> None:
    """A child that has inherited the descriptor does not keep the lock."""
    script = f"""
import os
from livestorm_client import FileStore
store = FileStore({str(tmp_path / "tokens.json")!r})
with store.lock():
    reading, writing = os.pipe()
    if not os.fork():
        os.close(writing)
        os.read(reading, 1)
        os._exit(0)
with store.lock() as held:
    print(held)
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "True\n"


def test_file_is_private_and_alone(tmp_path: Path) -> None:
    """Only the owner can read file and lock, and no draft stays beside them."""
    store = FileStore(tmp_path / "tokens.json")
    with store.lock():
        store.save(Tokens(access_token="a"))
    paths = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert paths == {"tokens.json": 0o600, "tokens.json.lock": 0o600}


def test_save_reaches_the_disk_before_the_old_file_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draft is whole and synced, then moved, then the folder is synced."""
    done: list[str] = []

    def fsync(descriptor: int) -> None:
        info = os.fstat(descriptor)
        done.append("sync folder" if stat.S_ISDIR(info.st_mode) else f"sync {info.st_size} bytes")

    def move(draft: str, path: Path) -> None:
        done.append(f"move {Path(draft).stat().st_size} bytes to {path.name}")

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", move)
    tokens = Tokens(access_token="a")
    size = len(tokens.to_json())
    FileStore(tmp_path / "t").save(tokens)
    assert done == [f"sync {size} bytes", f"move {size} bytes to t", "sync folder"]


def test_save_leaves_no_descriptor_open(tmp_path: Path) -> None:
    """However often tokens are saved and locks are taken."""
    store, before = FileStore(tmp_path / "t"), len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        with store.lock(), store.lock():
            store.save(Tokens(access_token="a"))
    assert len(os.listdir("/proc/self/fd")) == before


def test_stores_of_users_are_apart(tmp_path: Path) -> None:
    """A user's name may be any text, and is no path."""
    users = ["u1", "u2", "../u1", "ü/\0", "\ud800", "", "x" * 5000]
    for user in users:
        FileStore.of(tmp_path, user).save(Tokens(access_token=f"of {users.index(user)}"))
    stored = [FileStore.of(tmp_path, user).load() for user in users]
    assert [one and one.access_token for one in stored] == [f"of {n}" for n in range(len(users))]
    assert len(list(tmp_path.iterdir())) == len(users)


def test_file_in_a_missing_folder_is_a_configuration_error(tmp_path: Path) -> None:
    """A store that cannot be written says so, before anything is spent."""
    store = FileStore(tmp_path / "missing" / "tokens.json")
    with pytest.raises(ConfigurationError, match=f"cannot write .*tokens.json: {NO_FILE}"):
        store.save(Tokens(access_token="a"))
    with pytest.raises(ConfigurationError, match=f"cannot lock .*tokens.json.lock: {NO_FILE}"):
        store.lock().__enter__()


def test_system_without_file_locks_is_a_configuration_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows, the error names what is missing, before any token is spent."""
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with (
        pytest.raises(ConfigurationError, match=r"cannot lock .*t\.json\.lock: .*fcntl"),
        FileStore(tmp_path / "t.json").lock(),
    ):
        pass


def test_lock_finds_out_that_there_is_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a full disk there is no lock, no draft, and nobody is locked out."""
    store = FileStore(tmp_path / "tokens.json")

    def fail(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ConfigurationError, match="No space left"):
        store.lock().__enter__()
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["tokens.json.lock"]
    with store.lock() as held:
        assert held


def test_lock_makes_room_for_large_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried is as much as a pair of tokens of 8 KB needs."""
    sizes: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: sizes.append(os.fstat(descriptor).st_size))
    with FileStore(tmp_path / "tokens.json").lock():
        assert sizes == [16_384]


def test_failure_of_the_holder_is_its_own(tmp_path: Path) -> None:
    """An OSError inside the lock is not taken for one of the store."""
    with pytest.raises(ConnectionError), FileStore(tmp_path / "t").lock():
        raise ConnectionError


def test_failed_replacement_leaves_no_draft(tmp_path: Path) -> None:
    """When the file cannot be replaced, the half-way file with the tokens is removed."""
    (tmp_path / "tokens.json").mkdir()
    with pytest.raises(ConfigurationError, match="cannot write"):
        FileStore(tmp_path / "tokens.json").save(Tokens(access_token="a"))
    assert [path.name for path in tmp_path.iterdir()] == ["tokens.json"]


def test_unreadable_file_is_a_configuration_error(tmp_path: Path) -> None:
    """A path that is no file is reported, with the reason."""
    with pytest.raises(ConfigurationError, match=f"cannot read .*: {os.strerror(errno.EISDIR)}"):
        FileStore(tmp_path).load()
