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

    def __new__(cls) -> Self:
        """Make one without a certificate yet."""
        context = super().__new__(cls, ssl.PROTOCOL_TLS_SERVER)
        # A session that is resumed shows no certificate that the client could refuse.
        context.num_tickets = 0
        context.options |= ssl.OP_NO_TICKET
        context.set_alpn_protocols(["http/1.1"])
        return context

    def keep_fresh(self, renew: Callable[["ServingContext"], None]) -> None:
        """Have `renew` load another certificate where this one gets old, for what follows then."""
        made_at = read_steady()

        def look(*_: object) -> None:
            nonlocal made_at
            if read_steady() - made_at > _FRESH_FOR:
                made_at = read_steady()
                renew(self)

        self.sni_callback = look
