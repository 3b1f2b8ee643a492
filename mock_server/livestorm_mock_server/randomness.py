"""Where tokens, codes and ids come from: the system, or a seed."""

import os
import random
import struct
from binascii import a2b_base64, b2a_base64

# What `random.Random.getstate` gives: the words of the Mersenne Twister, and how many are drawn.
# https://github.com/python/cpython/blob/main/Lib/random.py
_TWISTER = 3
_WORDS = 624
_POSITION = struct.Struct(f"<{_WORDS + 1}I")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Randomness:
    """Random values; with a seed, the same ones in the same order."""

    def __init__(self, seed: int | str | bytes | None = None) -> None:
        if isinstance(seed, str):
            # What an argument has of other bytes than UTF-8 is no text that could be encoded.
            seed = seed.encode("utf-8", "surrogatepass")
        self._source = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311
        self._is_seeded = seed is not None

    def go_on_from(self, position: str | None) -> None:
        """Draw what comes after a `position`, of one that has a seed, too.

        Raises ValueError for what is none.
        """
        if position is None:
            return
        packed = a2b_base64(position)
        words = _POSITION.unpack(packed) if len(packed) == _POSITION.size else (_WORDS + 1,)
        if words[-1] > _WORDS:
            raise ValueError("no position of the Mersenne Twister")
        self._source.setstate((_TWISTER, words, None))

    @property
    def position(self) -> str | None:
        """Where the draws stand, in base64; None without a seed, as nobody can tell."""
        if not self._is_seeded:
            return None
        return b2a_base64(_POSITION.pack(*self._source.getstate()[1]), newline=False).decode()

    def token(self) -> str:
        """Make 32 random bytes as 43 characters of `[A-Za-z0-9_-]`, as Doorkeeper's tokens."""
        # What base64's own function does in three calls.
        return b2a_base64(self.bytes(32), newline=False)[:43].translate(_URL_SAFE).decode()

    def uuid(self) -> str:
        """Make a random UUID (version 4)."""
        text = self.bytes(16).hex()
        variant = "89ab"[int(text[16], 16) & 3]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"

    def hex(self, length: int) -> str:
        """Make so many random hexadecimal digits."""
        return self.bytes((length + 1) // 2).hex()[:length]

    def bytes(self, length: int) -> bytes:
        """Make so many random bytes."""
        if not self._is_seeded:
            return os.urandom(length)
        return self._source.getrandbits(8 * length).to_bytes(length, "big")

    def fraction(self) -> float:
        """Draw a number from 0 up to, not including, 1."""
        return self._source.random()
