"""Certificates, good and bad, of an authority that only the suite's clients trust."""

import ssl
import threading
from functools import cache
from typing import TYPE_CHECKING

from livestorm_mock_server.tls.contexts import Flaw

if TYPE_CHECKING:
    from livestorm_mock_server.tls.authority import Authority

_making = threading.Lock()


def authority() -> "Authority":
    """Give the authority that clients are told to trust, the same to all cases that run at once."""
    with _making:
        return _authority()


@cache
def _authority() -> "Authority":
    # What makes certificates takes as long to load as all cases together.
    from livestorm_mock_server.tls.authority import Authority, real_time

    return Authority.create(now=real_time())


def good(host: str) -> ssl.SSLContext:
    """Serve a certificate that is right in all."""
    return authority().context(host)


def flawed(host: str, flaw: Flaw) -> ssl.SSLContext:
    """Serve a certificate that a client has to refuse."""
    return authority().flawed_context(flaw, host)
