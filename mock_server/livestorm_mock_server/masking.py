"""Hiding secrets in what is shown of exchanges: lines of the log, diagrams, reports."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, quote_plus, unquote

from .patterns import compile_late

HIDDEN: Final = "[hidden]"
_MOST_SEEN: Final = 1_000

_TOKEN = compile_late(r"eyJ[\w-]+\.[\w-]+\.[\w-]*|[\w-]{43,}", re.ASCII)
"""What may have come from `Randomness.token`, or be a JWT, with what stands next to it."""
_DRAWN = compile_late(r"[A-Z0-9]")
"""What 32 random bytes have, and a long name in words has not."""
_WORD = compile_late(r"[A-Za-z]{1,15}|.{1,5}", re.DOTALL)
"""A secret that stands in many a sentence, too: `secret`, `people`."""
_BEFORE_WORD, _AFTER_WORD = r"(?<![^'\"/])", r"(?![^'\"/?])"
"""Such a one is hidden where it stands alone: as a text, between quotes, as a part of a path."""


class Mask:
    """Hides the secrets of a sandbox wherever they stand, and all that looks like a token.

    What is `public` may look like one: the ids of clients.
    """

    def __init__(self, secrets: Iterable[str] = (), public: Iterable[str] = ()) -> None:
        self._known = known = {one for one in secrets if one and not _is_token(one)}
        words = {one for one in known if _WORD.fullmatch(one)}
        forms = {form for one in known - words for form in _forms(one)}
        self._longest_first = sorted(forms, key=len, reverse=True)
        self._words = _one_of(words) if words else None
        self._public = frozenset(public)
        self._harmless: set[tuple[str | None, ...]] = set()

    def with_secrets(self, others: Iterable[str]) -> "Mask":
        """Give one that hides others, too."""
        return Mask(self._known.union(others), self._public)

    def is_harmless(self, texts: tuple[str | None, ...]) -> bool:
        """Tell whether there is nothing to hide in texts that are known from another time."""
        return texts in self._harmless

    def remember_harmless(self, texts: tuple[str | None, ...]) -> None:
        """Take note of short texts in which there is nothing to hide, as they will come again."""
        if len(self._harmless) >= _MOST_SEEN:
            self._harmless.clear()
        self._harmless.add(texts)

    def text(self, text: str) -> str:
        """Give a text without the secrets, also where it has them %-encoded."""
        shown = self._plain(text)
        return "/".join(map(self._part, shown.split("/"))) if "%" in shown else shown

    def _part(self, part: str) -> str:
        """Give a part of a path: as it came, if it has no secret once it is decoded."""
        decoded = unquote(part)
        shown = self._plain(decoded)
        return part if shown == decoded else shown

    def _plain(self, text: str) -> str:
        for one in self._longest_first:
            if one in text:
                text = text.replace(one, HIDDEN)
        if self._words is not None:
            text = self._words.sub(HIDDEN, text)
        return _TOKEN.sub(self._run, text)

    def _run(self, found: re.Match[str]) -> str:
        run = found[0]
        return HIDDEN if _is_token(run) and run not in self._public else run


def _is_token(text: str) -> bool:
    return _TOKEN.fullmatch(text) is not None and _DRAWN.search(text) is not None


def _one_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"{_BEFORE_WORD}(?:{'|'.join(map(re.escape, words))}){_AFTER_WORD}")


def _forms(secret: str) -> Iterable[str]:
    """Give a secret as a path, a header or a quotation may have it."""
    as_bytes = secret.encode("utf-8", "surrogatepass")
    encoded = (quote(as_bytes, safe=""), quote_plus(as_bytes), as_bytes.decode("latin-1"))
    return (secret, repr(secret)[1:-1], *encoded)
