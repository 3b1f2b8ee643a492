"""What the thin adapters of Python libraries share: the protocol, and words for what went wrong."""

from collections.abc import Mapping
from importlib.metadata import version
from platform import python_version
from types import MappingProxyType
from typing import Any

from livestorm_contract_tests.adapter import fingerprint

KINDS = {
    "invalid_grant": "reauth_required",
    "access_denied": "denied",
    "server_error": "retry_later",
    "temporarily_unavailable": "retry_later",
    "mismatching_state": "security_error",
    **dict.fromkeys(
        (
            "invalid_client",
            "invalid_request",
            "invalid_scope",
            "unauthorized_client",
            "unsupported_grant_type",
        ),
        "config_error",
    ),
}
Members = dict[str, Any]


class Failure(Exception):
    """The adapter's own word for what the library has no exception for; the text is the kind."""


class LibraryAdapter:
    """Answers messages by methods of the same name; `expected` are the library's exceptions."""

    package = ""
    ops: tuple[str, ...] = ()
    features: Mapping[str, object] = MappingProxyType({})
    expected: tuple[type[Exception], ...] = ()

    def __init__(self) -> None:
        self.config: Members = {}
        self.users: dict[str, Members] = {}

    @property
    def ready(self) -> Members:
        """What the library offers."""
        name = {"name": self.package, "version": version(self.package)}
        client = {**name, "language": f"python {python_version()}"}
        features = {"auth_methods": ["client_secret_post"], "base_path": True, "logs": ["stderr"]}
        ready = {"type": "ready", "protocol": 1, "client": client, "ops": self.ops}
        return {**ready, "features": {**features, **self.features}}

    def command(self, message: Members) -> Members:
        """Answer a message."""
        if message["type"] == "configure":
            self.config, self.users = message["config"], {}
        if message["type"] in ("configure", "end_case"):
            return {"kind": "ok"}
        if message.get("op") not in self.ops:
            return {"kind": "unsupported", "reason": f"no {message.get('op')}"}
        user = self.users.setdefault(message.get("user", "u1"), {"token": None})
        try:
            return {"kind": "ok", **(getattr(self, message["op"])(user, message) or {})}
        except Exception as error:
            return self.failed(error)

    def seed(self, user: Members, message: Members) -> None:
        """Take tokens as the library would have got them."""
        given = {name: value for name, value in message["token"].items() if value is not None}
        user["token"] = {"token_type": "Bearer", **given}

    def state(self, user: Members, message: Members) -> Members:
        """Tell what the library holds."""
        token = user["token"]
        if not token or not isinstance(token.get("access_token"), str):
            return {"token": None, "needs_reauth": True}
        secrets = {name: token.get(name) for name in ("access_token", "refresh_token")}
        told: Members = {
            name: fingerprint(text) if text else None for name, text in secrets.items()
        }
        expiry = token.get("expires_at")
        told["expires_at"] = expiry if isinstance(expiry, int | float) else None
        return {"token": told, "needs_reauth": False}

    def failed(self, error: Exception) -> Members:
        """Name an exception."""
        response = getattr(error, "response", None)
        status = getattr(response, "status_code", None)
        code = getattr(error, "error", None)
        told = {
            "class": f"{type(error).__module__}.{type(error).__qualname__}",
            "repr": repr(error),
        }
        told |= {"code": code if isinstance(code, str) else None, "message": str(error)}
        known = isinstance(error, self.expected)
        kind = (
            str(error) if isinstance(error, Failure) else self.kind_of(error, code, status, known)
        )
        return {"kind": kind, "error": {**told, "http_status": status}, "http_status": status}

    def kind_of(self, error: Exception, code: object, status: object, known: bool) -> str:
        """Give the kind of an exception of the library, `bug` for one that it does not announce."""
        if isinstance(code, str) and code in KINDS:
            return KINDS[code]
        if status is None and is_transport(error):
            return "transport_error"
        return status_kind(status) if known or status is not None else "bug"


def is_transport(error: Exception) -> bool:
    """Tell whether an exception of httpx or requests is about the connection."""
    base = {"httpx": "TransportError", "requests": "RequestException"}
    return not isinstance(error, ValueError) and any(
        base.get(one.__module__.partition(".")[0]) == one.__name__ for one in type(error).__mro__
    )


def status_kind(status: object) -> str:
    """Give the kind that a status that is no 2xx stands for."""
    if not isinstance(status, int):
        return "protocol_error"
    if status == 429 or status >= 500:
        return "retry_later"
    return {401: "reauth_required", 403: "config_error"}.get(status, "protocol_error")


def called(status: int) -> Members:
    """Give the reply to a call that was answered."""
    if 200 <= status < 300:
        return {"http_status": status}
    return {"kind": status_kind(status), "http_status": status}
