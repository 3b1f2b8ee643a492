"""A store that walks all tokens for everything: what each operation of a store means."""

from collections.abc import Hashable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import ClassVar

from livestorm_mock_server.store import windows
from livestorm_mock_server.store.protocol import (
    AlreadyUsedError,
    RateLimits,
    RequestCount,
    Rotation,
    Store,
    TokenRequest,
)
from livestorm_mock_server.store.records import AccessGrant, AccessToken, Application, User
from msgspec.structs import replace


class WalkingStore:
    """A `Store` that forgets nothing, and has no rehearsals."""

    is_here: ClassVar[bool] = True
    kept = 0

    def __init__(self) -> None:
        self._applications: dict[str, Application] = {}
        self._grants: dict[str, AccessGrant] = {}
        self._tokens: dict[int, AccessToken] = {}
        self._id_by_token: dict[str, int] = {}
        self._id_by_refresh_token: dict[str, int] = {}
        self._windows: dict[str, windows.Window] = {}
        self._last_id = 0

    def copy(self) -> "WalkingStore":
        """Give another store with the same content."""
        other = WalkingStore()
        for name, value in vars(self).items():
            setattr(other, name, dict(value) if isinstance(value, dict) else value)
        return other

    def fingerprint(self) -> Hashable:
        """Tell stores apart that answer differently, whatever ids they have given."""
        return (
            frozenset(replace(token, id=0) for token in self._tokens.values()),
            frozenset(replace(grant, token_id=None) for grant in self._grants.values()),
        )

    def rehearsal(self) -> AbstractAsyncContextManager[Store]:
        raise NotImplementedError

    async def clear(self) -> None:
        self.__init__()  # type: ignore[misc]

    async def add_application(self, application: Application) -> None:
        self._applications[application.client_id] = application

    async def applications(self) -> Sequence[Application]:
        return sorted(self._applications.values(), key=lambda application: application.id)

    async def find_application(self, client_id: str) -> Application | None:
        return self._applications.get(client_id)

    async def issue_code(self, grant: AccessGrant) -> None:
        self._grants[grant.code] = grant

    async def find_code(self, code: str) -> AccessGrant | None:
        return self._grants.get(code)

    async def redeem_code(self, code: str, new: TokenRequest, *, reuse: bool) -> AccessToken:
        grant = self._grants[code]
        if grant.is_used:
            raise AlreadyUsedError
        token = self._issue(new, reuse=reuse)
        self._grants[code] = replace(grant, revoked_at=new.created_at, token_id=token.id)
        return token

    async def issue_token(self, new: TokenRequest, *, reuse: bool) -> AccessToken:
        return self._issue(new, reuse=reuse)

    async def rotate(
        self, refresh_token: str, new: TokenRequest, *, rotation: Rotation
    ) -> AccessToken:
        old = self._tokens[self._id_by_refresh_token[refresh_token]]
        now = new.created_at
        if old.is_revoked(now):
            raise AlreadyUsedError
        if rotation.mode == "never":
            self._keep(replace(old, refresh_token=None))
            kept = replace(new, refresh_token=refresh_token)
            return self._create(kept, family=old.family, refreshed_from=refresh_token)
        if rotation.repeats and (successor := self._successor(refresh_token)):
            if successor.is_revoked(now):
                raise AlreadyUsedError
            return successor
        if rotation.has_grace and old.revoked_at is None:
            self._keep(replace(old, revoked_at=now + rotation.grace))
        elif rotation.mode in ("instant", "family"):
            self._keep(replace(old, revoked_at=now))
        previous = refresh_token if rotation.mode == "on_use" else None
        return self._create(
            new,
            family=old.family,
            refreshed_from=refresh_token,
            previous_refresh_token=previous,
        )

    async def find_token(self, token: str) -> AccessToken | None:
        token_id = self._id_by_token.get(token)
        return None if token_id is None else self._tokens[token_id]

    async def find_refresh_token(self, refresh_token: str) -> AccessToken | None:
        token_id = self._id_by_refresh_token.get(refresh_token)
        return None if token_id is None else self._tokens[token_id]

    async def present_token(self, token: str, now: float) -> AccessToken | None:
        found = await self.find_token(token)
        if found is None or found.previous_refresh_token is None:
            return found
        replaced = await self.find_refresh_token(found.previous_refresh_token)
        if replaced is not None:
            self._revoke(replaced, now)
        return self._keep(replace(found, previous_refresh_token=None))

    async def revoke_token(self, token_id: int, now: float) -> None:
        revoked = self._tokens[token_id]
        self._revoke(revoked, now)
        if revoked.refresh_token is None:
            return
        for token in list(self._tokens.values()):
            # Under `rotation = "never"` the refresh token moved on to this, the newest pair.
            if token.family == revoked.family and token.refresh_token is None:
                self._revoke(token, now)

    async def revoke_family(self, family: int, now: float) -> None:
        for token in list(self._tokens.values()):
            if token.family == family:
                self._revoke(token, now)

    async def expire_token(self, token_id: int) -> None:
        self._keep(replace(self._tokens[token_id], was_expired=True))

    async def rename_token(
        self, token_id: int, *, token: str | None, refresh_token: str | None
    ) -> AccessToken:
        old = self._tokens[token_id]
        self._id_by_token.pop(old.token, None)
        self._id_by_refresh_token.pop(old.refresh_token or "", None)
        return self._keep(
            replace(
                old,
                token=token or old.token,
                refresh_token=refresh_token or old.refresh_token,
            )
        )

    async def has_valid_token(
        self, user: User, application: Application, scopes: Sequence[str]
    ) -> bool:
        return any(set(one.scopes) == set(scopes) for one in self._valid(user, application))

    async def tokens(self) -> Sequence[AccessToken]:
        return list(self._tokens.values())

    async def authorized_applications(self, user: User) -> Sequence[Application]:
        return [a for a in await self.applications() if self._valid(user, a)]

    async def revoke_application(self, user: User, application_id: int, now: float) -> None:
        for token in list(self._tokens.values()):
            if token.application.id == application_id and token.user == user:
                self._revoke(token, now)
        for code, grant in self._grants.items():
            if grant.application.id == application_id and grant.user == user:
                self._grants[code] = replace(grant, revoked_at=grant.revoked_at or now)

    async def count_request(
        self, bucket: str, now: float, paced_at: float, limits: RateLimits
    ) -> RequestCount:
        window = self._windows.get(bucket) or windows.open_window(now, paced_at, limits)
        self._windows[bucket], counted = windows.count(window, now, paced_at, limits)
        return counted

    def _valid(self, user: User, application: Application) -> list[AccessToken]:
        return [
            token
            for token in self._tokens.values()
            if token.revoked_at is None
            and token.application.id == application.id
            and token.user is not None
            and token.user.id == user.id
        ]

    def _successor(self, refresh_token: str) -> AccessToken | None:
        tokens = self._tokens.values()
        return next((token for token in tokens if token.refreshed_from == refresh_token), None)

    def _issue(self, new: TokenRequest, *, reuse: bool) -> AccessToken:
        if reuse and (match := self._matching(new)):
            return match
        return self._create(new)

    def _matching(self, new: TokenRequest) -> AccessToken | None:
        matches = [
            token
            for token in self._tokens.values()
            if token.revoked_at is None
            and token.application.id == new.application.id
            and token.user == new.user
            and set(token.scopes) == set(new.scopes)
        ]
        newest = max(matches, key=lambda token: (token.created_at, token.id), default=None)
        return None if newest is None or newest.is_expired(new.created_at) else newest

    def _create(
        self,
        new: TokenRequest,
        *,
        family: int | None = None,
        refreshed_from: str | None = None,
        previous_refresh_token: str | None = None,
    ) -> AccessToken:
        self._last_id += 1
        return self._keep(
            AccessToken(
                id=self._last_id,
                token=new.token,
                refresh_token=new.refresh_token,
                application=new.application,
                user=new.user,
                scopes=new.scopes,
                created_at=new.created_at,
                expires_in=new.expires_in,
                own_lifetime=new.own_lifetime,
                previous_refresh_token=previous_refresh_token,
                family=family if family is not None else self._last_id,
                refreshed_from=refreshed_from,
            )
        )

    def _keep(self, token: AccessToken) -> AccessToken:
        self._tokens[token.id] = token
        self._id_by_token[token.token] = token.id
        if token.refresh_token is not None:
            self._id_by_refresh_token[token.refresh_token] = token.id
        return token

    def _revoke(self, token: AccessToken, now: float) -> None:
        if not token.is_revoked(now):
            self._keep(replace(token, revoked_at=now))
