"""The name of a certificate's file in a folder of OpenSSL's: a hash of its subject.

https://docs.openssl.org/3.0/man1/openssl-rehash/, and `x509_name_canon` of
https://github.com/openssl/openssl/blob/master/crypto/x509/x_name.c
"""

import hashlib
import ssl

_UTF8_STRING = 0x0C
_ASCII_STRINGS = (_UTF8_STRING, 0x13, 0x14, 0x16)


def subject_hash(pem: str) -> str:
    """Give the eight digits for a certificate whose subject is plain ASCII text."""
    _, certificate, _ = _read(ssl.PEM_cert_to_DER_cert(pem))
    _, signed, _ = _read(certificate)
    fields = []
    while signed:
        tag, value, signed = _read(signed)
        fields.append((tag, value))
    # Without the version, which is optional: serial number, algorithm, issuer, validity, subject.
    subject = [value for tag, value in fields if tag != 0xA0][4]
    digest = hashlib.sha1(_canonical(subject), usedforsecurity=False).digest()
    return f"{int.from_bytes(digest[:4], 'little'):08x}"


def _canonical(name: bytes) -> bytes:
    """Give a name as it is compared: texts in lower case and UTF-8, with single spaces."""
    whole = b""
    while name:
        tag, value, name = _read(name)
        if tag in (0x30, 0x31):
            value = _canonical(value)
        elif tag in _ASCII_STRINGS:
            tag, value = _UTF8_STRING, b" ".join(value.lower().split())
        whole += bytes([tag]) + _length(len(value)) + value
    return whole


def _read(data: bytes) -> tuple[int, bytes, bytes]:
    """Give tag and value of an element in DER, and what follows it."""
    length, start = data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start], "big")
    return data[0], data[start : start + length], data[start + length :]


def _length(length: int) -> bytes:
    if length < 0x80:
        return bytes([length])
    size = (length.bit_length() + 7) // 8
    return bytes([0x80 | size]) + length.to_bytes(size, "big")
