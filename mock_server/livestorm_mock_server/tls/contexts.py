"""What doors serve with: a good certificate, and on demand one that clients have to refuse."""

import ssl
from collections.abc import Callable
from datetime import timedelta
from typing import Final, Literal, Self

from ..clock import read_steady

Flaw = Literal["unknown_ca", "expired", "wrong_name"]
"""What is wrong with a certificate."""

LEAF_LIFETIME: Final = timedelta(days=7)
_FRESH_FOR: Final = LEAF_LIFETIME.total_seconds() - 86_400


class ServingContext(ssl.SSLContext):
    """Serves a certificate; `flawed`, where it is known, gives what serves a bad one instead."""

    flawed: Callable[[Flaw], ssl.SSLContext] | None = None
    _renew: Callable[["ServingContext"], None] | None = None
    _made_at = 0.0

    def __new__(cls) -> Self:
        """Make one without a certificate yet."""
        context = super().__new__(cls, ssl.PROTOCOL_TLS_SERVER)
        # A session that is resumed shows no certificate that the client could refuse.
        context.num_tickets = 0
        context.options |= ssl.OP_NO_TICKET
        context.set_alpn_protocols(["http/1.1"])
        return context

    def keep_fresh(self, renew: Callable[["ServingContext"], None]) -> None:
        """Have `renew` load another certificate where this one gets old."""
        self._renew, self._made_at = renew, read_steady()

    def freshen(self) -> None:
        """Renew the certificate, if it has to be, for the handshakes that follow."""
        # Not from `sni_callback`, for which Python reads the name that a client asks for: one that
        # is no ASCII would leave a traceback on standard error.
        if self._renew is not None and read_steady() - self._made_at > _FRESH_FOR:
            self._made_at = read_steady()
            self._renew(self)
