"""What a sandbox signs: private tokens, and access tokens that are JWTs."""

from collections.abc import Sequence
from functools import cached_property

from .api.private_tokens import issue_private_token, read_private_token
from .randomness import Randomness
from .store.records import Organization, User


class Signing:
    """The key of a sandbox, 32 bytes, and the workspaces for which it signs.

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
        """The private API token of the first workspace."""
        # Made when it is asked for, since PyJWT takes long to import; its own source of
        # randomness keeps all else the same, whether it is made or not.
        return issue_private_token(
            self._organizations[0],
            self.key,
            randomness=Randomness(self.key.hex()),
            now=self._began_at,
        )

    def find_private_token_owner(self, token: str) -> Organization | None:
        """Give the workspace of a private token."""
        organization_id = read_private_token(token, self.key)
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
        import jwt

        claims: dict[str, object] = {"jti": jti, "iat": int(issued_at), "scope": " ".join(scopes)}
        if user is not None:
            claims |= {"sub": user.uuid, "org": user.organization.id}
        if expires_in is not None:
            claims["exp"] = int(issued_at) + expires_in
        return jwt.encode(claims, self.key, algorithm="HS256")
