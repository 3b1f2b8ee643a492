"""The reference client behind the protocol, as a process of its own."""

import asyncio
import logging
import ssl
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import CancelledError, Future
from contextvars import ContextVar
from importlib.metadata import version
from typing import Any

import httpx
from livestorm_client import (
    Answer,
    AsyncLivestormClient,
    AuthorizationRequest,
    FileStore,
    LivestormError,
    Tokens,
)

from ..driving.command_adapter import Message
from ..driving.kinds import Kind, fingerprint
from .loop import serve

COMMANDS = ("begin", "callback", "seed", "refresh", "call", "list", "state")
PARALLEL_CALLS = 64
TIMEOUT = 4.0
"""Seconds for a request: nothing answers slower here than it is told to."""
PAGES: ContextVar[int] = ContextVar("pages", default=0)
"""How many answers a command has read: each command is a task with a context of its own."""


class SavedStore(FileStore):
    """A file that tells when tokens are safe."""

    tell: Callable[[], None]

    def save(self, tokens: Tokens) -> None:
        """Save, then tell."""
        super().save(tokens)
        self.tell()


class CountingClient(AsyncLivestormClient):
    """Counts the answers that a command reads."""

    async def _request(self, *given: Any, **named: Any) -> Answer:
        answer = await super()._request(*given, **named)
        PAGES.set(PAGES.get() + 1)
        return answer


class Connection:
    """One user's client, its store and its pending flow."""

    def __init__(self, adapter: "ReferenceAdapter", user: str) -> None:
        config = adapter.config
        event = {"type": "event", "event": "token_saved", "user": user}
        self.store = SavedStore.of(config["store_dir"], user)
        self.store.tell = lambda: adapter.emit(event)
        self.pending: AuthorizationRequest | None = None
        self.scopes = config["scopes"]
        trusted: dict[str, Any] = {}
        if config["ca_pem"] is not None:
            trusted["transport"] = trusting(config["ca_pem"])
        self.client = CountingClient(
            client_id=config["client_id"],
            client_secret=config["client_secret"],
            redirect_uri=config["redirect_uri"],
            app_url=config["token_url"].removesuffix("/oauth/token"),
            api_url=config["api_base"],
            issuer=config["issuer"],
            store=self.store,
            timeout=TIMEOUT,
            max_wait=config["budget"]["max_wait_ms"] / 1000,
            clock=adapter.now,
            **trusted,
        )

    async def begin(self, message: dict[str, Any]) -> Message:
        """Start an authorization."""
        del message
        self.pending = self.client.authorization_request(self.scopes)
        return {"authorize_url": self.pending.url}

    async def callback(self, message: dict[str, Any]) -> Message:
        """Connect."""
        if self.pending is None:
            return {"kind": Kind.SECURITY_ERROR}
        await self.client.connect(self.pending, message["url"])
        return {}

    async def seed(self, message: dict[str, Any]) -> Message:
        """Save tokens as an exchange would."""
        token = message["token"]
        scope = token.get("scope")
        self.store.save(
            Tokens(
                access_token=token["access_token"],
                refresh_token=token.get("refresh_token"),
                expires_at=token.get("expires_at"),
                scope=None if scope is None else tuple(scope.split()),
            )
        )
        return {}

    async def refresh(self, message: dict[str, Any]) -> Message:
        """Refresh."""
        del message
        await self.client.refresh()
        return {}

    async def call(self, message: dict[str, Any]) -> Message:
        """Call the API, once or several times at the same time."""
        count = message.get("parallel") or 1
        calls = [report(self._call_once, message) for _ in range(count)]
        results = [{"http_status": None, **one} for one in await asyncio.gather(*calls)]
        decisive = next((one for one in results if one["kind"] != "ok"), results[0])
        return {**decisive, "results": results} if "parallel" in message else decisive

    async def list(self, message: dict[str, Any]) -> Message:
        """Read the pages of a list."""
        found = await self.client.get_all(message["path"], max_pages=message["max_pages"])
        return {"ids": [one.get("id") for one in found], "pages": PAGES.get()}

    async def state(self, message: dict[str, Any]) -> Message:
        """Tell what is stored."""
        del message
        tokens = self.store.load()
        if tokens is None:
            return {"token": None, "needs_reauth": False}
        refresh_token = tokens.refresh_token
        token = {
            "access_token": fingerprint(tokens.access_token),
            "refresh_token": None if refresh_token is None else fingerprint(refresh_token),
            "expires_at": tokens.expires_at,
            "scope": None if tokens.scope is None else " ".join(tokens.scope),
        }
        return {"token": token, "needs_reauth": tokens.needs_reauth}

    async def _call_once(self, message: dict[str, Any]) -> Message:
        method = message.get("method", "GET")
        body = message.get("body", {}) if method in ("POST", "PUT", "PATCH") else None
        answer = await self.client.request(method, message["path"], json=body)
        return {"http_status": answer.status}


