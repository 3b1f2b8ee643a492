"""The fake behind TLS, and a client that is configured for it."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from ..suite.driver import Unsupported
from ..suite.stage import Stage
from . import certificates
from .front import Front, open_front

HOST = "127.0.0.1"


@contextmanager
def behind_tls(stage: Stage, context: ssl.SSLContext | None = None) -> Iterator[Front]:
    """Put TLS before the fake, with a good certificate where none is given.

    Raises Unsupported where the client takes no authority of the suite's.
    """
    if not stage.client.ready.features.tls_ca:
        raise Unsupported("feature tls_ca")
    with open_front(stage.fake.port, host=HOST, tls=context or certificates.good(HOST)) as front:
        stage.client.move(f"https://{front.authority}", ca_pem=certificates.authority().pem)
        yield front
