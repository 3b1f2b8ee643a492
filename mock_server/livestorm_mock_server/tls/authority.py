"""The fake's own certificate authority, which can vouch for Livestorm's names and this machine's.

`cryptography` and `trustme` are loaded by this module alone: nothing without TLS imports it.
"""

import os
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Final, Self

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from ..real_hosts import API, APP, DOMAIN
from .contexts import server_context

NAMES: Final = (APP, API, "localhost", "127.0.0.1", "::1")
"""What the fake is called wherever it runs."""

LEAF_LIFETIME: Final = timedelta(days=7)
LIFETIME: Final = timedelta(days=365)
_BACKDATED: Final = timedelta(days=1)
"""For clients whose clock is slow."""

# https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10
_CONSTRAINTS: Final = x509.NameConstraints(
    permitted_subtrees=[
        x509.DNSName(DOMAIN),
        x509.DNSName("localhost"),
        x509.IPAddress(ip_network("127.0.0.0/8")),
        x509.IPAddress(ip_network("::1/128")),
    ],
    excluded_subtrees=None,
)
_USAGE: Final = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def real_time() -> datetime:
    """Give the time of this machine, as clients see it, whatever a test does to its process's."""
    with tempfile.TemporaryFile() as file:
        return datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)


class Authority:
    """A certificate authority with critical name constraints."""

    def __init__(self, certificate: bytes, key: bytes, *, now: datetime) -> None:
        """`certificate` and `key` are PEM."""
        self.pem = certificate.decode()
        """What clients have to trust."""
        self._key, self._now = key, now
        self._signing = trustme.CA.from_pem(certificate, key)

    @classmethod
    def create(cls, *, now: datetime) -> Self:
        """Make a new one."""
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        return cls(_certificate(key, now).public_bytes(Encoding.PEM), pem, now=now)

    def issue(
        self, *names: str, not_before: datetime | None = None, not_after: datetime | None = None
    ) -> trustme.LeafCert:
        """Issue a certificate for names and addresses, by default good for seven days from now."""
        return self._signing.issue_cert(
            *names,
            not_before=not_before or self._now - _BACKDATED,
            not_after=not_after or self._now + LEAF_LIFETIME,
        )


def context_of(certificate: trustme.LeafCert) -> ssl.SSLContext:
    """Make what a door needs to serve a certificate."""
    context = server_context()
    certificate.configure_cert(context)
    return context


def _certificate(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    # Clients find an issuer by its name, so that each has one of its own.
    told = f"livestorm-mock {identifier.digest.hex()[:8]}, for tests only"
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, told)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + LIFETIME)
    )
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (_USAGE, True),
        (_CONSTRAINTS, True),
        (identifier, False),
    ]
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(key, hashes.SHA256())