def log_at(level: str) -> None:
    """Have all libraries log to standard error from a level on: `debug`, `warning`."""
    logging.basicConfig(stream=sys.stderr)
    logging.getLogger().setLevel(level.upper())


def trusting(pem: str) -> Callable[[], httpx.AsyncBaseTransport]:
    """Give what makes transports that trust these certificate authorities only."""
    context = ssl.create_default_context(cadata=pem)
    return lambda: httpx.AsyncHTTPTransport(verify=context)


class ReferenceAdapter:
    """A connection for each user, made on first use; their operations share one event loop."""

    def __init__(self) -> None:
        self.emit: Callable[[Message], None] = lambda event: None
        self.config: dict[str, Any] = {}
        self._advanced = 0.0
        self._connections: dict[str, Connection] = {}
        self._running: dict[int, Future[Message]] = {}
        self._cancelled: set[int] = set()
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    @property
    def ready(self) -> Message:
        """What the reference client can do."""
        return {
            "type": "ready",
            "protocol": 1,
            "client": {
                "name": "livestorm-client",
                "version": version("livestorm-mock"),
                "language": "python",
                "stack": [f"httpx {version('httpx')}"],
            },
            "ops": [*COMMANDS, "restart", "clock", "cancel"],
            "features": {
                "refresh": "auto",
                "refresh_ahead": True,
                "on_401": True,
                "parallel_calls": PARALLEL_CALLS,
                "parallel": True,
                "persist": "file",
                "pkce": True,
                "iss": True,
                "tls_ca": True,
                "auth_methods": ["client_secret_post", "none"],
                "base_path": True,
                "pagination": True,
                "clock": True,
                "logs": ["stderr"],
                "log_level": True,
                "state": "library",
            },
        }

    def now(self) -> float:
        """Give the client's time in Unix seconds."""
        return time.time() + self._advanced

    def command(self, message: dict[str, Any]) -> Message:
        """Answer a message."""
        kind, op = message["type"], message.get("op")
        if kind in ("configure", "end_case"):
            self._connections = {}
            self._cancelled.clear()
            if kind == "configure":
                self.config, self._advanced = message["config"], 0.0
                log_at(self.config.get("log_level", "warning"))
        elif kind == "cancel":
            self._cancel(message["id"])
        elif op == "clock":
            self._advanced += message["advance"]
        elif kind == "command" and op in COMMANDS:
            return self._run(report(self._answer, op, message), message["id"])
        else:
            return {"kind": Kind.UNSUPPORTED, "reason": f"no {op or kind}"}
        return {"kind": "ok"}

    def _run(self, answer: Coroutine[Any, Any, Message], number: int) -> Message:
        """Wait for an answer, unless its command is cancelled, maybe before it has begun."""
        with self._lock:
            if number in self._cancelled:
                answer.close()
                return {"kind": Kind.CANCELLED}
            self._running[number] = running = asyncio.run_coroutine_threadsafe(answer, self._loop)
        try:
            return running.result()
        except CancelledError:
            return {"kind": Kind.CANCELLED}
        finally:
            del self._running[number]

    def _cancel(self, number: int) -> None:
        with self._lock:
            self._cancelled.add(number)
            running = self._running.get(number)
        if running:
            running.cancel()

    async def _answer(self, op: str, message: dict[str, Any]) -> Message:
        user = message.get("user", "u1")
        if user not in self._connections:
            self._connections[user] = Connection(self, user)
        answer: Message = await getattr(self._connections[user], op)(message)
        return answer


async def report(operation: Callable[..., Awaitable[Message]], *given: object) -> dict[str, Any]:
    """Give what an operation brings, or name how it failed."""
    try:
        return {"kind": "ok", **await operation(*given)}
    except LivestormError as error:
        reply: dict[str, Any] = {
            "kind": error.kind,
            "error": describe(error, error.code, error.status),
        }
        if error.retry_after is not None:
            reply["not_before_s"] = error.retry_after
        return reply
    except Exception as error:
        return {"kind": "bug", "error": describe(error)}


def describe(
    error: Exception, code: str | None = None, http_status: int | None = None
) -> dict[str, object]:
    """Show an exception as a user would see it."""
    return {
        "class": f"{type(error).__module__}.{type(error).__qualname__}",
        "code": code,
        "http_status": http_status,
        "message": str(error),
        "repr": repr(error),
    }


if __name__ == "__main__":
    serve(ReferenceAdapter())
