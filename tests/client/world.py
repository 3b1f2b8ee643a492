"""A world in memory for the reference client: its own time, a provider with faults, processes.

Nothing here sleeps or opens a socket, and everything is deterministic.
"""

from __future__ import annotations

import asyncio
import fcntl
import itertools
import json
import os
import selectors
import stat
from collections.abc import Callable, Coroutine
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
from livestorm_client import (
    AsyncLivestormClient,
    AuthorizationRequest,
    FileStore,
    LivestormError,
    Tokens,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

START = 1_800_000_000.0
LIFETIME = 7200
INVALID_GRANT = (400, {"error": "invalid_grant", "error_description": "it is gone"})


class Killed(BaseException):
    """The process ends here, without another instruction."""


RUNNING: ContextVar[Process] = ContextVar("RUNNING")
"""The process that the code in progress belongs to."""


class JumpingSelector(selectors.DefaultSelector):
    """Waits for nothing: time jumps to the next timer."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Give what is ready, or let the time pass. AssertionError when all wait for ever."""
        events = super().select(0)
        assert events or timeout is not None, "everybody waits for somebody else"
        if not events:
            self.time += timeout or 0.0
        return events


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is the selector's."""

    def __init__(self) -> None:
        self.jumping = JumpingSelector()
        super().__init__(self.jumping)

    def time(self) -> float:
        """Give the virtual time, in seconds."""
        return self.jumping.time


class Process:
    """One process with a client, on a store that it shares with the others."""

    def __init__(self, world: World, number: int) -> None:
        self.world, self.number, self.offset = world, number, 0.0
        self.not_before = {"token": 0.0, "api": 0.0}
        self.waited, self.dead = 0.0, False
        self.tasks: set[asyncio.Task[object]] = set()
        self.client = AsyncLivestormClient(
            client_id="client-id",
            client_secret="client-secret",
            redirect_uri="https://example.com/callback",
            app_url="http://localhost:1",
            api_url="http://localhost:2/v1",
            store=FileStore(world.path),
            clock=lambda: world.now() + self.offset,
            sleep=self._sleep,
            transport=lambda: httpx.MockTransport(self._answer),
        )

    async def _sleep(self, seconds: float) -> None:
        self.waited += seconds
        await asyncio.sleep(seconds)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        return await self.world.answer(self, request)

    def start(self, work: Coroutine[None, None, object]) -> asyncio.Task[object]:
        """Begin an operation."""
        context = copy_context()
        context.run(RUNNING.set, self)
        task: asyncio.Task[object] = self.world.loop.create_task(work, context=context)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def kill(self) -> None:
        """End everything that runs in this process, at once, and start it anew."""
        self.dead = True
        for task in [*self.tasks, *self.client._single_flight._unfinished]:
            assert isinstance(task, asyncio.Task)
            task.cancel()
        self.world.restart(self)

    def die(self) -> None:
        """Be killed in the middle of something. Raises Killed."""
        self.kill()
        raise Killed


class World:
    """Provider, time and processes; `broken` collects what must never happen."""

    def __init__(self, path: Path, *, strict: bool) -> None:
        self.path, self.strict = path, strict
        self.loop = VirtualLoop()
        self.skipped = 0.0
        self.numbers = itertools.count()
        self.broken: list[str] = []
        self.faults: dict[str, list[str]] = {"token": [], "api": [], "lock": []}
        self.kill_at_save: str | None = None
        self.access: dict[str, float] = {}
        """Valid access tokens, with the end of each."""
        self.refresh: set[str] = set()
        """Refresh tokens that the provider takes."""
        self.superseded: dict[str, str] = {}
        """Without strictness an old refresh token dies with the first use of the access token."""
        self.granted: dict[str, str] = {}
        """Delivered pairs: refresh token by access token."""
        self.codes: set[str] = set()
        self.sent_codes: set[str] = set()
        self.delivered: set[str] = set()
        """Refresh tokens for which a success arrived at a living process."""
        self.refusals = 0
        """How often `invalid_grant` was delivered."""
        self.overtaken: set[str] = set()
        """Refresh tokens that another program replaced in the store."""
        self.is_late = False
        """Whether the tokens were replaced just before the lock was taken that is held."""
        self.synced: set[tuple[int, int]] = set()
        """Inode and size of what was synced to the disk since the last move."""
        self.saved, self.saves, self.unsynced = "", 0, False
        """What was moved to the store's path, how often, and whether its folder is not synced."""
        self.requests: list[str] = []
        self.refreshing = 0
        self.processes = [Process(self, number) for number in range(2)]

    def now(self) -> float:
        """Give the time, in Unix seconds."""
        return START + self.skipped + self.loop.time()

    def close(self) -> None:
        """End what still runs."""
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()

    def restart(self, process: Process) -> None:
        """Put a new process in the place of an old one; what it had not saved is lost."""
        stored = self.read_store()
        if stored is not None and stored.refresh_token is not None:
            self.delivered.discard(stored.refresh_token)
        new = self.processes[process.number] = Process(self, process.number)
        new.offset = process.offset

    def read_store(self) -> Tokens | None:
        """Give what the file says."""
        return FileStore(self.path).load()

    def expect(self, holds: bool, otherwise: str) -> None:
        """Note what must not be; an exception would be taken for one of the transport."""
        if not holds:
            self.broken.append(otherwise)

    async def answer(self, process: Process, request: httpx.Request) -> httpx.Response:
        """Answer a request, with the next fault of its server."""
        label = "token" if request.url.path == "/oauth/token" else "api"
        self.requests.append(label)
        self._check(process, request, label)
        fault = self.faults[label].pop(0) if self.faults[label] else ""
        if fault == "refused":
            raise httpx.ConnectError("refused", request=request)
        if fault == "killed":
            process.die()
        if label == "token":
            self.refreshing += 1
            self.expect(self.refreshing == 1, "two token requests at a time")
        try:
            await asyncio.sleep(0.1)
            if fault == "overtaken" and label == "token":
                form = dict(parse_qsl(request.content.decode()))
                self._overtake(form.get("refresh_token", ""))
            replaced = FAULTS.get(fault)
            status, body = replaced[:2] if replaced else self._serve(label, request)
            headers = dict(replaced[2]) if replaced else {}
            if fault == "lost":
                raise httpx.ReadError("", request=request)
            if fault == "killed_after":
                process.die()
            if fault == "hangs":
                await asyncio.sleep(3600)
            if fault == "used_up":
                headers["RateLimit-Interval-Remaining"] = "0"
        except asyncio.CancelledError:
            left_alone = label == "token" and fault != "hangs" and not process.dead
            self.expect(not left_alone, "the answer to a token request was not waited for")
            raise
        finally:
            self.refreshing -= label == "token"
        self._deliver(process, label, request, status, body, headers)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(content))

    def _check(self, process: Process, request: httpx.Request, label: str) -> None:
        early = process.not_before[label] - self.now()
        self.expect(early < 0.05, f"{label}: {early} s too early")
        port = request.url.port
        self.expect(port == (1 if label == "token" else 2), f"{label} at port {port}")
        self.expect(("authorization" in request.headers) == (label == "api"), "wrong place")
        self.expect(not request.url.query, "something in the query")
        if label == "token":
            form = dict(parse_qsl(request.content.decode()))
            code, refresh_token = form.get("code"), form.get("refresh_token")
            self.expect(code is None or code not in self.sent_codes, "a code sent twice")
            self.expect(refresh_token not in self.delivered, "a spent refresh token sent")
            self.expect(not (self.is_late and refresh_token), "refreshed what was fresh")
            self.sent_codes |= {code} if code else set()

    def _serve(self, label: str, request: httpx.Request) -> tuple[int, object]:
        if label == "token":
            return self._issue(dict(parse_qsl(request.content.decode())))
        token = request.headers["authorization"].removeprefix("Bearer ")
        if self.access.get(token, 0.0) <= self.now():
            return 401, b""
        self.refresh.discard(self.superseded.pop(token, ""))
        return 200, {"data": {"type": "users", "id": "1"}}

    def _issue(self, form: dict[str, str]) -> tuple[int, object]:
        old = form.get("refresh_token")
        if old not in self.refresh and form.get("code") not in self.codes:
            return INVALID_GRANT
        self.codes.discard(form.get("code", ""))
        number = next(self.numbers)
        access, refresh = f"access-{number}-secret", f"refresh-{number}-secret"
        if old and self.strict:
            self.refresh.discard(old)
        elif old:
            self.superseded[access] = old
        self.access[access] = self.now() + LIFETIME
        self.refresh.add(refresh)
        body = {"access_token": access, "refresh_token": refresh, "expires_in": LIFETIME}
        return 200, {**body, "token_type": "Bearer", "scope": "identity:read"}

    def _overtake(self, old: str) -> bool:
        """Have another program refresh just before and save what it was granted, if it can."""
        status, body = self._issue({"refresh_token": old})
        if status != 200 or not isinstance(body, dict):
            return False
        self.refresh.discard(old)
        self.overtaken.add(old)
        self.granted[body["access_token"]] = body["refresh_token"]
        tokens = Tokens(access_token=body["access_token"], refresh_token=body["refresh_token"])
        self.saved, draft = tokens.to_json(), Path(f"{self.path}.elsewhere")
        draft.touch(0o600)
        draft.write_text(self.saved)
        os.rename(draft, self.path)
        return True

    def _deliver(
        self,
        process: Process,
        label: str,
        request: httpx.Request,
        status: int,
        body: object,
        headers: dict[str, str],
    ) -> None:
        wait = float(headers.get("Retry-After", 0)) or float(
            headers.get("RateLimit-Interval-Remaining") == "0"
        )
        process.not_before[label] = max(process.not_before[label], self.now() + wait)
        if label == "token" and (status, body) == INVALID_GRANT:
            self.refusals += 1
        if label == "token" and isinstance(body, dict) and "refresh_token" in body:
            self.granted[body["access_token"]] = body["refresh_token"]
            self.delivered |= set(parse_qs(request.content.decode()).get("refresh_token", []))

    def authorize(self, request: AuthorizationRequest) -> str:
        """Approve, and give the callback."""
        code = f"code-{next(self.numbers)}-secret"
        self.codes.add(code)
        query = dict(parse_qsl(urlsplit(request.url).query))
        return f"{request.redirect_uri}?{urlencode({'code': code, 'state': query['state']})}"

    def run(self, *tasks: asyncio.Task[object]) -> list[object]:
        """Run tasks to their end; give their results, or what they raised."""

        async def finish() -> list[object]:
            results = list(await asyncio.gather(*tasks, return_exceptions=True))
            # What goes on after a cancelled caller must come to its end, too.
            others = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.gather(*others, return_exceptions=True)
            return results

        with self.patched_files():
            return self.loop.run_until_complete(finish())

    @contextmanager
    def patched_files(self) -> Iterator[None]:
        """Sync nothing to the disk, and die before or after the move of a draft if told to.

        Another program may have held the lock just before it is taken.
        """
        move, change_lock = os.replace, fcntl.flock

        def sync(descriptor: int) -> None:
            status = os.fstat(descriptor)
            self.synced.add((status.st_ino, status.st_size))
            self.unsynced &= not stat.S_ISDIR(status.st_mode)

        def replace(source: str, target: Path) -> None:
            kill, self.kill_at_save = self.kill_at_save, None
            self._check_save(source, target)
            if kill != "before":
                self.saved, self.unsynced = Path(source).read_text(), not kill
                self.saves += 1
                move(source, target)
            if kill:
                RUNNING.get().die()

        def flock(descriptor: int, change: int) -> None:
            change_lock(descriptor, change)
            self.is_late = False
            taken = change != fcntl.LOCK_UN and RUNNING in copy_context()
            if taken and self.faults["lock"] and (stored := self.read_store()):
                self.faults["lock"].pop()
                self.is_late = self._overtake(stored.refresh_token or "")

        with (
            patch("os.fsync", sync),
            patch("os.replace", replace),
            patch("fcntl.flock", flock),
        ):
            yield

    def _check_save(self, draft: str, target: Path) -> None:
        status = os.stat(draft)
        synced = (status.st_ino, status.st_size) in self.synced
        self.expect(synced, "moved before it was on the disk")
        self.synced.clear()
        with FileStore(target).lock() as free:
            self.expect(not free, "saved without the lock")


