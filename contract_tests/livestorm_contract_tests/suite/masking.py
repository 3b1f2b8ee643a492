"""Keeping secrets out of what is reported."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import quote, quote_plus

from ..fake.journal import Exchange

HIDDEN: Final = "[hidden]"
LEAST: Final = 6
"""Characters of a secret that is hidden: a shorter text stands in many words by chance."""


def secrets_of(exchange: Exchange) -> set[str]:
    """Give what an exchange let either side know that nobody else should."""
    sent = (
        exchange.code,
        exchange.refresh_token,
        exchange.bearer_token,
        exchange.parameters.get("code_verifier"),
        exchange.parameters.get("client_secret"),
    )
    return {one for one in sent if isinstance(one, str)} | set(exchange.tokens_shown)


def mask(value: object, secrets: Iterable[str]) -> object:
    """Give evidence with each secret hidden, also as it stands in a query string.

    Half of a character, which no file and no console takes, is escaped.
    """
    forms = {
        form
        for one in secrets
        if len(one) >= LEAST
        for form in (one, quote(one, safe=""), quote_plus(one))
    }
    return _masked(value, sorted(forms, key=len, reverse=True))


def _masked(value: object, longest_first: Sequence[str]) -> object:
    if isinstance(value, str):
        for one in longest_first:
            value = value.replace(one, HIDDEN)
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, Mapping):
        return {key: _masked(one, longest_first) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(one, longest_first) for one in value]
    return value
