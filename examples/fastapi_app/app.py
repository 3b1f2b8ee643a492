"""A web application: /connect sends the browser to Livestorm, /callback connects the account.

Livestorm's hosts are constants, as in the application that is shipped. Against the fake:

    livestorm-mock run --auto-approve -- python connect.py        in this folder
    pytest                                                        the same, within one process
    livestorm-mock check --client "python adapter.py app"         what the suite says of it

`naive.py` is the same as a guide would write it; each comment here that begins with "Mends" names
what the suite says of that one.
"""

import asyncio
import base64
import hashlib
import json
import math
import os
import re
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.datastructures import QueryParams

APP = "https://app.livestorm.co"
API = "https://api.livestorm.co"
SECONDS = 10
MOST_BYTES = 1 << 20
LOOPBACK = re.compile(r"localhost|::1|127(\.\d+){3}")
ONCE = ("code", "state", "error")
ANSWERS = {"denied": 403, "security_error": 400, "reauth_required": 401, "retry_later": 503}
Members = dict[str, Any]

# Mends errors-not-read: what a caller does about a code of RFC 6749; any other is no such answer.
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


@dataclass(frozen=True)
class Settings:
    """How Livestorm has registered the application, and where it is."""

    client_id: str
    client_secret: str
    redirect_uri: str
    scopes: tuple[str, ...] = ("identity:read",)
    authorize_url: str = f"{APP}/oauth/authorize"
    token_url: str = f"{APP}/oauth/token"
    api_url: str = f"{API}/v1"


@dataclass
class User:
    """What is known of one browser's session."""

    # Mends state-missing, pkce-wrong: what it has begun lies here, where nobody else finds it.
    state: str | None = None
    verifier: str = ""
    token: Members | None = None
    needs_reauth: bool = False
    refreshing: asyncio.Task[None] | None = None


