"""A client that does everything right, in pieces that a broken client replaces one by one."""

import base64
import email.utils
import hashlib
import hmac
import itertools
import json
import os
import random
import secrets
import socket
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, cast
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import httpx
from livestorm_contract_tests.adapters.loop import serve
from livestorm_contract_tests.driving.kinds import Kind, fingerprint

Message = dict[str, Any]

LARGEST_BODY = 1_000_000
READ_SECONDS = 5.0
TOTAL_SECONDS = 8.0
LEEWAY = 60.0
FLOW_SECONDS = 3600.0
CONFIG_CODES = {
    "invalid_client",
    "invalid_request",
    "invalid_scope",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "invalid_redirect_uri",
    "invalid_code_challenge_method",
}
BUSY_CODES = {"server_error", "temporarily_unavailable"}


class Failure(Exception):
    """An outcome other than ok; its text holds no secret."""

    def __init__(
        self,
        kind: Kind,
        told: str = "",
        *,
        code: str | None = None,
        status: int | None = None,
        not_before: float | None = None,
    ) -> None:
        super().__init__(told or kind)
        self.kind, self.code, self.status, self.not_before = kind, code, status, not_before
        self.at_api = True
        """Whether the status is one of the API."""
        self.was_slow = False
        """Whether a time-out ended it, after which nobody wants to wait once more."""


@dataclass
class Answer:
    """An HTTP answer, read to its end."""

    status: int
    headers: httpx.Headers
    body: bytes

    def json(self) -> object:
        """Parse the body; None where it is no JSON."""
        with suppress(ValueError, RecursionError):
            return json.loads(self.body.decode("utf-8-sig", "replace"))
        return None


@dataclass
class Pending:
    """An authorization that was begun."""

    state: str
    verifier: str
    redirect_uri: str
    begun_at: float


@dataclass
class User:
    """What is known of one user."""

    path: Path
    pending: Pending | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)
    not_before: float = 0.0
    """No API request before this moment of the client's time."""


