"""What doors serve with: a good certificate, and on demand one that clients have to refuse."""

import ssl
from collections.abc import Callable
from typing import Literal, Self

Flaw = Literal["unknown_ca", "expired", "wrong_name"]
"""What is wrong with a certificate."""


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
