"""Redirect URIs and where clients are registered with (RFC 6749, section 3.1.2)."""

from .rule import Noticed
from .traffic import Traffic

_LONGEST = 200


def unregistered_redirect_uris(traffic: Traffic) -> Noticed:
    """Notice redirect URIs that are not registered, where the provider takes them all the same."""
    for sent in traffic.all:
        if sent.is_of_client and sent.entry.exchange.has_unregistered_redirect_uri:
            uri = (sent.text("redirect_uri") or "").partition("?")[0][:_LONGEST]
            told = f"redirect_uri {uri!a} is not registered for the client {sent.client_id!a}"
            yield f"{told}: Livestorm would refuse it", [sent]
