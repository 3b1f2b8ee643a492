"""The adapter: `livestorm-mock check --client "python livestorm_adapter.py"` drives a client by it.

Now it drives the example beside it, and passes. What is marked YOURS is to be changed: call your
own client there, and claim in READY what it does. docs/adapter-protocol.md of
livestorm-mock has all the members.
"""

import platform
from typing import Any

from livestorm_contract_tests.adapter import fingerprint, serve

# YOURS: your client and the errors that it raises, as `from my_app import Api as Client`.
from livestorm_example import Client, Failure

Members = dict[str, Any]

READY: Members = {
    "type": "ready",
    "protocol": 1,
    # YOURS: what reports call it.
    "client": {
        "name": "my-client",
        "version": "1",
        "language": f"python {platform.python_version()}",
    },
    # YOURS: what it can do at all. What is missing is skipped and shown, never passed; further
    # operations are `list`, `clock`, `cancel`, and `restart` for a client that stores in files.
    "ops": ["begin", "callback", "call", "refresh", "seed", "state"],
    # YOURS: what it does by itself. A claim that is not true fails.
    "features": {
        "refresh": "explicit",  # `auto`: `call` refreshes by itself
        "on_401": False,  # `call` answers a 401 by a refresh, and tries again
        "refresh_ahead": False,  # `call` sends no token whose `expires_at` has passed
        "parallel": False,  # several commands at once, from several threads
        "persist": "none",  # `file`: tokens outlive the process under `store_dir`
        "pkce": True,
        "iss": True,
        "auth_methods": ["client_secret_post"],
        "base_path": True,  # all URLs are taken from `config`, their paths included
        "state": "library",  # who compares `state`: the client, or this adapter
    },
}


class Adapter:
    """Answers the messages of the suite."""

    ready = READY

    def command(self, message: Members) -> Members:
        """Answer one message; `serve` adds what all replies have."""
        if message["type"] == "configure":  # a new case: nothing of the one before is kept
            self.config: Members = message["config"]
            self.users: dict[str, Client] = {}
            return {"kind": "ok"}
        if message["type"] == "end_case":
            return {"kind": "ok"}
        op = message.get("op", "")
        if message["type"] != "command" or op not in READY["ops"]:
            return {"kind": "unsupported", "reason": f"no {op}"}
        user = message.get("user", "u1")  # each user has a connection of its own
        if user not in self.users:
            self.users[user] = Client(self.config)  # YOURS: make your client from the settings
        try:
            return {"kind": "ok", **getattr(self, op)(self.users[user], message)}
        except Failure as failure:
            return {
                # YOURS: each of your errors is one of the protocol's kinds. With a class for each:
                # KINDS = {NotConnected: "reauth_required", TimedOut: "transport_error"}
                # "kind": KINDS[type(failure)]
                "kind": failure.kind,
                # YOURS: the API's status only; the token endpoint's belongs into `error` alone.
                "http_status": failure.status if op == "call" else None,
                "not_before_s": failure.wait,  # YOURS: seconds, or None
                "error": told(failure, failure.code, failure.status),  # YOURS: or told(failure)
            }
        except Exception as error:  # what no caller of yours is told to expect
            return {"kind": "bug", "error": told(error)}

    def begin(self, client: Client, message: Members) -> Members:
        """Start an authorization."""
        return {"authorize_url": client.begin()}  # YOURS

    def callback(self, client: Client, message: Members) -> Members:
        """Take the URL that the browser came back to."""
        client.callback(message["url"])  # YOURS
        return {}

    def call(self, client: Client, message: Members) -> Members:
        """Call the API."""
        method = message.get("method", "GET")
        body = message.get("body", {}) if method in ("POST", "PUT", "PATCH") else None
        return {"http_status": client.call(method, message["path"], body)}  # YOURS

    def refresh(self, client: Client, message: Members) -> Members:
        """Refresh now."""
        client.refresh()  # YOURS
        return {}

    def seed(self, client: Client, message: Members) -> Members:
        """Store a token as an exchange would."""
        client.store(message["token"])  # YOURS
        return {}

    def state(self, client: Client, message: Members) -> Members:
        """Say what is stored; a token is named by its hash, never shown."""
        held = client.token  # YOURS: a dict with what is read from it below, or None
        if held is None:
            return {"token": None, "needs_reauth": False}
        token = {name: held.get(name) for name in ("expires_at", "scope")}
        for name in ("access_token", "refresh_token"):
            text = held.get(name)  # what is no text is told as it is, for the report to name it
            token[name] = fingerprint(text) if isinstance(text, str) else text
        return {"token": token, "needs_reauth": client.needs_reauth}  # YOURS


def told(error: Exception, code: str | None = None, status: int | None = None) -> Members:
    """Show an error as your users would see it: the suite looks for secrets in it."""
    return {
        "class": f"{type(error).__module__}.{type(error).__qualname__}",
        "code": code,
        "http_status": status,
        "message": str(error),
        "repr": repr(error),
    }


if __name__ == "__main__":
    serve(Adapter())
