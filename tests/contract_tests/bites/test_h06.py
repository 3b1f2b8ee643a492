"""H06: a client that does not look at the scheme."""

from .conftest import Put, failed
from .model_client import ModelClient


class LooksAtNoScheme(ModelClient):
    """Sends to any URL."""

    def check_confidential(self, url: str) -> None:
        """Let all pass."""


def test_plain_http_is_found(put: Put) -> None:
    """The secret goes over plain http."""
    assert failed(put("H06", LooksAtNoScheme)) == {"refused", "nothing-sent"}
