"""Private API tokens: JWTs (HS256) of a workspace, without expiry."""

from ..randomness import Randomness
from ..store.records import Organization

AUDIENCE = "api.livestorm.co"
_ALGORITHM = "HS256"


def issue_private_token(
    organization: Organization, key: bytes, *, randomness: Randomness, now: float
) -> str:
    """Make a token with the claims `aud`, `jti`, `iat`, `org` (published by Livestorm)."""
    import jwt

    claims = {"aud": AUDIENCE, "jti": randomness.uuid(), "iat": int(now), "org": organization.id}
    return jwt.encode(claims, key, algorithm=_ALGORITHM)


def read_private_token(token: str, key: bytes) -> str | None:
    """Give the organization's id that a token is for, None for one that is not ours."""
    import jwt

    # A virtual clock may have been moved back behind `iat`, which proves nothing.
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[_ALGORITHM],
            audience=AUDIENCE,
            options={"verify_iat": False, "require": ["jti", "iat", "org"]},
        )
    except jwt.InvalidTokenError:
        return None
    return str(claims["org"])