# Mends unexpected-exception, secrets-shown: all that a caller has to expect, and nothing of the
# request or the answer in it but status and code.
class LivestormError(Exception):
    """How an operation failed: `kind` says what to do about it, `wait` for how many seconds."""

    def __init__(
        self,
        kind: str,
        told: str,
        *,
        code: str | None = None,
        status: int | None = None,
        wait: float | None = None,
    ) -> None:
        super().__init__(f"Livestorm: {told}")
        self.kind, self.code, self.status, self.wait = kind, code, status, wait


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Livestorm:
    """The connections of all users."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.users: dict[str, User] = {}
        self.http = httpx.AsyncClient(timeout=SECONDS, headers={"Accept-Encoding": "identity"})
        self.free_at: dict[str, float] = {}

    # Mends state-missing, pkce-wrong, authorization-request-wrong: drawn anew each time, and
    # encoded once.
    def connect(self, user: User) -> str:
        """Give the URL that the browser is sent to. Raises LivestormError."""
        for url in (self.settings.authorize_url, self.settings.token_url, self.settings.api_url):
            check_confidential(url)
        user.state, user.verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        digest = hashlib.sha256(user.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self.settings.redirect_uri,
            "scope": " ".join(self.settings.scopes),
            "state": user.state,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return f"{self.settings.authorize_url}?{urlencode(query)}"

    # Mends state-missing, callback-error-ignored, code-sent-twice, callback-not-checked: the state
    # is compared first and forgotten, so that a callback counts once.
    async def callback(self, user: User, query: QueryParams) -> None:
        """Connect the user whose browser came back with this. Raises LivestormError."""
        expected = user.state
        if any(len(query.getlist(name)) > 1 for name in ONCE):
            raise LivestormError("security_error", "the callback says something twice")
        if not expected or not is_same(query.get("state", ""), expected):
            raise LivestormError("security_error", "this browser has begun nothing of the kind")
        user.state = None
        if error := shown(query.get("error", "")):
            kind = "protocol_error" if error == "invalid_grant" else KINDS.get(error)
            raise LivestormError(kind or "protocol_error", f"refused: {error}", code=error)
        if not query.get("code"):
            raise LivestormError("protocol_error", "the callback has neither code nor error")
        form = {"grant_type": "authorization_code", "code": query["code"]}
        form |= {"redirect_uri": self.settings.redirect_uri, "code_verifier": user.verifier}
        token = await self.get_token(form)
        user.token = {"scope": " ".join(self.settings.scopes), **token}
        user.needs_reauth = False

    # Mends no-refresh-lock: who comes while one is under way waits for what comes of that.
    async def refresh(self, user: User) -> None:
        """Refresh the user's token now. Raises LivestormError."""
        if user.refreshing is None:
            user.refreshing = asyncio.create_task(self.replace_token(user))
            user.refreshing.add_done_callback(lambda _: setattr(user, "refreshing", None))
        await asyncio.shield(user.refreshing)

    # Mends refresh-token-lost, dead-grant-not-told, tokens-dropped-on-failure, failure-remembered:
    # the old token goes when a new one is there; only `invalid_grant` needs the user.
    async def replace_token(self, user: User) -> None:
        """Put a new token in the place of the user's. Raises LivestormError."""
        spent = user.token
        if spent is None or user.needs_reauth or not spent.get("refresh_token"):
            raise LivestormError("reauth_required", "there is nothing to refresh with")
        form = {"grant_type": "refresh_token", "refresh_token": spent["refresh_token"]}
        try:
            token = await self.get_token(form)
        except LivestormError as error:
            if user.token is spent:
                user.needs_reauth = error.kind == "reauth_required"
            raise
        if user.token is spent:
            user.token = {**spent, **token}

    # Mends unauthorized-not-mended: a 401 is tried once more, with another token.
    async def call(self, user: User, method: str, path: str, body: object = None) -> Members:
        """Call the API; give the document, empty where there is none. Raises LivestormError."""
        if not path.startswith("/") or path.startswith("//"):
            raise LivestormError("security_error", "a path begins with one slash")
        if user.token is None or user.needs_reauth:
            raise LivestormError("reauth_required", "the user is not connected")
        if has_expired(user.token) and user.token.get("refresh_token"):
            await self.refresh(user)
        spent = user.token
        answer = await self.ask_api(spent, method, path, body)
        if is_outdated(answer) and spent.get("refresh_token"):
            if user.token is spent:
                await self.refresh(user)
            answer = await self.ask_api(user.token, method, path, body)
        return read_document(answer, path)

    async def ask_api(self, token: Members, method: str, path: str, body: object) -> Answer:
        """Call the API once, with this token. Raises LivestormError."""
        headers = {
            "Accept": "application/vnd.api+json",
            "Authorization": f"Bearer {token['access_token']}",
        }
        content = {} if body is None else {"json": body}
        return await self.send("api", method, self.settings.api_url + path, headers, **content)

    # Mends token-request-wrong, token-not-validated: a form, and nothing but a token is taken.
    async def get_token(self, form: dict[str, str]) -> Members:
        """Ask for a token; give it as it is stored. Raises LivestormError."""
        known = {
            "client_id": self.settings.client_id,
            "client_secret": self.settings.client_secret,
        }
        headers = {"Accept": "application/json"}
        content = {"data": {**form, **known}}
        asked = time.time()
        answer = await self.send("token", "POST", self.settings.token_url, headers, **content)
        members = read_json(answer.content)
        if "error" in members or not 200 <= answer.status < 300:
            raise refused(answer, members.get("error"))
        return read_token(members, answer.status, asked)

    # Mends no-time-out, answers-unbounded, plain-http-used: for the whole of it, not for each read.
    async def send(
        self, limit: str, method: str, url: str, headers: dict[str, str], **content: Any
    ) -> Answer:
        """Send a request unless a pause is on; give its whole answer. Raises LivestormError."""
        check_confidential(url)
        self.check_pause(limit)
        pieces, length = [], 0
        try:
            async with (
                asyncio.timeout(SECONDS),
                self.http.stream(method, url, headers=headers, **content) as answer,
            ):
                if answer.headers.get("content-encoding", "identity") != "identity":
                    raise LivestormError("protocol_error", "the answer is encoded")
                async for piece in answer.aiter_raw():
                    pieces.append(piece)
                    length += len(piece)
                    if length > MOST_BYTES:
                        raise LivestormError("protocol_error", "the answer is too long")
        except (httpx.TransportError, httpx.InvalidURL, TimeoutError, UnicodeError) as error:
            told = f"no whole answer came: {type(error).__name__}"
            raise LivestormError("transport_error", told) from None
        return self.available(limit, Answer(answer.status_code, answer.headers, b"".join(pieces)))

    # Mends retry-after-not-read: who comes too early is told so, and sends nothing.
    def check_pause(self, limit: str) -> None:
        """Raise LivestormError while a server wants to be left alone."""
        wait = self.free_at.get(limit, 0) - time.monotonic()
        if wait > 0:
            raise LivestormError("retry_later", "a limit is reached", wait=round_up(wait))

    # Mends outage-misnamed, limit-taken-for-logout: it passes, so nobody has to connect again.
    def available(self, limit: str, answer: Answer) -> Answer:
        """Give an answer that is none of "try again later". Raises LivestormError."""
        wait = read_retry_after(answer.headers) if answer.status in (429, 503) else 0
        if answer.status < 300 and answer.headers.get("ratelimit-interval-remaining") == "0":
            self.pause(limit, 1)
        if answer.status != 429 and answer.status < 500:
            return answer
        self.pause(limit, wait)
        told = f"the server answered {answer.status}"
        raise LivestormError("retry_later", told, status=answer.status, wait=wait or None)

    def pause(self, limit: str, seconds: float) -> None:
        """Send nothing for so long."""
        until = time.monotonic() + seconds
        self.free_at[limit] = max(until, self.free_at.get(limit, 0))


