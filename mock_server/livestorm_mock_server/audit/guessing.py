"""How hard a text is to guess, at most: an estimate that is kind to the client."""

import re
from collections import Counter
from itertools import pairwise
from math import log2
from uuid import UUID

from .wording import plural

BITS = 128
"""The chance to guess a state must not be above 2^-128 (RFC 6749, section 10.10)."""

# What a text may have been drawn from, the poorest first.
_ALPHABETS = (
    (re.compile(r"[0-9]*"), 10),
    (re.compile(r"[0-9a-f]*|[0-9A-F]*"), 16),
    (re.compile(r"[0-9a-z]*|[0-9A-Z]*"), 36),
)
_LARGEST_ALPHABET = 64
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NOT_RANDOM_UUIDS = (1, 2, 3, 5, 6, 7)
_LONGEST_LOOKED_AT = 256
_FEWEST_CHARACTERS = 6


def why_guessable(text: str, previous: str | None = None) -> str | None:
    """Give the reason why a text can be guessed, None where it can't, as far as can be seen.

    `previous` is the text that the same client drew before.
    """
    text = text[:_LONGEST_LOOKED_AT]
    return (
        _is_uuid_of_time(text)
        or _has_too_few_bits(text)
        or _has_a_pattern(text)
        or _is_like(text, (previous or "")[:_LONGEST_LOOKED_AT])
    )


def bits_of(text: str) -> float:
    """Give how many random bits fit into a text of such characters, dashes apart."""
    drawn = re.sub(r"[\W_]", "", text)
    sizes = (size for pattern, size in _ALPHABETS if pattern.fullmatch(drawn))
    size = next(sizes, _LARGEST_ALPHABET)
    return log2(size) * len(text if size == _LARGEST_ALPHABET else drawn)


def _has_too_few_bits(text: str) -> str | None:
    bits = bits_of(text)
    if bits >= BITS:
        return None
    return f"its {plural(len(text), 'character')} hold at most {int(bits)} bits; it takes {BITS}"


def _is_uuid_of_time(text: str) -> str | None:
    if not _UUID.fullmatch(text) or UUID(text).version not in _NOT_RANDOM_UUIDS:
        return None
    return f"it is a UUID of version {UUID(text).version}, which is not random"


def _has_a_pattern(text: str) -> str | None:
    if len(set(text)) < _FEWEST_CHARACTERS:
        return f"it consists of {plural(len(set(text)), 'different character')}"
    lengths = range(1, len(text) // 2 + 1)
    if any(text[length:] == text[:-length] for length in lengths):
        return "it repeats itself"
    steps = Counter(ord(second) - ord(first) for first, second in pairwise(text))
    if max(steps.values()) > len(text) / 2:
        return "its characters follow one another"
    return None


def _is_like(text: str, previous: str) -> str | None:
    """Compare with the text before; equal ones are another rule's subject."""
    start = _equal_characters(text, previous)
    end = _equal_characters(text[start:][::-1], previous[start:][::-1])
    new = text[start : len(text) - end]
    if not new or start + end <= len(text) / 2 or bits_of(new) >= BITS:
        return None
    return f"only {plural(len(new), 'character')} differ from the one before"


def _equal_characters(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))
