"""Token stores."""

import stat
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from livestorm_client import ConfigurationError, FileStore, MemoryStore, Tokens, TokenStore

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


@given(content=st.binary())
@example(b'{"access_token": 7}')
@example(b'{"access_token": "a", "expires_at": "soon"}')
def test_file_of_anything_else_is_a_configuration_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """A damaged file is reported, never read as "not connected"."""
    path = tmp_path_factory.getbasetemp() / "damaged.json"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match="holds no tokens"):
        FileStore(path).load()


def test_save_replaces_and_clear_forgets(store: TokenStore) -> None:
    """A store begins empty, holds the last tokens saved, and can be cleared twice."""
    assert store.load() is None
    store.save(Tokens(access_token="a"))
    store.save(Tokens(access_token="b"))
    assert store.load() == Tokens(access_token="b")
    store.clear()
    store.clear()
    assert store.load() is None


def test_file_is_private_and_alone(tmp_path: Path) -> None:
    """Only the owner can read the file, and no draft stays beside it."""
    FileStore(tmp_path / "tokens.json").save(Tokens(access_token="a"))
    (path,) = tmp_path.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_file_in_a_missing_folder_is_a_configuration_error(tmp_path: Path) -> None:
    """A store that cannot be written says so."""
    with pytest.raises(ConfigurationError, match="cannot write"):
        FileStore(tmp_path / "missing" / "tokens.json").save(Tokens(access_token="a"))


def test_failed_replacement_leaves_no_draft(tmp_path: Path) -> None:
    """When the file cannot be replaced, the half-way file with the tokens is removed."""
    (tmp_path / "tokens.json").mkdir()
    with pytest.raises(ConfigurationError, match="cannot write"):
        FileStore(tmp_path / "tokens.json").save(Tokens(access_token="a"))
    assert [path.name for path in tmp_path.iterdir()] == ["tokens.json"]


def test_unreadable_file_is_a_configuration_error(tmp_path: Path) -> None:
    """A path that is no file is reported when read and when deleted."""
    with pytest.raises(ConfigurationError, match="cannot read"):
        FileStore(tmp_path).load()
    with pytest.raises(ConfigurationError, match="cannot delete"):
        FileStore(tmp_path).clear()
