"""The reference client behind the protocol, as a process of its own."""

import hashlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

from livestorm_client import (
    AuthorizationRequest,
    FileStore,
    LivestormClient,
    LivestormError,
    Tokens,
)

from ..adapter import Kind, fingerprint
from ..driving.messages import Message
from .loop import serve

PARALLEL_CALLS = 64


class SavedStore(FileStore):
    """A file that tells when tokens are safe."""

    def __init__(self, path: Path, tell: Callable[[], None]) -> None:
        super().__init__(path)
        self._tell = tell

    def save(self, tokens: Tokens) -> None:
        """Save, then tell."""
        super().save(tokens)
        self._tell()


class Connection:
    """One user's client, its store and its pending flows."""

    def __init__(self, adapter: "ReferenceAdapter", user: str) -> None:
        config = adapter.config
        name = hashlib.sha256(user.encode("utf-8", "surrogatepass")).hexdigest()
        event = {"type": "event", "event": "token_saved", "user": user}
        self.store = SavedStore(
            Path(config["store_dir"]) / f"{name}.json", lambda: adapter.emit(event)
        )
        self.pending: AuthorizationRequest | None = None
        self.scopes = config["scopes"]
        self.client = LivestormClient(
            client_id=config["client_id"],
            client_secret=config["client_secret"],
            redirect_uri=config["redirect_uri"],
            app_url=config["token_url"].removesuffix("/oauth/token"),
            api_url=config["api_base"],
            store=self.store,
            max_wait=config["budget"]["max_wait_ms"] / 1000 / 2,
            clock=adapter.now,
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
        if "://" in message["path"]:
            return {"kind": "security_error", "http_status": None}
        count = message.get("parallel") or 1
        with ThreadPoolExecutor(count) as pool:
            results = list(pool.map(lambda _: self._call_once(message["path"]), range(count)))
        decisive = next((one for one in results if one["kind"] != "ok"), results[0])
        return {**decisive, "results": results} if "parallel" in message else decisive

    def state(self, message: dict[str, Any]) -> Message:
        """Tell what is stored."""
        del message
        tokens = self.store.load()
        if tokens is None:
            return {"kind": "ok", "token": None, "needs_reauth": True}
        refresh_token = tokens.refresh_token
        token = {
            "access_token": fingerprint(tokens.access_token),
            "refresh_token": None if refresh_token is None else fingerprint(refresh_token),
            "expires_at": tokens.expires_at,
            "scope": None if tokens.scope is None else " ".join(tokens.scope),
        }
        return {"kind": "ok", "token": token, "needs_reauth": False}

    def _call_once(self, path: str) -> Message:
        reply = report(lambda: self.client.get(path))
        error = reply.get("error")
        status = error["http_status"] if isinstance(error, dict) else 200
        return {**reply, "http_status": status}


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
            "ops": ["begin", "callback", "call", "refresh", "seed", "state", "restart", "clock"],
            "features": {
                "refresh": "auto",
                "on_401": True,
                "parallel_calls": PARALLEL_CALLS,
                "parallel": True,
                "persist": "file",
                "pkce": True,
                "auth_methods": ["client_secret_post"],
                "base_path": True,
                "clock": True,
                "logs": ["stderr"],
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
            return {"kind": "ok"}
        if kind == "end_case":
            self._end()
            return {"kind": "ok"}
        if op == "clock":
            self._advanced += message["advance"]
            return {"kind": "ok"}
        if kind != "command" or op not in ("begin", "callback", "seed", "refresh", "call", "state"):
            return {"kind": Kind.UNSUPPORTED, "reason": f"no {op or kind}"}
        answer: Callable[[dict[str, Any]], Message] = getattr(self._connection(message), op)
        return answer(message)

    def _connection(self, message: dict[str, Any]) -> Connection:
        user = message.get("user", "u1")
        if user not in self._connections:
            self._connections[user] = Connection(self, user)
        return self._connections[user]

    def _end(self) -> None:
        for connection in self._connections.values():
            connection.client.close()
        self._connections = {}


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
