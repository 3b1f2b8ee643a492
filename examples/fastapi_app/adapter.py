"""Puts the application to the suite: livestorm-mock check --client "python adapter.py app".

`python adapter.py naive` is the application as a guide would write it. The adapter stands in the
place of the browsers, one for each user, and of the views that call the API.
"""

import asyncio
import platform
import sys
import threading
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import httpx
from livestorm_contract_tests.adapter import fingerprint, serve

Members = dict[str, Any]
LOOP = asyncio.new_event_loop()
threading.Thread(target=LOOP.run_forever, daemon=True).start()
OPS = ("begin", "callback", "call", "refresh", "seed", "state")
LONGEST_URL = 1 << 16
AS_WRITTEN = ("expires_at", "scope")


class Adapter:
    """Answers the messages of the suite, by an application: the module `app` or `naive`."""

    def __init__(self, application: ModuleType) -> None:
        self.application = application
        self.app: Any = None
        is_repaired = hasattr(application, "LivestormError")
        self.ready: Members = {
            "type": "ready",
            "protocol": 1,
            "client": {
                "name": f"fastapi-{'repaired' if is_repaired else 'naive'}",
                "version": "1",
                "language": f"python {platform.python_version()}",
                "stack": [f"{name} {version(name)}" for name in ("fastapi", "httpx")],
            },
            "ops": OPS,
            "features": {
                "refresh": "auto",
                "refresh_ahead": True,
                "on_401": is_repaired,
                "parallel": True,
                "parallel_calls": 50,
                "pkce": is_repaired,
                "base_path": True,
                "state": "library",
                "logs": ["stderr"],
            },
        }

    def command(self, message: Members) -> Members:
        """Answer one message."""
        return asyncio.run_coroutine_threadsafe(self.answer(message), LOOP).result()

    async def answer(self, message: Members) -> Members:
        """Answer one message, in the loop of the application."""
        if message["type"] == "configure":
            return await self.configure(message["config"])
        if message["type"] == "end_case":
            return await self.close()
        op = message.get("op", "")
        if op not in OPS:
            return {"kind": "unsupported", "reason": f"no {op}"}
        name = message.get("user", "u1")
        times = message.get("parallel") or 1
        runs = [self.attempt(getattr(self, op), name, message) for _ in range(times)]
        results = await asyncio.gather(*runs)
        first = next((one for one in results if one["kind"] != "ok"), results[0])
        return {**first, "results": results} if times > 1 else first

    async def configure(self, config: Members) -> Members:
        """Make the application anew: nothing of the case before is kept."""
        await self.close()
        settings = self.application.Settings(
            client_id=config["client_id"],
            client_secret=config["client_secret"],
            redirect_uri=config["redirect_uri"],
            scopes=tuple(config["scopes"]),
            authorize_url=config["authorize_url"],
            token_url=config["token_url"],
            api_url=config["api_base"],
        )
        self.app = self.application.make_app(settings)
        self.begun = self.app.router.lifespan_context(self.app)
        await self.begun.__aenter__()
        return {"kind": "ok"}

    async def close(self) -> Members:
        """End the application."""
        if self.app is not None:
            await self.begun.__aexit__(None, None, None)
            self.app = None
        return {"kind": "ok"}

    async def attempt(self, operation: Any, name: str, message: Members) -> Members:
        """Carry out an operation; say how it failed."""
        livestorm = self.app.state.livestorm
        user = livestorm.users.setdefault(name, self.application.User())
        try:
            return {"kind": "ok", **(await operation(name, user, message) or {})}
        except Exception as error:
            return failed(error)

    async def visit(self, name: str, address: str) -> httpx.Response:
        """Have the user's browser ask the application."""
        cookies, transport = {"session": name}, httpx.ASGITransport(self.app)
        base = "https://here.test"
        async with httpx.AsyncClient(transport=transport, base_url=base, cookies=cookies) as here:
            return await here.get(address)

    async def begin(self, name: str, user: Any, message: Members) -> Members:
        """Begin an authorization."""
        answer = await self.visit(name, "/connect")
        return {"authorize_url": answer.headers["location"]} if answer.is_redirect else told(answer)

    async def callback(self, name: str, user: Any, message: Members) -> Members:
        """Bring the browser back."""
        if len(message["url"]) > LONGEST_URL:
            return {"kind": "protocol_error"}  # The server in front of an application refuses it.
        answer = await self.visit(name, f"/callback?{urlsplit(message['url']).query}")
        return {} if answer.is_redirect else told(answer)

    async def call(self, name: str, user: Any, message: Members) -> Members:
        """Call the API, as a view does."""
        method = message.get("method", "GET")
        body = message.get("body", {}) if method in ("POST", "PUT", "PATCH") else None
        await self.app.state.livestorm.call(user, method, message["path"], body)
        return {}

    async def refresh(self, name: str, user: Any, message: Members) -> None:
        """Refresh now."""
        await self.app.state.livestorm.refresh(user)

    async def seed(self, name: str, user: Any, message: Members) -> None:
        """Store a token as an exchange would."""
        self.app.state.livestorm.free_at = {}
        user.token, user.needs_reauth = message["token"], False

    async def state(self, name: str, user: Any, message: Members) -> Members:
        """Say what is stored; a token is named by its hash."""
        held = user.token
        if not held:
            return {"token": None, "needs_reauth": False}
        secrets = {one: held.get(one) for one in ("access_token", "refresh_token")}
        token = {one: fingerprint(text) if text else None for one, text in secrets.items()}
        token |= {one: held.get(one) for one in AS_WRITTEN}
        return {"token": token, "needs_reauth": getattr(user, "needs_reauth", False)}


def told(answer: httpx.Response) -> Members:
    """Read what the application tells its user of a failure."""
    body = answer.json()
    error = {"code": body["code"], "http_status": body["status"], "message": body["error"]}
    wait = answer.headers.get("retry-after")
    return {"kind": body["kind"], "error": error, "not_before_s": float(wait) if wait else None}


def failed(error: Exception) -> Members:
    """Name an exception; one without a `kind` is what nobody expects."""
    answer = getattr(error, "response", None)
    status = getattr(error, "status", getattr(answer, "status_code", None))
    kind = getattr(error, "kind", "bug")
    shown = {
        "class": f"{type(error).__module__}.{type(error).__qualname__}",
        "code": getattr(error, "code", None),
        "http_status": status,
        "message": str(error),
        "repr": repr(error),
    }
    return {"kind": kind, "error": shown, "not_before_s": getattr(error, "wait", None)}


if __name__ == "__main__":
    serve(Adapter(import_module(sys.argv[1])))
