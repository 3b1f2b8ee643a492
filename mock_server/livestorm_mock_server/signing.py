"""What a provider signs: the private token of a workspace, and access tokens that are JWTs."""

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from functools import cached_property

from .randomness import Randomness
from .store.records import Organization, User

_AUDIENCE = "api.livestorm.co"
_ALGORITHM = "HS256"


class Signing:
    """The key of a provider, 32 bytes, and the workspaces for which it signs.

    `began_at` is the virtual time at which the private token is issued, in Unix seconds.
    """

    def __init__(
        self, key: bytes, organizations: Sequence[Organization], *, began_at: float
    ) -> None:
        self.key = key
        self._organizations = organizations
        self._began_at = began_at

    @cached_property
    def private_token(self) -> str:
        """The private API token of the first workspace: a JWT without expiry.

        It has the claims `aud`, `jti`, `iat`, `org` (published by Livestorm).
        """
        # Its own source of randomness keeps all else the same, whether it is made or not.
        jti = Randomness(self.key.hex()).uuid()
        organization_id = self._organizations[0].id
        return self._sign(
            {"aud": _AUDIENCE, "jti": jti, "iat": int(self._began_at), "org": organization_id}
        )

    def find_private_token_owner(self, token: str) -> Organization | None:
        """Give the workspace of a private token, None for one that is not ours."""
        import jwt

        # A virtual clock may have been moved back behind `iat`, which proves nothing.
        try:
            claims = jwt.decode(
                token,
                self.key,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                options={"verify_iat": False, "require": ["jti", "iat", "org"]},
            )
        except jwt.InvalidTokenError:
            return None
        organization_id = str(claims["org"])
        return next((one for one in self._organizations if one.id == organization_id), None)

    def sign_access_token(
        self,
        user: User | None,
        scopes: tuple[str, ...],
        *,
        jti: str,
        issued_at: float,
        expires_in: int | None,
    ) -> str:
        """Make an access token in the form of a JWT, for `token_format = "jwt"`."""
        claims: dict[str, object] = {"jti": jti, "iat": int(issued_at), "scope": " ".join(scopes)}
        if user is not None:
            claims |= {"sub": user.uuid, "org": user.organization.id}
        if expires_in is not None:
            claims["exp"] = int(issued_at) + expires_in
        return self._sign(claims)

    def _sign(self, claims: dict[str, object]) -> str:
        """Make a JWT (RFC 7515, section 3.1).

        Not by PyJWT: it loads all of `cryptography`, which each start of the fake would wait for.
        """
        header = {"alg": _ALGORITHM, "typ": "JWT"}
        signed = b".".join(map(_encode, (_as_json(header), _as_json(claims))))
        signature = hmac.digest(self.key, signed, "sha256")
        return b".".join((signed, _encode(signature))).decode()


def _as_json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _encode(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
