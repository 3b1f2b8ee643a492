"""The reference client behind the protocol, as a process of its own."""

import logging
import ssl
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import Any

import httpx
from livestorm_client import (
    Answer,
    AuthorizationRequest,
    FileStore,
    LivestormClient,
    LivestormError,
    Tokens,
)

from ..adapter import Kind, fingerprint
from ..driving.messages import Message
from .loop import serve

COMMANDS = ("begin", "callback", "seed", "refresh", "call", "list", "state")
PARALLEL_CALLS = 64
TIMEOUT = 4.0
"""Seconds for a request: nothing answers slower here than it is told to."""


class SavedStore(FileStore):
    """A file that tells when tokens are safe."""

    tell: Callable[[], None]

    def save(self, tokens: Tokens) -> None:
        """Save, then tell."""
        super().save(tokens)
        self.tell()


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
        self.client = LivestormClient(
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

    def begin(self, message: dict[str, Any]) -> Message:
        """Start an authorization."""
        del message
        self.pending = self.client.authorization_request(self.scopes)
        return {"kind": "ok", "authorize_url": self.pending.url}

    def callback(self, message: dict[str, Any]) -> Message:
        """Connect."""
        request, url = self.pending, message["url"]
        if request is None:
            return {"kind": "security_error"}
        return report(lambda: self.client.connect(request, url))

    def seed(self, message: dict[str, Any]) -> Message:
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
        return {"kind": "ok"}

    def refresh(self, message: dict[str, Any]) -> Message:
        """Refresh."""
        del message
        return report(self.client.refresh)

    def call(self, message: dict[str, Any]) -> Message:
        """Call the API, once or several times at the same time."""
        count = message.get("parallel") or 1
        with ThreadPoolExecutor(count) as pool:
            results = list(pool.map(lambda _: self._call_once(message), range(count)))
        decisive = next((one for one in results if one["kind"] != "ok"), results[0])
        return {**decisive, "results": results} if "parallel" in message else decisive

    def list(self, message: dict[str, Any]) -> Message:
        """Read the pages of a list."""
        found: list[dict[str, object]] = []
        path, pages = message["path"], message["max_pages"]
        reply = report(lambda: found.extend(self.client.get_all(path, max_pages=pages)))
        return {**reply, "ids": [one.get("id") for one in found]}

    def state(self, message: dict[str, Any]) -> Message:
        """Tell what is stored."""
        del message
        tokens = self.store.load()
        if tokens is None:
            return {"kind": "ok", "token": None, "needs_reauth": False}
        refresh_token = tokens.refresh_token
        token = {
            "access_token": fingerprint(tokens.access_token),
            "refresh_token": None if refresh_token is None else fingerprint(refresh_token),
            "expires_at": tokens.expires_at,
            "scope": None if tokens.scope is None else " ".join(tokens.scope),
        }
        return {"kind": "ok", "token": token, "needs_reauth": tokens.needs_reauth}

    def _call_once(self, message: dict[str, Any]) -> Message:
        method = message.get("method", "GET")
        body = message.get("body", {}) if method in ("POST", "PUT", "PATCH") else None
        answers: list[Answer] = []
        reply = report(
            lambda: answers.append(self.client.request(method, message["path"], json=body))
        )
        return {**reply, "http_status": answers[0].status if answers else None}


def log_at(level: str) -> None:
    """Have all libraries log to standard error from a level on: `debug`, `warning`."""
    logging.basicConfig(stream=sys.stderr)
    logging.getLogger().setLevel(level.upper())


def trusting(pem: str) -> Callable[[], httpx.AsyncBaseTransport]:
    """Give what makes transports that trust these certificate authorities only."""
    context = ssl.create_default_context(cadata=pem)
    return lambda: httpx.AsyncHTTPTransport(verify=context)


class ReferenceAdapter:
    """A connection for each user, made on first use."""

    def __init__(self) -> None:
        self.emit: Callable[[Message], None] = lambda event: None
        self.config: dict[str, Any] = {}
        self._advanced = 0.0
        self._connections: dict[str, Connection] = {}

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
            "ops": [*COMMANDS, "restart", "clock"],
            "features": {
                "refresh": "auto",
                "on_401": True,
                "parallel_calls": PARALLEL_CALLS,
                "parallel": True,
                "persist": "file",
                "pkce": True,
                "iss": True,
                "tls_ca": True,
                "auth_methods": ["client_secret_post"],
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
        if kind == "configure":
            self._end()
            self.config, self._advanced = message["config"], 0.0
            log_at(self.config.get("log_level", "warning"))
            return {"kind": "ok"}
        if kind == "end_case":
            self._end()
            return {"kind": "ok"}
        if op == "clock":
            self._advanced += message["advance"]
            return {"kind": "ok"}
        if kind != "command" or op not in COMMANDS:
            return {"kind": Kind.UNSUPPORTED, "reason": f"no {op or kind}"}
        return report_all(lambda: self._answer(op, message))

    def _answer(self, op: str, message: dict[str, Any]) -> Message:
        answer: Callable[[dict[str, Any]], Message] = getattr(self._connection(message), op)
        return answer(message)

    def _connection(self, message: dict[str, Any]) -> Connection:
        user = message.get("user", "u1")
        if user not in self._connections:
            self._connections[user] = Connection(self, user)
        return self._connections[user]

    def _end(self) -> None:
        self._connections = {}


def report_all(answer: Callable[[], Message]) -> Message:
    """Give an answer, or what kept the client from being made or its store from being read."""
    replies: list[Message] = []
    failed = report(lambda: replies.append(answer()))
    return replies[0] if replies else failed


def report(operation: Callable[[], object]) -> dict[str, Any]:
    """Run an operation of the client and name its outcome."""
    try:
        operation()
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
    return {"kind": "ok"}


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