def check_confidential(url: str) -> None:
    """See that a secret may go there. Raises LivestormError."""
    to = urlsplit(url)
    if to.scheme != "https" and not LOOPBACK.fullmatch(to.hostname or ""):
        raise LivestormError("security_error", "plain http is for this machine only")


def is_same(given: str, expected: str) -> bool:
    """Compare two texts in a time that tells nothing."""
    return secrets.compare_digest(given.encode(), expected.encode())


# Mends expiry-miscounted: to the second, and one of unknown lifetime is not over.
def has_expired(token: Members) -> bool:
    """Tell whether a token is over."""
    expires_at = token.get("expires_at")
    return expires_at is not None and time.time() >= expires_at


def is_outdated(answer: Answer) -> bool:
    """Tell whether another token would help (RFC 6750, section 3.1)."""
    return answer.status == 401 and not lacks_scope(answer)


def lacks_scope(answer: Answer) -> bool:
    """Tell whether the user has granted less than it takes."""
    challenge = answer.headers.get("www-authenticate", "")
    return re.search(r'Bearer .*\berror="?insufficient_scope', challenge) is not None


# Mends retry-after-not-read: seconds or a date (RFC 9110, section 10.2.3); nonsense is nothing.
def read_retry_after(headers: Mapping[str, str]) -> float:
    """Give the seconds that the server wants to be left alone."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    reset = headers.get("ratelimit-reset", "")
    try:
        if text:
            return round_up(parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError):
        return 0
    is_used_up = headers.get("ratelimit-monthly-remaining") == "0"
    is_moment = re.fullmatch("[0-9]{10}", reset) is not None
    return round_up(int(reset) - time.time()) if is_used_up and is_moment else 0


def round_up(seconds: float) -> float:
    """Give no less, in milliseconds, and nothing negative."""
    return max(0, math.ceil(seconds * 1000) / 1000)


# Mends jsonapi-error-taken-for-token, odd-answer-breaks: what is no object has no members.
def read_json(content: bytes) -> Members:
    """Give the members of a JSON object, none where it is no object; odd bytes hide none."""
    try:
        members = json.loads(content.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return {}
    return members if isinstance(members, dict) else {}


def refused(answer: Answer, error: object) -> LivestormError:
    """Say why the token endpoint gave none (RFC 6749, section 5.2)."""
    code = shown(error) if isinstance(error, str) else None
    is_redirect = 300 <= answer.status < 400
    kind = "protocol_error" if is_redirect else KINDS.get(code or "", "protocol_error")
    told = f"the token endpoint answered {answer.status} {code or ''}"
    return LivestormError(kind, told, code=code, status=answer.status)


# Mends token-not-validated, lifetime-misread, value-of-wrong-type, other-grant-not-read: texts as
# token and scope, a number as lifetime, or it is unknown.
def read_token(members: Members, status: int, asked: float) -> Members:
    """Give the token of an answer (RFC 6749, section 5.1). Raises LivestormError."""
    kind = members.get("token_type")
    is_bearer = isinstance(kind, str) and kind.lower() == "bearer"
    successor = members.get("refresh_token") or "none"
    texts = (members.get("access_token"), successor)
    if not is_bearer or not all(isinstance(x, str) and re.fullmatch("[!-~]+", x) for x in texts):
        raise LivestormError("protocol_error", f"{status} without a token", status=status)
    lifetime = members.get("expires_in")
    is_number = re.fullmatch(r"-?[0-9]{1,10}(\.[0-9]+)?", str(lifetime)) is not None
    token = {name: members[name] for name in ("access_token", "refresh_token") if members.get(name)}
    if isinstance(members.get("scope"), str):
        token["scope"] = members["scope"]
    return {**token, "expires_at": asked + float(str(lifetime)) if is_number else None}


# Mends no-document-taken, api-error-not-shown: what the API says of an error is passed on.
def read_document(answer: Answer, path: str) -> Members:
    """Give the document of an API answer, empty where it has none. Raises LivestormError."""
    document, status = read_json(answer.content), answer.status
    is_empty = status == 204 or (path == "/ping" and not answer.content)
    is_document = "data" in document and "errors" not in document
    if 200 <= status < 300 and (is_empty or is_document):
        return document
    kind = "config_error" if status == 403 or lacks_scope(answer) else "protocol_error"
    if is_outdated(answer):
        kind = "reauth_required"
    told = [f"the API answered {status}", *words(document)]
    told.append(answer.headers.get("www-authenticate", ""))
    raise LivestormError(kind, shown("; ".join(filter(None, told))), status=status)


def words(document: Members) -> list[str]:
    """Give what a JSON:API document says of its errors."""
    errors = document.get("errors")
    listed = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    told = [one.get(name) for one in listed[:3] for name in ("title", "detail")]
    return [text for text in told if isinstance(text, str)]


# Mends foreign-text-passed-on: short, and one line.
def shown(text: str) -> str:
    """Make a foreign text fit to be shown and logged."""
    return "".join(one if one.isprintable() else " " for one in text[:200])


def make_app(settings: Settings) -> FastAPI:
    """Make the application."""
    livestorm = Livestorm(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await livestorm.http.aclose()

    app = FastAPI(lifespan=lifespan)
    app.state.livestorm = livestorm

    @app.get("/connect")
    async def connect(request: Request) -> RedirectResponse:
        session = request.cookies.get("session", "")
        if session not in livestorm.users:
            session = secrets.token_urlsafe(32)
            livestorm.users[session] = User()
        response = RedirectResponse(livestorm.connect(livestorm.users[session]))
        response.set_cookie("session", session, httponly=True, samesite="lax")
        return response

    @app.get("/callback")
    async def callback(request: Request) -> RedirectResponse:
        await livestorm.callback(user_of(request), request.query_params)
        return RedirectResponse("/me", status_code=303)

    @app.get("/me")
    async def me(request: Request) -> dict[str, str]:
        document = await livestorm.call(user_of(request), "GET", "/me")
        return {"connected": document["data"]["attributes"]["email"]}

    def user_of(request: Request) -> User:
        return livestorm.users.get(request.cookies.get("session", ""), User())

    # Mends unexpected-exception: whatever Livestorm does, the user gets an answer.
    @app.exception_handler(LivestormError)
    async def report(request: Request, error: LivestormError) -> JSONResponse:
        told = {"error": str(error), "kind": error.kind, "code": error.code}
        headers = {"Retry-After": str(math.ceil(error.wait))} if error.wait else None
        body = {**told, "status": error.status}
        return JSONResponse(body, status_code=ANSWERS.get(error.kind, 502), headers=headers)

    return app


def from_environment() -> Settings:
    """Read the settings."""
    return Settings(
        client_id=os.environ.get("LIVESTORM_CLIENT_ID", "example-client-id"),
        client_secret=os.environ.get("LIVESTORM_CLIENT_SECRET", "example-client-secret"),
        redirect_uri=os.environ.get("LIVESTORM_REDIRECT_URI", "http://localhost:8000/callback"),
    )


app = make_app(from_environment())
