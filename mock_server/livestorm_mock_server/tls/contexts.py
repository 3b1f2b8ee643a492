"""What doors need to serve a certificate."""

import ssl


def server_context() -> ssl.SSLContext:
    """Make it, without a certificate yet."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # A session that is resumed shows no certificate that the client could refuse.
    context.num_tickets = 0
    context.options |= ssl.OP_NO_TICKET
    context.set_alpn_protocols(["http/1.1"])
    return context
