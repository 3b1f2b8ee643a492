"""What frames the requests: the transport and the headers."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from .rule import Noticed
from .sent import Sent
from .traffic import Traffic

_LONGEST_HOST = 80


def plain_http(traffic: Traffic) -> Noticed:
    """Notice plain http to a host other than this machine."""
    for sent in traffic.all:
        host = _host_of(sent)
        if host and not _is_loopback(host) and not _is_encrypted(sent):
            yield f"plain http to {host[:_LONGEST_HOST]!a}", [sent]


def missing_accept(traffic: Traffic) -> Noticed:
    """Notice token requests that don't say that they take JSON, or anything."""
    for sent in traffic.token_requests:
        if not sent.request.header("accept"):
            yield "the token request has no Accept header", [sent]


def _is_encrypted(sent: Sent) -> bool:
    """Tell whether TLS was used, at the fake or at a proxy before it."""
    forwarded = sent.request.header("x-forwarded-proto") or ""
    return "https" in (sent.request.scheme, forwarded.strip().lower())


def _host_of(sent: Sent) -> str:
    host = sent.request.header("host") or ""
    try:
        return urlsplit(f"//{host}").hostname or host
    except ValueError:
        return host


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
