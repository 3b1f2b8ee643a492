"""The fake's own certificate authority, which can vouch for Livestorm's names and this machine's.

`cryptography` and `trustme` are loaded by this module alone: nothing without TLS imports it.
"""

import os
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Final, Self

import trustme
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from ..reading import InvalidInputError
from ..real_hosts import API, APP, DOMAIN
from . import folder
from .contexts import LEAF_LIFETIME, Flaw, ServingContext

NAMES: Final = (APP, API, "localhost", "127.0.0.1", "::1")
"""What the fake is called wherever it runs."""

_WRONG_NAME: Final = f"other.{DOMAIN}"
"""One for which the authority can vouch, so that only the name is wrong."""

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
        """`certificate` and `key` are PEM, the same where it holds both."""
        loaded = x509.load_pem_x509_certificate(certificate)
        self.pem = loaded.public_bytes(Encoding.PEM).decode()
        """What clients have to trust."""
        self.now = now
        self.key = key
        """Its private key, as PEM."""
        self._signing = trustme.CA.from_pem(certificate, key)

    @classmethod
    def create(cls, *, now: datetime) -> Self:
        """Make a new one."""
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        return cls(_certificate(key, now).public_bytes(Encoding.PEM), pem, now=now)

    @classmethod
    def in_folder(cls, path: Path, *, now: datetime) -> Self:
        """Take the one that is kept in a folder, or make one and keep it there.

        The folder gets `ca.pem`, which clients trust, and `ca-key.pem`. Raises InvalidInputError
        for a folder or a file that others can read, and for what is no such authority, or is over.
        """
        folder.make_private(path)
        kept = folder.read_key(path)
        if kept is None:
            new = cls.create(now=now)
            kept = folder.keep_key(path, new.key + new.pem.encode())
        try:
            _check(kept, now)
        except ValueError as error:
            told = f"an authority that `--tls` has made there ({error}), {folder.MEND}"
            raise InvalidInputError("ca_dir", str(path), told) from None
        authority = cls(kept, kept, now=now)
        folder.publish(path, authority.pem)
        return authority

    def issue(
        self, *names: str, not_before: datetime | None = None, not_after: datetime | None = None
    ) -> trustme.LeafCert:
        """Issue a certificate for names and addresses, by default good for seven days from now."""
        return self._signing.issue_cert(
            *names,
            not_before=not_before or self.now - _BACKDATED,
            not_after=not_after or self.now + LEAF_LIFETIME,
        )

    def context(self, *names: str) -> ServingContext:
        """Make what a door serves with for names and addresses, by default those of `NAMES`.

        The certificate is made anew when it gets old.
        """
        context = ServingContext()
        self.issue_into(context, *names)
        context.keep_fresh(lambda old: self._renew(old, *names))
        return context

    def issue_into(self, context: ServingContext, *names: str) -> None:
        """Have a context serve a new certificate, as `context` does."""
        own = names or NAMES
        self.issue(*own).configure_cert(context)
        context.flawed = cache(lambda flaw: self.flawed_context(flaw, *own))

    def _renew(self, context: ServingContext, *names: str) -> None:
        self.now = real_time()
        self.issue_into(context, *names)

    def flawed_context(self, flaw: Flaw, *names: str) -> ServingContext:
        """Make what serves a certificate that a client of these names has to refuse."""
        if flaw == "unknown_ca":
            return context_of(Authority.create(now=self.now).issue(*names))
        if flaw == "wrong_name":
            return context_of(self.issue(_WRONG_NAME))
        end = self.now - timedelta(hours=1)
        return context_of(self.issue(*names, not_before=end - LEAF_LIFETIME, not_after=end))


def context_of(certificate: trustme.LeafCert) -> ServingContext:
    """Make what a door needs to serve a certificate."""
    context = ServingContext()
    certificate.configure_cert(context)
    return context


def _check(pem: bytes, now: datetime) -> None:
    """Check a key with its certificate. Raises ValueError."""
    certificate = x509.load_pem_x509_certificate(pem)
    try:
        key = load_pem_private_key(pem, None)
        constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(error) from None
    except x509.ExtensionNotFound:
        raise ValueError("its certificate may vouch for any name") from None
    if not constraints.critical or constraints.value != _CONSTRAINTS:
        raise ValueError("its certificate may vouch for other names")
    if key.public_key() != certificate.public_key():
        raise ValueError("key and certificate don't belong together")
    end = certificate.not_valid_after_utc
    if not certificate.not_valid_before_utc <= now <= end - LEAF_LIFETIME:
        raise ValueError(f"its certificate is good until {end:%Y-%m-%d} only")


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
