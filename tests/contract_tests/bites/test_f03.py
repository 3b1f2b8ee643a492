"""F03: clients that crash over a nonsensical Retry-After, or hammer because of it."""

from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import httpx

from .conftest import Put, failed
from .limited_clients import FailsOnLimits, NeverGivesUp, StaysBusy
from .model_client import Answer, Failure, Message, ModelClient


class TriesAgainAtOnce(ModelClient):
    """Waits for zero seconds where it can't read for how many, on the same connection."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send twice, with nothing between that takes time on a busy machine."""
        base = urlsplit(self.config["api_base"])
        headers = {"Authorization": f"Bearer {stored['access_token']}"}
        connection = HTTPConnection(base.netloc, timeout=self.read_seconds())
        with closing(connection):
            for _ in range(2):
                connection.request(method, base.path + path, headers=headers)
                response = connection.getresponse()
                body = response.read()
                if response.status == 200:
                    break
        return Answer(response.status, httpx.Headers(response.getheaders()), body)

    def may_retry(self, failure: Failure) -> bool:
        """Leave it at that."""
        return False


def test_crash_over_nonsense_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("F03", FailsOnLimits)) == {"kind", "recovers"}


def test_hammering_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("F03", NeverGivesUp)) == {"bounded"}


def test_retry_without_a_pause_is_found(put: Put) -> None:
    """The journal has the times."""
    assert failed(put("F03", TriesAgainAtOnce)) == {"backs-off"}


def test_limit_that_is_never_over_is_found(put: Put) -> None:
    """The call after the fault must succeed."""
    assert failed(put("F03", StaysBusy)) == {"recovers"}