class ModelClient:
    """The protocol's operations; a broken client is a subclass."""

    features: ClassVar[Message] = {
        "refresh": "auto",
        "on_401": True,
        "parallel_calls": 64,
        "parallel": True,
        "persist": "file",
        "pkce": True,
        "iss": True,
        "auth_methods": ["client_secret_post", "client_secret_basic"],
        "base_path": True,
        "tls_ca": True,
        "clock": True,
        "pagination": True,
        "logs": ["stderr"],
        "log_level": True,
        "state": "library",
    }
    ops: ClassVar[tuple[str, ...]] = (
        "begin",
        "callback",
        "call",
        "refresh",
        "seed",
        "state",
        "restart",
        "clock",
        "list",
        "cancel",
    )

    def __init__(self) -> None:
        self.emit: Callable[[Message], None] = lambda event: None
        self.config: Message = {}
        self.advanced = 0.0
        self.users: dict[str, User] = {}
        self.turns = itertools.count()
        self.replies: dict[int, Future[Message]] = {}

    @property
    def ready(self) -> Message:
        """What the client can do."""
        client = {"name": type(self).__name__, "version": "1", "language": "python", "stack": []}
        told = {"client": client, "ops": list(self.ops), "features": self.features}
        return {"type": "ready", "protocol": 1, **told}

    def command(self, message: Message) -> Message:
        """Answer a message."""
        kind, op = message["type"], message.get("op")
        if kind == "configure":
            self.configure(message["config"])
            return {"kind": "ok"}
        if kind == "end_case":
            return {"kind": "ok"}
        if kind == "cancel":
            self.cancel(message["id"])
            return {"kind": "ok"}
        if kind != "command" or op not in self.ops:
            return {"kind": "unsupported", "reason": f"no {op or kind}"}
        reply = self.replies[message["id"]] = Future()
        threading.Thread(target=self.perform, args=(message, reply), daemon=True).start()
        return reply.result()

    def perform(self, message: Message, reply: "Future[Message]") -> None:
        """Do an operation to its end, whether or not somebody still waits for the reply."""
        with suppress(InvalidStateError):
            try:
                reply.set_result(getattr(self, f"op_{message['op']}")(message))
            except Exception as error:
                reply.set_exception(error)

    def cancel(self, number: int) -> None:
        """Send away who waits for a command."""
        with suppress(KeyError, InvalidStateError):
            self.replies[number].set_result({"kind": Kind.CANCELLED})

    def configure(self, config: Message) -> None:
        """Forget everything."""
        self.config, self.advanced, self.users = config, 0.0, {}

    def now(self) -> float:
        """Give the client's time in Unix seconds."""
        return time.time() + self.advanced

    def user(self, name: str) -> User:
        """Give a user, made on first use."""
        if name not in self.users:
            file = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
            self.users[name] = User(path=Path(self.config["store_dir"]) / f"{file}.json")
        return self.users[name]

    # Operations

    def op_clock(self, message: Message) -> Message:
        """Move the clock."""
        self.advanced += message["advance"]
        return {"kind": "ok"}

    def op_seed(self, message: Message) -> Message:
        """Store tokens."""
        user = self.user(message.get("user", "u1"))
        user.not_before = 0.0
        self.save(user, {**message["token"], "needs_reauth": False})
        return {"kind": "ok"}

    def op_state(self, message: Message) -> Message:
        """Tell what is stored."""
        return self.report(lambda: self.told_state(self.user(message.get("user", "u1"))))

    def told_state(self, user: User) -> Message:
        """Give the tokens, by their fingerprints."""
        stored = self.load(user)
        if stored is None:
            return {"token": None, "needs_reauth": False}
        token = {
            "access_token": _fingerprint(stored.get("access_token")),
            "refresh_token": _fingerprint(stored.get("refresh_token")),
            "expires_at": stored.get("expires_at"),
            "scope": stored.get("scope"),
        }
        return {"token": token, "needs_reauth": stored.get("needs_reauth", False)}

    def op_begin(self, message: Message) -> Message:
        """Start an authorization."""

        def begin() -> Message:
            for name in ("authorize_url", "token_url", "api_base"):
                self.check_confidential(self.config[name])
            user = self.user(message.get("user", "u1"))
            user.pending = self.new_pending()
            return {"authorize_url": self.authorize_url(user.pending)}

        return self.report(begin)

    def op_callback(self, message: Message) -> Message:
        """Finish an authorization."""
        return self.report(lambda: self.connect(message.get("user", "u1"), message["url"]))

    def op_refresh(self, message: Message) -> Message:
        """Refresh now."""
        name = message.get("user", "u1")
        return self.report(lambda: self.refresh(name, self.user(name), None))

    def op_call(self, message: Message) -> Message:
        """Call the API, once or several times at once."""
        count = message.get("parallel") or 1
        with ThreadPoolExecutor(count) as pool:
            results = list(
                pool.map(lambda _: self.report(lambda: self.call(message)), range(count))
            )
        decisive = next((one for one in results if one["kind"] != "ok"), results[0])
        return {**decisive, "results": results}

    def op_list(self, message: Message) -> Message:
        """Call page after page."""
        return self.report(lambda: self.list_ids(message))

    def report(self, operation: Callable[[], Message]) -> Message:
        """Name the outcome of an operation."""
        try:
            return {"kind": "ok", **operation()}
        except Failure as failure:
            reply: Message = {"kind": failure.kind, "error": self.describe(failure)}
            if failure.not_before is not None:
                reply["not_before_s"] = failure.not_before
            return {**reply, "http_status": failure.status if failure.at_api else None}
        except Exception as error:
            return {"kind": "bug", "error": self.describe(error)}

    def describe(self, error: Exception) -> Message:
        """Show an error as Python prints it."""
        return {
            "class": type(error).__name__,
            "code": getattr(error, "code", None),
            "http_status": getattr(error, "status", None),
            "message": str(error),
            "repr": repr(error),
        }

    # Authorization

    def new_pending(self) -> Pending:
        """Draw state and verifier."""
        uri = self.config["redirect_uri"]
        return Pending(self.new_state(), self.new_verifier(), uri, self.now())

    def new_state(self) -> str:
        """Draw a state."""
        return secrets.token_urlsafe(32)

    def new_verifier(self) -> str:
        """Draw a verifier."""
        return secrets.token_urlsafe(48)

    def authorize_url(self, pending: Pending) -> str:
        """Make the URL for the browser."""
        query = urlencode(self.authorization_parameters(pending), quote_via=quote)
        return f"{self.config['authorize_url']}?{query}"

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Give what is asked for."""
        digest = hashlib.sha256(pending.verifier.encode()).digest()
        return {
            "response_type": "code",
            "client_id": self.config["client_id"],
            "redirect_uri": pending.redirect_uri,
            "scope": self.scope_text(),
            "state": pending.state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }

    def scope_text(self) -> str:
        """Join the scopes."""
        return " ".join(self.config["scopes"])

    def connect(self, name: str, url: str) -> Message:
        """Check a callback and exchange its code."""
        user = self.user(name)
        pairs = self.pairs_of(url)
        with user.lock:
            pending = self.check_callback(user, pairs)
            user.pending = None
        code = dict(pairs).get("code")
        if not code:
            raise Failure(Kind.PROTOCOL_ERROR, "the callback has no code")
        sent_at = self.now()
        self.store_token(name, user, self.read_tokens(self.exchange(code, pending)), None, sent_at)
        return {}

    def pairs_of(self, url: str) -> list[tuple[str, str]]:
        """Read the parameters of a callback."""
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)

    def check_callback(self, user: User, pairs: list[tuple[str, str]]) -> Pending:
        """Check that a callback belongs to the pending flow, and grants something."""
        names = [name for name, _ in pairs]
        given = dict(pairs)
        self.check_duplicates(names)
        pending = self.check_state(user, given)
        self.check_issuer(given)
        self.check_granted(given)
        return pending

    def check_duplicates(self, names: list[str]) -> None:
        """Refuse parameters that matter and are there twice."""
        if any(names.count(name) > 1 for name in ("code", "state", "error", "iss")):
            raise Failure(Kind.SECURITY_ERROR, "a parameter of the callback is repeated")

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Compare the state with the pending one."""
        expected = user.pending.state if user.pending else ""
        if user.pending is None or not hmac.compare_digest(
            given.get("state", "").encode(), expected.encode()
        ):
            raise Failure(Kind.SECURITY_ERROR, "the callback belongs to no pending flow")
        if self.is_over(user.pending):
            raise Failure(Kind.SECURITY_ERROR, "the callback comes too late")
        return user.pending

    def is_over(self, pending: Pending) -> bool:
        """Tell whether a flow was begun too long ago."""
        return self.now() - pending.begun_at > FLOW_SECONDS

    def check_issuer(self, given: Mapping[str, str]) -> None:
        """Compare `iss` where the server advertises it."""
        if self.config.get("issuer") and given.get("iss") != self.config["issuer"]:
            raise Failure(Kind.SECURITY_ERROR, "the callback comes from another issuer")

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Raise what the callback's error means."""
        if "error" not in given:
            return
        code = given["error"][:64]
        if code == "access_denied":
            raise Failure(Kind.DENIED, "the user refused", code=code)
        if code in BUSY_CODES:
            raise Failure(Kind.RETRY_LATER, "the server is busy", code=code)
        kind = Kind.CONFIG_ERROR if code in CONFIG_CODES else Kind.PROTOCOL_ERROR
        raise Failure(kind, "the authorization failed", code=code)

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Send the code, once."""
        return self.token_request(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": pending.redirect_uri,
                "code_verifier": pending.verifier,
            }
        )

    # The token endpoint

    def token_request(self, form: dict[str, str]) -> Answer:
        """Send a token request with the client's credentials."""
        self.check_confidential(self.config["token_url"])
        headers = {"Accept": "application/json"}
        if self.config["auth_method"] == "client_secret_basic":
            headers["Authorization"] = f"Basic {self.basic_credentials()}"
        else:
            form = {**form, **self.form_credentials()}
        return self.send("POST", self.config["token_url"], headers=headers, data=form)

    def basic_credentials(self) -> str:
        """Give id and secret for HTTP Basic, without the encoding that Doorkeeper does not undo."""
        pair = f"{self.config['client_id']}:{self.config['client_secret']}"
        return base64.b64encode(pair.encode()).decode()

    def form_credentials(self) -> dict[str, str]:
        """Give id and secret for the body; a public client has no secret."""
        secret = self.config["client_secret"]
        given = {"client_id": self.config["client_id"]}
        return given if secret is None else {**given, "client_secret": secret}

    def read_tokens(self, answer: Answer) -> Message:
        """Read a token answer. Raises Failure."""
        self.check_available(answer)
        members = answer.json()
        if not 200 <= answer.status < 300:
            raise self.refusal(answer, members)
        if not isinstance(members, dict) or "error" in members:
            code = members.get("error") if isinstance(members, dict) else None
            shown = code if isinstance(code, str) else None
            raise Failure(Kind.PROTOCOL_ERROR, "no token came", code=shown, status=answer.status)
        access_token, token_type = members.get("access_token"), members.get("token_type")
        usable = isinstance(access_token, str) and access_token != ""
        if not usable or not isinstance(token_type, str) or token_type.lower() != "bearer":
            raise Failure(Kind.PROTOCOL_ERROR, "no bearer token came", status=answer.status)
        return members

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Name a refusal by its code."""
        code = members.get("error") if isinstance(members, dict) else None
        code = code if isinstance(code, str) else None
        told = f"the token endpoint answered {answer.status}"
        kind = Kind.PROTOCOL_ERROR
        if answer.status in (400, 401) and code == "invalid_grant":
            kind = Kind.REAUTH_REQUIRED
        elif 400 <= answer.status < 500 and code in CONFIG_CODES:
            kind = Kind.CONFIG_ERROR
        elif 400 <= answer.status < 500 and code in BUSY_CODES:
            kind = Kind.RETRY_LATER
        return Failure(kind, told, code=code, status=answer.status)

    def lifetime(self, members: Message) -> float | None:
        """Read `expires_in`, None where it is unknown."""
        value = members.get("expires_in")
        if isinstance(value, str) and value.strip().lstrip("-").isdecimal():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            return None
        return float(min(max(value, 0), 10**10))

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Store what a token answer brought; what it leaves out stays."""
        lifetime = self.lifetime(members)
        refresh_token = members.get("refresh_token")
        scope = members.get("scope")
        known = self.load(user) or {}
        self.save(
            user,
            {
                "access_token": members["access_token"],
                "refresh_token": refresh_token if isinstance(refresh_token, str) else None,
                "expires_at": None if lifetime is None else sent_at + lifetime,
                "lifetime": lifetime,
                "scope": scope if isinstance(scope, str) else sent and known.get("scope"),
                "needs_reauth": False,
            }
            | self.kept_refresh_token(refresh_token, sent),
        )
        self.emit({"type": "event", "event": "token_saved", "user": name})

    def kept_refresh_token(self, came: object, sent: str | None) -> Message:
        """Keep the refresh token that was sent where none came."""
        return {} if isinstance(came, str) and came else {"refresh_token": sent}

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Refresh, unless another did so while this one waited; `stale` is the token to replace."""
        with user.lock, self.store_lock(user):
            stored = self.load(user)
            if stored is None or stored.get("needs_reauth") or not stored.get("refresh_token"):
                raise Failure(Kind.REAUTH_REQUIRED, "there is no refresh token")
            if stale is not None and stored["access_token"] != stale:
                return {}
            self.probe(user)
            self.refresh_with(name, user, stored)
        return {}

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Send the refresh token, and once more where the answer was lost or asks to wait."""
        form = {"grant_type": "refresh_token", "refresh_token": stored["refresh_token"]}
        most = self.refresh_attempts()
        for attempt in range(1, most + 1):
            sent_at = self.now()
            try:
                members = self.read_tokens(self.token_request(form))
            except Failure as failure:
                failure.at_api = False
                if failure.kind is Kind.REAUTH_REQUIRED:
                    self.grant_is_dead(user, stored)
                    return
                if attempt == most or not self.may_retry(failure):
                    raise
            else:
                self.store_token(name, user, members, stored["refresh_token"], sent_at)
                return

    def refresh_attempts(self) -> int:
        """Tell how often a refresh is sent at most."""
        return 2

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Flag the grant, unless another process has refreshed it meanwhile."""
        current = self.load(user)
        if current is not None and current.get("refresh_token") != stored["refresh_token"]:
            return
        self.save(user, {**stored, "needs_reauth": True})
        gone = Failure(Kind.REAUTH_REQUIRED, "the grant is gone", code="invalid_grant", status=400)
        gone.at_api = False
        raise gone

    def may_retry(self, failure: Failure) -> bool:
        """Wait where the failure passes; tell whether to try again."""
        if failure.was_slow or failure.kind not in (Kind.RETRY_LATER, Kind.TRANSPORT_ERROR):
            return False
        wait = self.backoff() if failure.not_before is None else failure.not_before
        if wait > self.config["budget"]["max_wait_ms"] / 1000:
            return False
        time.sleep(wait if failure.not_before is None else wait + self.turn())
        return True

    def backoff(self) -> float:
        """Draw the pause before a request that nothing puts off."""
        return random.uniform(0.05, 0.1)

    # The API

    def call(self, message: Message) -> Message:
        """Call, and tell the status."""
        status, _ = self.fetch(message)
        return {"http_status": status}

    def fetch(self, message: Message) -> tuple[int, Any]:
        """Give status and document of a call; after a 401 refresh and call once more."""
        name, path = message.get("user", "u1"), message["path"]
        self.check_path(path)
        method = message.get("method") or "GET"
        user = self.user(name)
        known = (self.load(user) or {}).get("access_token")
        stored = self.fresh(name, user)
        answer = self.call_api(user, method, path, message, stored)
        if stored["access_token"] == known and self.may_refresh(answer, stored):
            self.refresh(name, user, stored["access_token"])
            stored = self.load(user) or stored
            answer = self.call_api(user, method, path, message, stored, most=1)
        return answer.status, self.read_document(answer, path)

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Tell whether a refresh may help."""
        return answer.status == 401 and bool(stored.get("refresh_token"))

    def list_ids(self, message: Message) -> Message:
        """Follow the pages of a list; no page is asked for twice, no id counts twice."""
        ids: list[str] = []
        asked: list[int] = []
        page: int | None = 0
        while page is not None and page not in asked and len(asked) < message["max_pages"]:
            asked.append(page)
            document = self.page(message, page)
            self.add_ids(ids, document)
            page = self.next_page(document)
        return {"ids": ids, "pages": len(asked)}

    def page(self, message: Message, number: int) -> Message:
        """Get one page."""
        query = urlencode({"page[number]": number})
        _, document = self.fetch({**message, "path": f"{message['path']}?{query}"})
        return cast("Message", document)

    def next_page(self, document: Message) -> int | None:
        """Give the number of the next page, None at the end."""
        meta = document.get("meta")
        number = meta.get("next_page") if isinstance(meta, dict) else None
        return number if isinstance(number, int) else None

    def add_ids(self, ids: list[str], document: Message) -> None:
        """Count what is new."""
        ids += [one["id"] for one in document["data"] if one["id"] not in ids]

    def check_path(self, path: str) -> None:
        """Refuse a path that leads elsewhere."""
        if not path.startswith("/") or path.startswith("//"):
            raise Failure(Kind.SECURITY_ERROR, "a path begins with one slash")

    def fresh(self, name: str, user: User) -> Message:
        """Give the stored token, refreshed where it is about to expire."""
        stored = self.load(user)
        if stored is None or stored.get("needs_reauth"):
            raise Failure(Kind.REAUTH_REQUIRED, "not connected")
        if self.is_due(stored) and stored.get("refresh_token"):
            self.refresh(name, user, stored["access_token"])
            stored = self.load(user) or stored
        return stored

    def is_due(self, stored: Message) -> bool:
        """Tell whether a token is to be refreshed before use."""
        if stored.get("expires_at") is None:
            return False
        lifetime = stored.get("lifetime")
        leeway = LEEWAY if lifetime is None else min(LEEWAY, lifetime / 10)
        return bool(self.now() >= stored["expires_at"] - leeway)

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Send an API request, and once more where that can be done without harm."""
        for attempt in range(1, most + 1):
            self.pause(user)
            try:
                answer = self.api_request(method, path, message, stored)
                self.heed_limits(user, answer)
                self.check_available(answer)
            except Failure as failure:
                if failure.not_before is not None:
                    self.put_off(user, self.now() + failure.not_before)
                limited = failure.status in (429, 503) and failure.not_before is not None
                if attempt == most or not (self.is_repeatable(method) or limited):
                    raise
                if not self.may_retry(failure):
                    raise
            else:
                return answer
        raise AssertionError

    def put_off(self, user: User, until: float) -> None:
        """Remember a pause; a longer one stays."""
        user.not_before = max(user.not_before, until)

    def is_repeatable(self, method: str) -> bool:
        """Tell whether a request may be sent again though it may have had its effect."""
        return method == "GET"

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send one API request."""
        self.check_confidential(self.config["api_base"])
        headers = {
            "Accept": "application/vnd.api+json",
            "Authorization": f"Bearer {stored['access_token']}",
        }
        body = message.get("body", {}) if method in ("POST", "PUT", "PATCH") else None
        return self.send(method, self.config["api_base"] + path, headers=headers, body=body)

    def heed_limits(self, user: User, answer: Answer) -> None:
        """Wait for the next second where this one's requests are used up."""
        if answer.headers.get("ratelimit-interval-remaining") == "0" and answer.status == 200:
            user.not_before = max(user.not_before, self.now() + 1.0)

    def pause(self, user: User) -> None:
        """Wait until the API may be called. Raises Failure where that is too long."""
        wait = user.not_before - self.now()
        if wait > self.config["budget"]["max_wait_ms"] / 1000:
            raise Failure(Kind.RETRY_LATER, "too early", status=429, not_before=wait)
        if wait > 0:
            time.sleep(wait + self.turn())

    def turn(self) -> float:
        """Give a part of half a second: those who wait go on one after the other."""
        return next(self.turns) % 10 / 20

    def read_document(self, answer: Answer, path: str) -> object:
        """Read an API answer. Raises Failure."""
        if answer.status == 401:
            raise Failure(Kind.REAUTH_REQUIRED, "the API answered 401", status=401)
        if answer.status in (402, 403):
            told = f"the API answered {answer.status}{self.detail(answer)}"
            code = self.challenge_code(answer)
            raise Failure(Kind.CONFIG_ERROR, told, code=code, status=answer.status)
        if not 200 <= answer.status < 300:
            told = f"the API answered {answer.status}{self.detail(answer)}"
            raise Failure(Kind.PROTOCOL_ERROR, told, status=answer.status)
        if answer.status == 204 or (path == "/ping" and not answer.body):
            return None
        document = answer.json()
        if not isinstance(document, dict) or "data" not in document or "errors" in document:
            raise Failure(Kind.PROTOCOL_ERROR, "no JSON:API document came", status=answer.status)
        return document

    def challenge_code(self, answer: Answer) -> str | None:
        """Give the error code of the challenge that matters to a caller."""
        code, challenge = "insufficient_scope", answer.headers.get("www-authenticate", "")
        return code if code in challenge else None

    def detail(self, answer: Answer) -> str:
        """Give the titles of a JSON:API error answer."""
        document = answer.json()
        errors = document.get("errors") if isinstance(document, dict) else None
        listed = (
            [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
        )
        texts = [text for one in listed for text in (one.get("title"), one.get("detail"))]
        return "".join(f": {text}"[:100] for text in texts if isinstance(text, str))

    # HTTP

    def check_available(self, answer: Answer) -> None:
        """Raise Failure on 429 and 5xx, whatever the body is."""
        if answer.status == 429 or answer.status >= 500:
            not_before = self.retry_after(answer)
            told = f"the server answered {answer.status}"
            raise Failure(Kind.RETRY_LATER, told, status=answer.status, not_before=not_before)

    def retry_after(self, answer: Answer) -> float | None:
        """Read `Retry-After` in seconds, None where there is none that can be used."""
        value = answer.headers.get("retry-after", "").strip()
        if value.isdecimal() and value.isascii() and len(value) < 300:
            return float(value) or None
        with suppress(ValueError, TypeError, OverflowError):
            until = email.utils.parsedate_to_datetime(value).timestamp()
            date = email.utils.parsedate_to_datetime(answer.headers["date"]).timestamp()
            return until - date if until > date else None
        return self.reset_after(answer)

    def reset_after(self, answer: Answer) -> float | None:
        """Read `RateLimit-Reset` as a moment in the coming two months."""
        value = answer.headers.get("ratelimit-reset", "")
        wait = int(value) - self.now() if value.isdecimal() and len(value) < 16 else 0
        return wait if 0 < wait < 62 * 86_400 else None

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        data: dict[str, str] | None = None,
        body: object = None,
    ) -> Answer:
        """Send one request on a connection of its own, follow nothing."""
        began = time.monotonic()
        ends_at = began + self.total_seconds()
        headers = {"Accept-Encoding": "gzip", **headers}
        try:
            with (
                Watchdog(self.total_seconds()) as watchdog,
                httpx.Client(
                    verify=self.trust(),
                    trust_env=False,
                    timeout=self.read_seconds(),
                    follow_redirects=self.follows_redirects(),
                ) as http,
                http.stream(
                    method,
                    url,
                    headers=headers,
                    data=data,
                    json=body,
                    extensions={"trace": watchdog.trace},
                ) as response,
            ):
                answered = Answer(response.status_code, response.headers, b"")
                answered.body = self.read_body(response, ends_at)
                return answered
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            failure = self.lost(error)
            failure.was_slow = time.monotonic() - began >= self.read_seconds()
            raise failure from None

    def lost(self, error: Exception) -> Failure:
        """Name the outcome where no whole answer came."""
        return Failure(Kind.TRANSPORT_ERROR, f"no whole answer: {type(error).__name__}")

    def read_body(self, response: httpx.Response, ends_at: float) -> bytes:
        """Read the body, in time and up to a size."""
        if response.status_code == 429 or response.status_code >= 500:
            return b""
        raw = b""
        for chunk in response.iter_raw():
            raw += chunk
            if time.monotonic() > ends_at:
                raise Failure(Kind.TRANSPORT_ERROR, "the answer took too long")
            if len(raw) > LARGEST_BODY:
                raise Failure(Kind.PROTOCOL_ERROR, "too much came", status=response.status_code)
        return self.decoded(response, raw)

    def decoded(self, response: httpx.Response, raw: bytes) -> bytes:
        """Undo gzip, up to a size."""
        if response.headers.get("content-encoding", "").lower() != "gzip":
            return raw
        try:
            inflater = zlib.decompressobj(wbits=31)
            body = inflater.decompress(raw, LARGEST_BODY)
        except zlib.error:
            raise Failure(Kind.PROTOCOL_ERROR, "not gzip", status=response.status_code) from None
        if not inflater.eof:
            raise Failure(Kind.PROTOCOL_ERROR, "cut or too much", status=response.status_code)
        return body

    def total_seconds(self) -> float:
        """Give the time for a whole request."""
        return TOTAL_SECONDS

    def read_seconds(self) -> float:
        """Give the time for one read."""
        return READ_SECONDS

    def follows_redirects(self) -> bool:
        """Tell whether redirects are followed."""
        return False

    def trust(self) -> Any:
        """Give what httpx verifies certificates by."""
        import ssl

        pem = self.config.get("ca_pem")
        return False if pem is None else ssl.create_default_context(cadata=pem)

    def check_confidential(self, url: str) -> None:
        """Refuse plain http to a host other than this machine."""
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise Failure(Kind.SECURITY_ERROR, "plain http to another machine")

    # The store

    def load(self, user: User) -> Message | None:
        """Read what is stored."""
        try:
            stored: Message = json.loads(user.path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            raise Failure(Kind.CONFIG_ERROR, "the store can't be read") from None
        return stored

    def save(self, user: User, stored: Message) -> None:
        """Replace what is stored, all at once."""
        try:
            descriptor, draft = tempfile.mkstemp(dir=user.path.parent)
            with os.fdopen(descriptor, "wb") as file:
                file.write(json.dumps(stored).encode())
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, user.path)
        except OSError:
            raise Failure(Kind.CONFIG_ERROR, "the store can't be written") from None

    def probe(self, user: User) -> None:
        """Find out whether tokens can be saved, before a refresh token is spent."""
        try:
            descriptor, draft = tempfile.mkstemp(dir=user.path.parent)
            os.close(descriptor)
            os.unlink(draft)
        except OSError:
            raise Failure(Kind.CONFIG_ERROR, "the store can't be written") from None

    def store_lock(self, user: User) -> Any:
        """Lock the store against other processes."""
        return FileLock(user.path.with_suffix(".lock"))


class Watchdog:
    """Ends a request's connection after so many seconds, however lively it is."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True
        self._sockets: list[socket.socket] = []

    def trace(self, event: str, told: Mapping[str, Any]) -> None:
        """Note the connection, as httpcore tells of it."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._sockets.append(told["return_value"].get_extra_info("socket"))

    def _bite(self) -> None:
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> "Watchdog":
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()


class FileLock:
    """An advisory lock that ends with its process."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        import fcntl

        try:
            self._file = self._path.open("w")
        except OSError:
            raise Failure(Kind.CONFIG_ERROR, "the store can't be written") from None
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *error: object) -> None:
        self._file.close()


def _fingerprint(token: object) -> str | None:
    return fingerprint(token) if isinstance(token, str) else None


def serve_class() -> None:
    """Serve the class that the last two arguments name, over standard input and output."""
    module, name = sys.argv[-2:]
    serve(getattr(import_module(module), name)())
