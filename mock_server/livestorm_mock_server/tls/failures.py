"""Why a TLS handshake came to nothing, in words."""

import ssl
from typing import Final

from ..patterns import compile_late

_ALERT: Final = compile_late(r"\A(?:TLSV1|SSLV3|TLSV13)_ALERT_(?P<name>\w+)\Z")
# https://www.rfc-editor.org/rfc/rfc8446#section-6.2
_OF_TRUST: Final = frozenset(
    "bad_certificate certificate_expired certificate_revoked certificate_unknown unknown_ca"
    " unsupported_certificate".split()
)

LEFT_AFTER: Final = (
    "the client ended the connection after the TLS handshake, without a request, as some do"
    " without trust in the certificate"
)
RESET: Final = "the TLS handshake was reset"
WENT_ON: Final = "the client went on with a certificate that it has to refuse"


def reason_of(error: OSError, server_name: str | None) -> str:
    """Say why a handshake failed, by what it raises; `server_name` is what was asked for."""
    asked = "" if server_name is None else f" for {server_name[:80]}"
    if isinstance(error, ssl.SSLError):
        return _refused(error, asked)
    if isinstance(error, TimeoutError | ConnectionAbortedError):
        return f"the TLS handshake{asked} was not whole in time"
    return f"the client left during the TLS handshake{asked}, as some do without trust in it"


def _refused(error: ssl.SSLError, asked: str) -> str:
    reason = error.reason or "unknown"
    alert = _ALERT.match(reason)
    if alert is None:
        return f"the TLS handshake{asked} failed ({reason.replace('_', ' ').lower()})"
    name = alert["name"].lower()
    told = f"(alert {name.replace('_', ' ')})"
    if name in _OF_TRUST:
        return f"the client did not trust the certificate{asked} {told}"
    return f"the client broke the TLS handshake{asked} off {told}"
