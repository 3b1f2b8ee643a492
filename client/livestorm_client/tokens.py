"""The tokens of one connection."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field

from .errors import ConfigurationError


class Secret(str):
    """A string that is masked in representations, and so in tracebacks with local variables."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What the token endpoint granted.

    `expires_at` is in Unix seconds and `lifetime` in seconds, both None when the server did not
    say; `scope` is what was granted, None when the server did not say. `needs_reauth` is set
    once the server says that the grant is gone (`invalid_grant`).
    """

    access_token: str
    refresh_token: str | None = None
    expires_at: float | None = None
    scope: tuple[str, ...] | None = None
    lifetime: float | None = field(default=None, compare=False)
    needs_reauth: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "access_token", Secret(self.access_token))
        if self.refresh_token is not None:
            object.__setattr__(self, "refresh_token", Secret(self.refresh_token))

    def due(self, now: float, leeway: float) -> bool:
        """Tell whether to refresh, `leeway` seconds or a tenth of the lifetime before expiry.

        Tokens of unknown expiry are never due: the API's 401 tells.
        """
        margin = leeway if self.lifetime is None else min(leeway, self.lifetime / 10)
        return self.expires_at is not None and now >= self.expires_at - margin

    def to_json(self) -> str:
        """Write everything, for a store."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes, source: object) -> "Tokens":
        """Read what `to_json` wrote; ConfigurationError, naming `source`, for anything else."""
        tokens = cls._parse(text)
        del text  # A traceback with local variables would show it.
        if tokens is None:
            raise ConfigurationError(f"{source} holds no tokens")
        return tokens

    @classmethod
    def _parse(cls, text: str | bytes) -> "Tokens | None":
        with suppress(ValueError, TypeError, KeyError, RecursionError):
            members = json.loads(text)
            scope = None if members["scope"] is None else tuple(members["scope"])
            tokens = cls(**{**members, "scope": scope})
            tokens.due(0, 0)  # Fails unless the moments are numbers.
            if isinstance(members["access_token"], str):
                return tokens
        return None