FAULTS: dict[str, tuple[int, object, dict[str, str]]] = {
    "500": (500, b"<html>", {}),
    "503": (503, b"", {"Retry-After": "1"}),
    "429": (429, {"errors": [{"title": "slow down"}]}, {"Retry-After": "2"}),
    "429 long": (429, b"", {"Retry-After": "1728000"}),
    "429 silent": (429, b"", {}),
    "html": (200, b"<html>maintenance</html>", {}),
    "cut json": (200, b'{"access_token": "a', {}),
    "error 200": (200, {"error": "invalid_grant"}, {}),
    "302": (302, b"", {"Location": "http://evil.example/"}),
    "401": (401, b"", {}),
    "403": (403, {"error": "invalid_grant"}, {}),
    "invalid_client": (401, {"error": "invalid_client"}, {}),
}
"""Answers in the place of the provider's own."""

ACTS = ["refused", "lost", "hangs", "killed", "killed_after", "used_up", "overtaken"]
"""What else may happen to a request."""


def outcome_of(result: object) -> str:
    """Name how an operation ended; "bug" is what no caller is told to expect."""
    if isinstance(result, LivestormError):
        return result.kind
    if isinstance(result, Killed | asyncio.CancelledError):
        return "killed"
    return f"bug: {result!r}" if isinstance(result, BaseException) else "ok"


Operation = Callable[[AsyncLivestormClient], Coroutine[None, None, object]]
