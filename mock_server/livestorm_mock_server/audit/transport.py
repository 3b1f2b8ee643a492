"""What frames the requests: the transport and the headers."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from .rule import Noticed
from .traffic import Traffic

_LONGEST_HOST = 80


def plain_http(traffic: Traffic) -> Noticed:
    """Notice plain http to a host other than this machine."""
    for sent in traffic.all:
        scheme, _, address = sent.request.base_url.partition("://")
        host = _name_of(address)
        if scheme == "http" and host and not _is_loopback(host):
            yield f"plain http to {host[:_LONGEST_HOST]!a}", [sent]


def missing_accept(traffic: Traffic) -> Noticed:
    """Notice token requests that don't say that they take JSON, or anything."""
    for sent in traffic.token_requests:
        if not sent.request.header("accept"):
            yield "the token request has no Accept header", [sent]


def _name_of(address: str) -> str:
    try:
        return urlsplit(f"//{address}").hostname or address
    except ValueError:
        return address


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
