"""Texts that look like the provider's tokens."""

from random import Random


def token(source: Random) -> str:
    """Draw a text of 256 random bits in Doorkeeper's alphabet."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
    return "".join(source.choice(alphabet) for _ in range(43))
