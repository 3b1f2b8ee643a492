"""Whom a client trusts: what the machine trusted before, and the fake's authority beside it."""

import os
import ssl
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

STORE_PASSWORD: Final = "changeit"
"""Of the Java trust store, the same as everywhere: it protects nothing, but Java wants one."""

# Where systems keep what they trust: https://go.dev/src/crypto/x509/root_linux.go, root_bsd.go
_SYSTEMS: Final = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/etc/ssl/cert.pem",
)
_CERTIFICATE: Final = "-----BEGIN CERTIFICATE-----"


def trusted_by_machine(environment: Mapping[str, str]) -> str:
    """Give what the command would trust without the fake, as PEM.

    That is the file that SSL_CERT_FILE names, else what the system has, else what certifi has.
    """
    named = environment.get("SSL_CERT_FILE")
    for pem in (read_certificates(named) if named else "", *_of_system()):
        if pem:
            return pem
    import certifi

    return certifi.contents()


def read_certificates(path: str) -> str:
    """Give the certificates of a file, or of all files of a folder, as PEM; empty without any."""
    place = Path(path)
    texts = []
    with suppress(OSError):
        files = sorted(place.iterdir()) if place.is_dir() else [place]
        for file in files:
            with suppress(OSError):
                texts.append(file.read_text(encoding="utf-8", errors="replace"))
    return "\n".join(dict.fromkeys(text for text in texts if _CERTIFICATE in text))


def write_bundle(path: Path, *pems: str) -> Path:
    """Write certificates into one file that anybody may read."""
    path.write_text("\n".join(f"{pem.strip()}\n" for pem in pems if pem), encoding="utf-8")
    path.chmod(0o644)
    return path


def write_java_store(path: Path, *pems: str) -> Path:
    """Write certificates into a trust store for Java (PKCS #12), with STORE_PASSWORD.

    Those that no library reads any more are left out.
    """
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

    entries = [
        pkcs12.PKCS12Certificate(one, str(number).encode())
        for number, one in enumerate(_readable("\n".join(pems)))
    ]
    # Java derives the key anew at each start, and nothing here is secret: a few rounds will do.
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(1)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(SHA256())
        .build(STORE_PASSWORD.encode())
    )
    path.write_bytes(pkcs12.serialize_java_truststore(entries, encryption))
    path.chmod(0o644)
    return path


def _of_system() -> Iterator[str]:
    if sys.platform == "win32":
        found = ssl.create_default_context().get_ca_certs(binary_form=True)
        yield "".join(ssl.DER_cert_to_PEM_cert(one) for one in found)
        return
    paths = (ssl.get_default_verify_paths().openssl_cafile, *_SYSTEMS)
    yield from (read_certificates(path) for path in paths if os.path.isfile(path))


def _readable(pem: str) -> "Iterator[Certificate]":
    from cryptography import x509

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of certificates that are odd, and have been so for years
        for body in pem.split(_CERTIFICATE)[1:]:
            with suppress(ValueError):
                yield x509.load_pem_x509_certificate(f"{_CERTIFICATE}{body}".encode())
