"""A small client for Livestorm that gives the adapter something to drive: put yours in its place.

It connects a user, calls the API, refreshes when it is told to, and keeps tokens in memory.
"""

import asyncio
import base64
import hashlib
import json
import re
import secrets
import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

Members = dict[str, Any]
TIMEOUT = 8.0
KINDS = {
    "access_denied": "denied",
    "invalid_grant": "reauth_required",
    "server_error": "retry_later",
    "temporarily_unavailable": "retry_later",
    "invalid_client": "config_error",
    "invalid_request": "config_error",
    "invalid_scope": "config_error",
    "unauthorized_client": "config_error",
    "unsupported_grant_type": "config_error",
}
"""What a caller does about the error codes of RFC 6749; any other is a protocol error."""


class Failure(Exception):
    """How an operation failed; `status` is that of the answer that made it fail."""

    def __init__(
        self,
        kind: str,
        text: str,
        *,
        code: str | None = None,
        status: int | None = None,
        wait: float | None = None,
    ) -> None:
        super().__init__(text)
        self.kind, self.code, self.status, self.wait = kind, code, status, wait


class Client:
    """One user's connection."""

    def __init__(self, config: Members) -> None:
        self._config = config
        self._flow: Members | None = None
        self.token: Members | None = None
        self.needs_reauth = False

    def begin(self) -> str:
        """Give the URL for the browser: a fresh state, and PKCE (RFC 7636)."""
        self._flow = {"state": secrets.token_urlsafe(32), "verifier": secrets.token_urlsafe(48)}
        digest = hashlib.sha256(self._flow["verifier"].encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self._config["client_id"],
            "redirect_uri": self._config["redirect_uri"],
            "scope": " ".join(self._config["scopes"]),
            "state": self._flow["state"],
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return f"{self._config['authorize_url']}?{urlencode(query)}"

    def callback(self, url: str) -> None:
        """Take the URL that the browser came back to, and exchange the code for tokens."""
        given = parse_qs(urlsplit(url).query)
        for name in ("code", "state", "error", "iss"):
            if len(given.get(name, ())) > 1:
                raise Failure("security_error", f"{name} comes twice")
        answer = {name: values[0] for name, values in given.items()}
        flow, issuer = self._flow, self._config.get("issuer")
        state = answer.get("state", "").encode()
        if flow is None or not secrets.compare_digest(state, flow["state"].encode()):
            raise Failure("security_error", "the callback belongs to no flow")
        if issuer is not None and answer.get("iss") != issuer:
            raise Failure("security_error", "the callback comes from another issuer")
        self._flow = None  # a callback counts once
        if "error" in answer:
            code = shown(answer["error"])
            kind = "protocol_error" if code == "invalid_grant" else KINDS.get(code)
            raise Failure(kind or "protocol_error", f"refused: {code}", code=code)
        if "code" not in answer:
            raise Failure("protocol_error", "the callback has neither a code nor an error")
        form = {"code": answer["code"], "redirect_uri": self._config["redirect_uri"]}
        form |= {"grant_type": "authorization_code", "code_verifier": flow["verifier"]}
        self.store(self._ask_for_token(form))

    def store(self, token: Members) -> None:
        """Keep a token; what it does not say is as it was asked for."""
        self.token = {"scope": " ".join(self._config["scopes"]), **token}
        self.needs_reauth = False

    def refresh(self) -> None:
        """Refresh now; where no new refresh token comes, the old one stays."""
        spent = self.token or {}
        if self.needs_reauth or not spent.get("refresh_token"):
            raise Failure("reauth_required", "there is nothing to refresh with")
        form = {"grant_type": "refresh_token", "refresh_token": spent["refresh_token"]}
        try:
            self.store({**spent, **self._ask_for_token(form)})
        except Failure as failure:
            self.needs_reauth = failure.kind == "reauth_required"
            raise

    def call(self, method: str, path: str, body: Any) -> int:
        """Call the API; give the status."""
        if not path.startswith("/") or path.startswith("//"):
            raise Failure("security_error", "a path begins with one slash")
        if self.token is None or self.needs_reauth:
            raise Failure("reauth_required", "the user is not connected")
        headers = {
            "accept": "application/vnd.api+json",
            "authorization": f"Bearer {self.token['access_token']}",
        }
        content = {} if body is None else {"json": body}
        answer = send(method, self._config["api_base"] + path, headers=headers, **content)
        document = read_json(answer)
        is_empty = answer.status_code == 204 or (path == "/ping" and not answer.content)
        is_document = "data" in document and "errors" not in document
        if answer.is_success and (is_empty or is_document):
            return answer.status_code
        challenge = answer.headers.get("www-authenticate", "")
        lacks_scope = re.search(r'Bearer .*\berror="?insufficient_scope', challenge)
        kind = "config_error" if answer.status_code == 403 or lacks_scope else "protocol_error"
        if answer.status_code == 401 and not lacks_scope:
            kind = "reauth_required"
        told = [f"the API answered {answer.status_code}", *words(document), challenge]
        raise Failure(kind, shown("; ".join(filter(None, told))), status=answer.status_code)

    def _ask_for_token(self, form: Members) -> Members:
        """Ask the token endpoint, once; give the token (RFC 6749, sections 5.1 and 5.2)."""
        form |= {name: self._config[name] for name in ("client_id", "client_secret")}
        accept = {"accept": "application/json"}
        answer = send("POST", self._config["token_url"], headers=accept, data=form)
        members, status = read_json(answer), answer.status_code
        if "error" in members or not answer.is_success:
            error = members.get("error")
            code = shown(error) if isinstance(error, str) else None
            kind = KINDS.get(code or "", "protocol_error")
            told = f"the token endpoint answered {status} {code or ''}"
            raise Failure(kind, told, code=code, status=status)
        if not is_token(members):
            raise Failure("protocol_error", f"{status} without a token", status=status)
        lifetime = read_lifetime(members.get("expires_in"))
        expires_at = None if lifetime is None else time.time() + lifetime
        texts = ("access_token", "refresh_token", "scope")
        token = {name: members[name] for name in texts if isinstance(members.get(name), str)}
        return {**token, "expires_at": expires_at}


def send(method: str, url: str, **content: Any) -> httpx.Response:
    """Send a request, follow nowhere; give an answer that is none of "try again later"."""
    try:
        answer = asyncio.run(exchange(method, url, **content))
    except httpx.DecodingError as error:
        raise Failure("protocol_error", "the answer can't be unpacked") from error
    except (httpx.TransportError, TimeoutError, UnicodeError) as error:
        raise Failure("transport_error", f"no answer: {type(error).__name__}") from error
    status = answer.status_code
    if status == 429 or status >= 500:
        seconds = answer.headers.get("retry-after", "")
        wait = float(seconds) if re.fullmatch(r"[0-9]{1,9}", seconds) else None
        raise Failure("retry_later", f"the server answered {status}", status=status, wait=wait)
    return answer


async def exchange(method: str, url: str, **content: Any) -> httpx.Response:
    """Send a request and read its answer, in TIMEOUT seconds: httpx's own is for each read."""
    async with asyncio.timeout(TIMEOUT), httpx.AsyncClient(timeout=TIMEOUT) as connection:
        return await connection.request(method, url, **content)


def read_json(answer: httpx.Response) -> Members:
    """Give the members of a JSON object, empty where it is none; odd bytes hide none."""
    try:
        members = json.loads(answer.content.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return {}
    return members if isinstance(members, dict) else {}


def is_token(members: Members) -> bool:
    """Tell whether an answer has a usable Bearer token."""
    texts = [members.get("access_token"), members.get("refresh_token") or "none"]
    kind = members.get("token_type")
    is_bearer = isinstance(kind, str) and kind.lower() == "bearer"
    return is_bearer and all(isinstance(x, str) and re.fullmatch(r"[!-~]+", x) for x in texts)


def read_lifetime(value: object) -> float | None:
    """Read `expires_in`, which may be a number in a text; what is none is unknown."""
    if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{1,10}(\.[0-9]+)?", str(value)):
        return None
    return float(str(value))


def words(document: Members) -> list[str]:
    """Give what a JSON:API document says of its errors."""
    errors = document.get("errors")
    listed = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    told = [one.get(name) for one in listed[:3] for name in ("title", "detail")]
    return [text for text in told if isinstance(text, str)]


def shown(text: str) -> str:
    """Make a foreign text fit to be shown and logged: short, and one line."""
    return "".join(one if one.isprintable() else " " for one in text[:200])
