"""What a client is told once."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from .errors import ConfigurationError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The application's registration and the client's limits.

    `timeout` is the whole time of one request, `max_wait` the longest pause before a retry and
    `leeway` how long before expiry tokens are refreshed, all in seconds. `client_secret` is None
    for a public client. Raises ConfigurationError when tokens would travel in clear text.
    """

    client_id: str
    client_secret: str | None = field(repr=False)
    redirect_uri: str
    app_url: str
    api_url: str
    timeout: float
    max_wait: float
    max_retries: int
    leeway: float

    def __post_init__(self) -> None:
        for name in ("app_url", "api_url"):
            url: str = getattr(self, name)
            check_confidential(name, url)
            object.__setattr__(self, name, url.rstrip("/"))

    def credentials(self) -> dict[str, str]:
        """Give the members that authenticate the client in a form (RFC 6749, section 2.3.1)."""
        secret = {} if self.client_secret is None else {"client_secret": self.client_secret}
        return {"client_id": self.client_id, **secret}


def check_confidential(name: str, url: str) -> None:
    """Raise ConfigurationError unless https or loopback (RFC 6749, sections 3.2 and 10.9)."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return
    raise ConfigurationError(f"{name} must be https, or http on the loopback interface: {url}")


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address means this machine (RFC 6761, section 6.3)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
