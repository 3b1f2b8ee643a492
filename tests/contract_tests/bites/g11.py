"""G11: clients that believe any server, or none."""

import ssl
from typing import Any
from urllib.parse import urljoin

from ..model_client.sending import Sending
from ..model_client.values import Answer
from .shared.fragile import LetsErrorsThrough
from .table import Bite, Table


class VerifiesNothing(Sending):
    """Has verification turned off, as forums advise."""

    def trust(self) -> ssl.SSLContext:
        """Trust everybody."""
        return trusting()


class ChecksNoName(Sending):
    """Verifies the chain, and not whose it is."""

    def trust(self) -> ssl.SSLContext:
        """Look at no name."""
        context = ssl.create_default_context(cadata=self.config.get("ca_pem"))
        context.check_hostname = False
        return context


class TrustsTheSystemOnly(Sending):
    """Does not look at the authority that it is given."""

    def trust(self) -> ssl.SSLContext:
        """Leave the configuration out."""
        return ssl.create_default_context()


class ProbesFirst(Sending):
    """Looks without verification whether somebody is there."""

    is_probing = False

    def send(self, method: str, url: str, **told: Any) -> Answer:
        """Probe, then send."""
        self.is_probing = True
        super().send("GET", urljoin(url, "/"), headers={})
        self.is_probing = False
        return super().send(method, url, **told)

    def trust(self) -> ssl.SSLContext:
        """Trust everybody for the probe."""
        return trusting() if self.is_probing else super().trust()


def trusting() -> ssl.SSLContext:
    """Give what verifies nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


TABLE = Table(
    [
        Bite(VerifiesNothing, {"kind", "nothing-sent"}),
        Bite(ChecksNoName, {"kind", "nothing-sent"}),
        Bite(LetsErrorsThrough, {"kind"}),
        Bite(TrustsTheSystemOnly, {"good"}),
        Bite(ProbesFirst, {"nothing-sent"}),
    ],
)
