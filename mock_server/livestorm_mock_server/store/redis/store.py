"""The store that several processes share: each operation is one script, in one round trip."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar
from urllib.parse import quote

from msgspec.structs import replace

from .. import windows
from ..indexes import Grant
from ..memory import KEPT
from ..protocol import AlreadyUsedError, RateLimits, RequestCount, Rotation, TokenRequest
from ..records import AccessGrant, AccessToken, Application, User
from . import encoding
from .script import STORE, Argument, Server

IDLE_SECONDS = 30 * 86_400
"""After so long without any operation, what a store has left behind is garbage."""

_ALREADY_USED = b"already used"

Operation = tuple[str, tuple[Argument, ...]]


class RedisStore:
    """A `Store` on a Redis server.

    All that a sandbox remembers is in three keys, which a cluster has on one node.
    """

    is_here: ClassVar[bool] = False

    def __init__(self, server: Server, name: str, *, kept: int = KEPT) -> None:
        """`name` is the sandbox's; stores with the same server and name are one."""
        self.kept = kept
        self.clock = ""
        """What tells the settings of the clock apart by which times are given, where operations
        come from several workers and those under way at once in no order of their times."""
        self._server = server
        self._name = name
        self.keys = keys_of(name, "records", "applications", "index")

    @asynccontextmanager
    async def rehearsal(self) -> AsyncGenerator["RedisStore"]:
        # Nobody else may see what is going to be undone, nor wait until it is.
        rehearsal = _Rehearsal(self._server, self._name, kept=self.kept)
        rehearsal.clock = self.clock
        yield rehearsal

    async def clear(self) -> None:
        await self._run("clear")

    async def add_application(self, application: Application) -> None:
        await self._run("add_application", *self.encode_applications([application]))

    @staticmethod
    def encode_applications(applications: Iterable[Application]) -> list[str | bytes]:
        """Give applications as the scripts keep them: by client id."""
        encoded: list[str | bytes] = []
        for one in applications:
            encoded += [one.client_id, encoding.encode_record(one)]
        return encoded

    async def applications(self) -> Sequence[Application]:
        return _by_id(await self._run("applications"))

    async def find_application(self, client_id: str) -> Application | None:
        body = await self._run("find_application", client_id)
        return None if body is None else encoding.decode_application(body)

    async def issue_code(self, grant: AccessGrant) -> None:
        await self._run(
            "issue_code",
            grant.code,
            encoding.encode_record(grant),
            encoding.encode_grant((grant.user.id, grant.application.id)),
            encoding.encode_time(grant.created_at),
            encoding.encode_time(grant.created_at + grant.expires_in),
        )

    async def find_code(self, code: str) -> AccessGrant | None:
        told = await self._run("find_code", code)
        return None if told is None else encoding.decode_code(told)

    async def redeem_code(self, code: str, new: TokenRequest, *, reuse: bool) -> AccessToken:
        told = await self._run("redeem_code", code, int(reuse), *encoding.encode_new(new))
        return _issued(told)

    async def issue_token(self, new: TokenRequest, *, reuse: bool) -> AccessToken:
        return _issued(await self._run("issue_token", int(reuse), *encoding.encode_new(new)))

    async def rotate(
        self, refresh_token: str, new: TokenRequest, *, rotation: Rotation
    ) -> AccessToken:
        told = await self._run(
            "rotate",
            refresh_token,
            rotation.mode,
            int(rotation.repeats),
            encoding.encode_time(new.created_at + rotation.grace),
            *encoding.encode_new(new, refreshed_from=refresh_token),
        )
        return _issued(told)

    async def find_token(self, token: str) -> AccessToken | None:
        return _found(await self._run("find_token", token))

    async def find_refresh_token(self, refresh_token: str) -> AccessToken | None:
        return _found(await self._run("find_refresh_token", refresh_token))

    async def present_token(self, token: str, now: float) -> AccessToken | None:
        return _found(await self._run("present_token", token, encoding.encode_time(now)))

    async def revoke_token(self, token_id: int, now: float) -> None:
        await self._run("revoke_token", token_id, encoding.encode_time(now))

    async def revoke_family(self, family: int, now: float) -> None:
        await self._run("revoke_family", family, encoding.encode_time(now))

    async def expire_token(self, token_id: int) -> None:
        await self._run("expire_token", token_id)

    async def rename_token(
        self, token_id: int, *, token: str | None, refresh_token: str | None
    ) -> AccessToken:
        texts = [encoding.encode_optional(text or None) for text in (token, refresh_token)]
        renamed = _found(await self._run("rename_token", token_id, *texts))
        if renamed is None:
            raise KeyError(token_id)
        return renamed

    async def has_valid_token(
        self, user: User, application: Application, scopes: Sequence[str]
    ) -> bool:
        grant = encoding.encode_grant((user.id, application.id))
        return bool(await self._run("has_valid_token", grant, encoding.encode_scopes(scopes)))

    async def tokens(self) -> Sequence[AccessToken]:
        return [encoding.decode_token(told) for told in await self._run("tokens")]

    async def authorized_applications(self, user: User) -> Sequence[Application]:
        ids, bodies = await self._run("authorized_applications", user.id)
        authorized = {int(one) for one in ids}
        return [application for application in _by_id(bodies) if application.id in authorized]

    async def revoke_application(self, user: User, application_id: int, now: float) -> None:
        grant: Grant = (user.id, application_id)
        await self._run(
            "revoke_application", encoding.encode_grant(grant), encoding.encode_time(now)
        )

    async def count_request(
        self, bucket: str, now: float, paced_at: float, limits: RateLimits
    ) -> RequestCount:
        opened = windows.open_window(now, paced_at, limits)
        count, total, ends_at, exceeded = await self._run(
            "count_request",
            bucket,
            encoding.encode_time(now),
            encoding.encode_time(opened.interval_start),
            encoding.encode_time(opened.period_ends_at),
            limits.interval_limit,
            limits.monthly_limit,
        )
        window = replace(
            opened,
            interval_count=count,
            period_count=total,
            period_ends_at=encoding.decode_time(ends_at),
        )
        return windows.count_of(window, limits, exceeded and exceeded.decode())

    async def _run(self, name: str, *arguments: Argument) -> Any:
        return await self._ask([(name, arguments)], is_rehearsal=False)

    async def _ask(self, operations: Sequence[Operation], *, is_rehearsal: bool) -> Any:
        sent: list[Argument] = [IDLE_SECONDS, self.kept, KEPT, int(is_rehearsal), self.clock]
        for name, arguments in operations:
            sent += [name, len(arguments), *arguments]
        return await self._server.run(STORE, self.keys, sent)


class _Rehearsal(RedisStore):
    """The same store, in which each operation is undone by the script that did it.

    So that it comes after those before, they are done again with it. Other clients see nothing of
    it, as nobody comes between, and a worker that ends leaves nothing behind.
    """

    def __init__(self, server: Server, name: str, *, kept: int) -> None:
        super().__init__(server, name, kept=kept)
        self._before: list[Operation] = []

    async def _run(self, name: str, *arguments: Argument) -> Any:
        operations = [*self._before, (name, arguments)]
        if not name.startswith(("find_", "has_")):
            self._before = operations
        return await self._ask(operations, is_rehearsal=True)


def keys_of(name: str, *whats: str) -> list[str]:
    """Give keys of a sandbox, which a cluster has on one node."""
    return [f"{{{quote(name)}}}:{what}" for what in whats]


def _by_id(bodies: Sequence[bytes]) -> list[Application]:
    applications = map(encoding.decode_application, bodies)
    return sorted(applications, key=lambda application: application.id)


def _found(told: Any) -> AccessToken | None:
    return None if told is None else encoding.decode_token(told)


def _issued(told: Any) -> AccessToken:
    if told == _ALREADY_USED:
        raise AlreadyUsedError
    return encoding.decode_token(told)
