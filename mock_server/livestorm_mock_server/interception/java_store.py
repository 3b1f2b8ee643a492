"""Trust stores of Java in its own format, JKS, which every version of it reads.

https://github.com/openjdk/jdk/blob/master/src/java.base/share/classes/sun/security/provider/JavaKeyStore.java
"""

import hashlib
import re
import ssl
import struct
from collections.abc import Sequence
from typing import Final

PASSWORD: Final = "changeit"
"""Java's own: it hides nothing, and is asked for by those who check whether a store is whole."""

_MAGIC, _VERSION, _TRUSTED = 0xFEEDFEED, 2, 2
_SALT: Final = b"Mighty Aphrodite"
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)


def certificates(pem: str) -> list[bytes]:
    """Give the certificates of a bundle in DER."""
    return [ssl.PEM_cert_to_DER_cert(one) for one in _CERTIFICATE.findall(pem)]


def read_store(store: bytes) -> list[bytes] | None:
    """Give the certificates of a store in DER; None for one of another format."""
    try:
        return _read(store)
    except struct.error:
        return None  # It is shorter than it says.


def _read(store: bytes) -> list[bytes] | None:
    if store[:4] != struct.pack("!I", _MAGIC):
        return None
    count, at, found = struct.unpack_from("!I", store, 8)[0], 12, []
    for _ in range(count):
        kind, name = struct.unpack_from("!IH", store, at)
        if kind != _TRUSTED:
            return None
        at += 6 + name + 8
        kind_length = struct.unpack_from("!H", store, at)[0]
        at += 2 + kind_length
        length = struct.unpack_from("!I", store, at)[0]
        found.append(store[at + 4 : at + 4 + length])
        at += 4 + length
    return found


def write_store(trusted: Sequence[bytes]) -> bytes:
    """Give a store of certificates in DER."""
    body = struct.pack("!III", _MAGIC, _VERSION, len(trusted))
    for number, certificate in enumerate(trusted):
        name = _text(str(number))
        body += struct.pack("!I", _TRUSTED) + name + bytes(8) + _text("X.509")
        body += struct.pack("!I", len(certificate)) + certificate
    digest = hashlib.sha1(usedforsecurity=False)
    digest.update(PASSWORD.encode("utf-16-be") + _SALT + body)
    return body + digest.digest()


def _text(text: str) -> bytes:
    return struct.pack("!H", len(text)) + text.encode("ascii")
