"""What a server takes of one connection, in bytes and seconds."""

from typing import Final

import msgspec

from .reading import InvalidInputError

# Puma's limits in bytes; what is longer is no request.
# https://github.com/puma/puma/blob/master/ext/puma_http11/puma_http11.c
MAX_TARGET: Final = 12 * 1024
MAX_PATH: Final = 8 * 1024
MAX_QUERY: Final = 10 * 1024
MAX_FRAGMENT: Final = 1024
MAX_FIELD_NAME: Final = 256
MAX_FIELD_VALUE: Final = 80 * 1024
MAX_HEAD: Final = 112 * 1024

# https://github.com/puma/puma/blob/master/lib/puma/client.rb
MAX_CHUNK_HEADER: Final = 4096
MAX_CHUNK_EXCESS: Final = 16 * 1024

MAX_AHEAD: Final = 64 * 1024
"""Bytes behind a request that is not answered beyond which the connection is read no further."""

LINGER: Final = 2.0
"""Seconds for which a client may go on sending what was refused, so that it reads the answer.

Closing a socket with unread data resets it. https://www.rfc-editor.org/rfc/rfc9112#section-9.6
"""


MAX_PAUSE: Final = 86_400
"""Seconds that a user may set at most."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Those that a user may set; None is no limit.

    Raises InvalidInputError, which names them as the options of `MockLivestorm`.
    """

    body: int | None = 10_000_000
    """Bytes of a request's body."""
    seconds: float | None = 30.0
    """Seconds of real time for which nothing may come while a request is not whole.

    Puma's `first_data_timeout`, by default as long.
    """

    def __post_init__(self) -> None:
        if self.body is not None and (not _is_number(self.body, int) or self.body < 0):
            raise InvalidInputError("max_body", self.body, "an integer >= 0, or None")
        if self.seconds is not None and (
            not _is_number(self.seconds, int, float) or not 0 < self.seconds <= MAX_PAUSE
        ):
            expected = f"a number > 0 and <= {MAX_PAUSE:g}, or None"
            raise InvalidInputError("request_timeout", self.seconds, expected)


def _is_number(value: object, *kinds: type) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool)


DEFAULT_LIMITS: Final = Limits()
