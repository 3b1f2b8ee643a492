"""Keeping secrets out of what is reported."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from ..driving.secret_forms import SHORTEST, base64_forms, written_forms

HIDDEN: Final = "[hidden]"
_IN_BASE64: Final = re.compile(rf"[\w+/-]{{{SHORTEST},}}=*", re.ASCII)
"""What may be base64, of either alphabet, and long enough to hold a secret."""


class Mask:
    """Hides secrets, in whatever form.

    Half of a character, which no file and no console takes, is escaped.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        known = set(secrets)
        written = {form for one in known for form in written_forms(one)}
        self._longest_first = sorted(written, key=len, reverse=True)
        self._in_base64 = {form for one in known for form in base64_forms(one)}

    def text(self, text: str) -> str:
        """Give a text without the secrets; base64 with one in it is hidden to its ends."""
        for one in self._longest_first:
            text = text.replace(one, HIDDEN)
        text = _IN_BASE64.sub(self._run, text)
        return text.encode("utf-8", "backslashreplace").decode()

    def evidence(self, value: object) -> object:
        """Give evidence without the secrets, in each text of it."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self.evidence(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.evidence(one) for one in value]
        return value

    def _run(self, found: re.Match[str]) -> str:
        run = found[0]
        return HIDDEN if any(one in run for one in self._in_base64) else run
