"""Certificates, good and bad, of an authority that only the suite's clients trust."""

import ssl
import threading
from datetime import UTC, datetime, timedelta
from functools import cache

import trustme

_making = threading.Lock()


def authority() -> trustme.CA:
    """Give the authority that clients are told to trust, the same to all cases that run at once."""
    with _making:
        return _authority()


@cache
def _authority() -> trustme.CA:
    return trustme.CA(organization_name="livestorm-mock contract tests")


def authority_pem() -> str:
    """Give the authority's certificate for `ca_pem`."""
    return authority().cert_pem.bytes().decode()


def good(host: str) -> ssl.SSLContext:
    """Serve a certificate that is right in all."""
    return _serving(authority().issue_cert(host))


def of_unknown_authority(host: str) -> ssl.SSLContext:
    """Serve a certificate of an authority that nobody trusts."""
    return _serving(trustme.CA(organization_name="Somebody else").issue_cert(host))


def expired(host: str) -> ssl.SSLContext:
    """Serve a certificate that was good until an hour ago."""
    now = datetime.now(UTC)
    return _serving(
        authority().issue_cert(
            host, not_before=now - timedelta(days=90), not_after=now - timedelta(hours=1)
        )
    )


def of_other_name(host: str) -> ssl.SSLContext:
    """Serve a certificate for another host than the one that is called."""
    del host
    return _serving(authority().issue_cert("other.example.test"))


def _serving(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
