"""What frames the requests: the transport and the headers."""

from ..origins import is_loopback, split
from .rule import Noticed
from .traffic import Traffic

_LONGEST_HOST = 80


def plain_http(traffic: Traffic) -> Noticed:
    """Notice plain http to a host other than this machine."""
    for sent in traffic.all:
        scheme, _, address = sent.request.base_url.partition("://")
        host = split(f"//{address}").hostname or address
        if scheme == "http" and host and not _is_here(host):
            yield f"plain http to {host[:_LONGEST_HOST]!a}", [sent]


def unverified_certificates(traffic: Traffic) -> Noticed:
    """Notice requests over a connection whose certificate a client has to refuse."""
    for handshake in traffic.handshakes:
        connection = handshake.entry.exchange.connection_name
        sent = [
            one
            for one in traffic.all
            if one is not handshake and one.entry.exchange.connection_name is connection
        ]
        if connection is not None and sent:
            yield "a request is sent where the certificate is not to be trusted", [handshake, *sent]


def missing_accept(traffic: Traffic) -> Noticed:
    """Notice token requests that don't say that they take JSON, or anything."""
    for sent in traffic.token_requests:
        if not sent.request.header("accept"):
            yield "the token request has no Accept header", [sent]


def _is_here(host: str) -> bool:
    """Tell whether a host is this machine, as all names below `localhost` are (RFC 6761, 6.3)."""
    return is_loopback(host) or host.endswith(".localhost")
