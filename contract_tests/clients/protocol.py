"""What the thin adapters of Python libraries share: the protocol, and words for what went wrong."""

from collections.abc import Mapping
from importlib.metadata import version
from platform import python_version
from types import MappingProxyType
from typing import Any, Protocol
from urllib.parse import urlsplit

from livestorm_contract_tests.adapter import fingerprint

KINDS = {
    "invalid_grant": "reauth_required",
    "access_denied": "denied",
    "server_error": "retry_later",
    "temporarily_unavailable": "retry_later",
    "mismatching_state": "security_error",
    "insecure_transport": "security_error",
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


class LeftToUser(Exception):
    """A step that the library leaves to its user, so that there is nothing of it to judge."""


class Answer(Protocol):
    """A response of httpx or requests."""

    @property
    def status_code(self) -> int:
        """The status."""

    @property
    def text(self) -> str:
        """The body."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers."""

    def json(self) -> Any:
        """Read the body. Raises ValueError."""


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
        except LeftToUser as error:
            return {"kind": "unsupported", "reason": f"{error} is left to the library's user"}
        except Exception as error:
            told = self.failed(error)
            # A refusal is the user's only where the callback says so.
            is_answer = told["kind"] != "denied" or "error=" in message.get("url", "")
            return told if is_answer else {**told, "kind": "protocol_error"}

    def begun(self, user: Members) -> Members:
        """Give the pending flow, once: it lies in the session of the library's user."""
        flow: Members | None = user.pop("flow", None)
        if flow is None:
            raise LeftToUser("keeping the pending flow")
        return flow

    def seed(self, user: Members, message: Members) -> None:
        """Take tokens as the library would have got them."""
        given = {name: value for name, value in message["token"].items() if value is not None}
        user["token"] = {"token_type": "Bearer", **given}

    def state(self, user: Members, message: Members) -> Members:
        """Tell what the library holds, whatever type it has: that is for the suite to judge."""
        token = user["token"]
        if not token or not token.get("access_token"):
            return {"token": None, "needs_reauth": True}
        secrets = {name: token.get(name) for name in ("access_token", "refresh_token")}
        told = {name: fingerprint(text) if text else None for name, text in secrets.items()}
        return {"token": {**told, "expires_at": token.get("expires_at")}, "needs_reauth": False}

    def failed(self, error: Exception) -> Members:
        """Name an exception."""
        response = getattr(error, "response", None)
        status = getattr(response, "status_code", None)
        code = self.code_of(error)
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

    def code_of(self, error: Exception) -> object:
        """Give the OAuth error code that an exception has."""
        return getattr(error, "error", None)

    def kind_of(self, error: Exception, code: object, status: object, known: bool) -> str:
        """Give the kind of an exception of the library, `bug` for one that it does not announce."""
        if is_busy(status):
            return "retry_later"
        if isinstance(code, str) and code in KINDS:
            return KINDS[code]
        if status is None and is_transport(error):
            return "transport_error"
        return "protocol_error" if known or status is not None else "bug"


def is_transport(error: Exception) -> bool:
    """Tell whether an exception of httpx or requests is about the request, not the status."""
    base = {"httpx": "RequestError", "httpx2": "RequestError", "requests": "RequestException"}
    return not isinstance(error, ValueError) and any(
        base.get(one.__module__.partition(".")[0]) == one.__name__ for one in type(error).__mro__
    )


def is_busy(status: object) -> bool:
    """Tell whether a status means that it is to be tried again later."""
    return isinstance(status, int) and (status == 429 or status >= 500)


def is_loopback(url: str) -> bool:
    """Tell whether a URL leads to this machine, where plain HTTP is what the fake speaks."""
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def called(answer: Answer, path: str) -> Members:
    """Give the reply to a call, read as any caller reads it: its status, and then its JSON."""
    status = answer.status_code
    if not 200 <= status < 300:
        kind = {401: "reauth_required", 403: "config_error"}.get(status, "protocol_error")
        text = f"{answer.headers.get('WWW-Authenticate', '')} {answer.text[:1000]}".strip()
        error = {"http_status": status, "message": text, "repr": f"status {status}: {text}"}
        return {
            "kind": "retry_later" if is_busy(status) else kind,
            "http_status": status,
            "error": error,
        }
    if status != 204 and path != "/ping":
        read_document(answer)
    return {"http_status": status}


def read_document(answer: Answer) -> None:
    """Read a JSON object. Raises Failure."""
    try:
        document = answer.json()
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise Failure("protocol_error")
