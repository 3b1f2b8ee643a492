"""What a client may be told."""

import asyncio

import pytest
from livestorm_client import ConfigurationError, LivestormClient, MemoryStore
from livestorm_client.client import blocking

CONFIDENTIAL = [
    "https://app.livestorm.co/",
    "https://app.livestorm.co/X",
    "http://localhost:1",
    "http://127.0.0.2:8787",
    "http://[::1]:8787",
]
READABLE_BY_ANYBODY = [
    "http://app.livestorm.co",
    "http://10.0.0.1",
    "http://0.0.0.0:1",
    "http://127.0.0.1.example.com",
    "ftp://localhost",
    "localhost",
]


def make(app_url: str, api_url: str = "https://api.livestorm.co/v1") -> LivestormClient:
    """Make a client of these servers."""
    return LivestormClient(
        client_id="id",
        client_secret="very-secret",
        redirect_uri="https://example.com/",
        app_url=app_url,
        api_url=api_url,
    )


@pytest.mark.parametrize("url", CONFIDENTIAL)
def test_confidential_url_is_taken_without_its_last_slash(url: str) -> None:
    """https and the loopback interface may see secrets."""
    client = make(url, url)
    assert (client.app_url, client.api_url) == (url.rstrip("/"),) * 2


@pytest.mark.parametrize("url", READABLE_BY_ANYBODY)
def test_clear_text_url_is_refused(url: str) -> None:
    """Secrets do not travel in clear text."""
    with pytest.raises(ConfigurationError, match="app_url must be https"):
        make(url)
    with pytest.raises(ConfigurationError, match="api_url must be https"):
        make("https://app.livestorm.co", url)


def test_client_does_not_show_its_secret() -> None:
    """Neither the client nor what it holds gives the secret away."""
    client = make("https://app.livestorm.co")
    assert "very-secret" not in f"{client!r} {vars(client)}"


def test_each_client_has_a_store_of_its_own() -> None:
    """Without a store, tokens are in this client only."""
    one, other = make("https://a.example"), make("https://b.example")
    assert isinstance(one.store, MemoryStore)
    assert one.store is not other.store


def test_blocking_runs_a_method_to_its_end() -> None:
    """With all its arguments, also where an event loop runs already, under its own name."""

    async def add(one: int, other: int, *, more: int) -> int:
        """Add."""
        await asyncio.sleep(0)
        return one + other + more

    run = blocking(add)

    async def within_a_loop() -> int:
        return run(1, 2, more=3)

    assert run(1, 2, more=3) == asyncio.run(within_a_loop()) == 6
    assert (run.__name__, run.__doc__) == ("add", "Add.")
