"""What a client may be told."""

import pytest
from livestorm_client import ConfigurationError
from livestorm_client.settings import Settings

CONFIDENTIAL = [
    "https://app.livestorm.co/",
    "http://localhost:1",
    "http://mock.localhost",
    "http://127.0.0.2:8787",
    "http://[::1]:8787",
]
READABLE_BY_ANYBODY = ["http://app.livestorm.co", "http://10.0.0.1", "ftp://localhost", "localhost"]


def settings(app_url: str, client_secret: str | None = "very-secret") -> Settings:
    """Make settings with this application URL."""
    return Settings(
        client_id="id",
        client_secret=client_secret,
        redirect_uri="https://example.com/",
        app_url=app_url,
        api_url="https://api.livestorm.co/v1",
        timeout=1.0,
        max_wait=1.0,
        max_retries=1,
        leeway=1.0,
    )


@pytest.mark.parametrize("url", CONFIDENTIAL)
def test_confidential_url_is_taken_without_its_last_slash(url: str) -> None:
    """https and the loopback interface may see secrets."""
    assert settings(url).app_url == url.rstrip("/")


@pytest.mark.parametrize("url", READABLE_BY_ANYBODY)
def test_clear_text_url_is_refused(url: str) -> None:
    """Secrets do not travel in clear text."""
    with pytest.raises(ConfigurationError, match="app_url must be https"):
        settings(url)


def test_secret_is_sent_but_not_shown() -> None:
    """The client secret goes into the form and not into the representation."""
    made = settings("https://app.livestorm.co")
    assert made.credentials() == {"client_id": "id", "client_secret": "very-secret"}
    assert "very-secret" not in repr(made)


def test_public_client_sends_no_secret() -> None:
    """Without a secret only the client_id is sent."""
    assert settings("https://app.livestorm.co", None).credentials() == {"client_id": "id"}
