"""Whom a client trusts: what the machine trusted before, and the fake's authority beside it."""

import os
import ssl
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from .java_store import certificates, write_store
from .trust_files import BUNDLES

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
    """Write certificates into a trust store that any Java reads."""
    path.write_bytes(write_store(certificates("\n".join(pems))))
    path.chmod(0o644)
    return path


def _of_system() -> Iterator[str]:
    if sys.platform == "win32":
        found = ssl.create_default_context().get_ca_certs(binary_form=True)
        yield "".join(ssl.DER_cert_to_PEM_cert(one) for one in found)
        return
    paths = (ssl.get_default_verify_paths().openssl_cafile, *BUNDLES)
    yield from (read_certificates(path) for path in paths if os.path.isfile(path))
