"""The headers of what is delivered, its signature included."""

import hmac
from base64 import b64encode
from hashlib import sha256

from .delivery import Parcel
from .options import WebhookOptions


def headers_of(
    options: WebhookOptions, authority: str, parcel: Parcel, now: float
) -> list[tuple[str, str]]:
    """Give names, in lower case, and values of the headers of an attempt at a virtual time."""
    body, signature = parcel.body, parcel.signature
    headers = {
        "host": authority,
        "user-agent": "livestorm-mock",
        "accept": "*/*",
        "content-type": options.webhook_content_type,
        "content-length": str(len(body)),
        "connection": "close",
    }
    if options.webhook_signature != "none" and signature != "missing":
        signed = body if signature == "right" else body + b"!"
        headers[options.webhook_signature_header.lower()] = _sign(options, signed, int(now))
    own = {name.lower(): value for name, value in options.webhook_headers.items()}
    return [(name, value.encode().decode("latin-1")) for name, value in (headers | own).items()]


def _sign(options: WebhookOptions, body: bytes, seconds: int) -> str:
    key = options.webhook_secret.encode()
    if options.webhook_signature == "timestamped":
        signed = hmac.new(key, b"%d.%b" % (seconds, body), sha256)
        return f"t={seconds},v1={signed.hexdigest()}"
    digest = hmac.new(key, body, sha256)
    is_hex = options.webhook_signature == "hex"
    return digest.hexdigest() if is_hex else b64encode(digest.digest()).decode()
