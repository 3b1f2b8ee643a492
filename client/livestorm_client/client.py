"""Connecting, refreshing and calling: written once, offered with and without `await`."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import update_wrapper
from inspect import isawaitable
from json import dumps
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar
from urllib.parse import urlencode, urlsplit

import httpx

from .answer import Answer, read_document, read_tokens
from .authorization import AuthorizationRequest, issue_authorization_request, read_callback
from .errors import (
    ConfigurationError,
    LivestormError,
    ProtocolError,
    RateLimited,
    ReauthorizationRequired,
    RetryLater,
    SecurityError,
    TransportError,
)
from .pacing import WINDOW, Budget, Gate
from .stores import MemoryStore, TokenStore
from .tokens import Secret, Tokens
from .wire import Transport, make_transport, send

P = ParamSpec("P")
T = TypeVar("T")
Query: TypeAlias = Mapping[str, str] | None

HEADERS = {"Accept-Encoding": "identity", "User-Agent": "livestorm-client"}
FORM, JSON_API = "application/x-www-form-urlencoded", "application/vnd.api+json"
POLL = 0.02
FLOW = 3600.0
REPEATABLE = (TransportError, RetryLater)


@dataclass(kw_only=True, repr=False, eq=False)
class Session:
    """The OAuth grant of one user, and what is done with it.

    `client_secret` is None for a public client; `issuer` is set where callbacks carry `iss`.
    `timeout` bounds each request, `max_wait` all pauses of one operation, and `leeway` is how
    early tokens are refreshed, all in seconds. One operation sends at most 2 + `max_retries`
    requests, two of them to the token endpoint. `clock` gives Unix seconds, `sleep` waits, and
    `transport` makes an httpx transport for each request, with a proxy or certificates.

    Every method raises a `LivestormError`, whatever the servers send.
    """

    client_id: str
    client_secret: str | None
    redirect_uri: str
    app_url: str = "https://app.livestorm.co"
    api_url: str = "https://api.livestorm.co/v1"
    issuer: str | None = None
    store: TokenStore = field(default_factory=MemoryStore)
    timeout: float = 10.0
    max_wait: float = 5.0
    max_retries: int = 2
    leeway: float = 60.0
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], object] = asyncio.sleep
    transport: Transport = make_transport

    def __post_init__(self) -> None:
        self.app_url = check_confidential("app_url", self.app_url)
        self.api_url = check_confidential("api_url", self.api_url)
        self.client_secret = None if self.client_secret is None else Secret(self.client_secret)
        self._api_gate, self._token_gate = Gate(self.clock), Gate(self.clock)
        self._refreshes = 0
        self._outcome: Tokens | LivestormError = RetryLater("there was no refresh yet")
        self._unfinished: set[object] = set()

    @property
    def tokens(self) -> Tokens | None:
        """The stored tokens, None when the account was never connected."""
        return self.store.load()

    def authorization_request(self, scope: Sequence[str] = ()) -> AuthorizationRequest:
        """Start connecting an account: keep the result, and send the browser to its `url`.

        Without `scope` the application's default scopes are asked for (RFC 6749, section 4.1.1).
        """
        query = {"client_id": self.client_id, "scope": " ".join(scope)}
        return issue_authorization_request(
            f"{self.app_url}/oauth/authorize", query, self.redirect_uri, self.clock() + FLOW
        )

    async def _request(
        self, method: str, path: str, params: Query = None, json: object = None
    ) -> Answer:
        """Call the API, refreshing the tokens at most once.

        A 401 is answered by a refresh and one more call, unless the scope is what is missing
        (RFC 6750, section 3.1).
        """
        url, budget = self._url_of(path, params), self._budget()
        stored = tokens = self._load()
        if tokens.refresh_token and tokens.due(self.clock(), self.leeway):
            tokens = await self._refresh(stored, budget)
        answer = await self._call(method, url, json, tokens, budget)
        if answer.status == 401 and not answer.misses_scope and tokens is stored:
            tokens = await self._refresh(stored, budget)
            if not budget.spend_request():
                raise RetryLater("the tokens are fresh, but no request is left to use them")
            answer = await self._call(method, url, json, tokens, budget)
        may_be_empty = path.strip("/") == "ping"
        return replace(answer, document=read_document(answer, may_be_empty=may_be_empty))

    async def _refresh(self, old: Tokens, budget: Budget) -> Tokens:
        """Replace the tokens `old`, with one request for all who find them old.

        A caller that finds another's refresh under way gets the outcome of that one.
        """
        seen = self._refreshes

        def look() -> Tokens | None:
            if self._refreshes != seen:
                return self._settle()
            now = self._load()
            return now if now.access_token != old.access_token else None

        async def refresh() -> Tokens:
            try:
                self._outcome = await self._replace(budget)
            except LivestormError as failure:
                self._outcome = failure
            self._refreshes += 1
            return self._settle()

        return await self._take_turn(refresh, look)

    def _settle(self) -> Tokens:
        if isinstance(self._outcome, LivestormError):
            raise self._outcome.with_traceback(None)
        return self._outcome

    async def _replace(self, budget: Budget) -> Tokens:
        """Refresh the stored tokens (RFC 6749, section 6); the store's lock is held."""
        old = self._load()
        if old.refresh_token is None:
            raise ReauthorizationRequired("there is no refresh token")
        form = {"refresh_token": old.refresh_token}
        try:
            return await self._request_tokens("refresh_token", form, budget, old, repeats=1)
        except ReauthorizationRequired:
            now = self.store.load()
            if now and now.refresh_token == old.refresh_token:
                self.store.save(replace(now, needs_reauth=True))
                raise
        return self._load()

    async def _take_turn(
        self, work: Callable[[], Awaitable[Tokens]], look: Callable[[], Tokens | None]
    ) -> Tokens:
        """Do the work under the store's lock, unless `look` finds that it is done.

        Threads, tasks and processes all wait by trying again, so nobody is left waiting. The
        work goes on when its caller is cancelled: a rotated refresh token must reach the store.
        """

        async def wait_and_work() -> Tokens:
            for _ in range(int((3 * self.timeout + self.max_wait) / POLL)):
                if tokens := look():
                    return tokens
                with self.store.lock() as held:
                    if held:
                        return look() or await work()
                await asyncio.sleep(POLL)
            raise RetryLater("the tokens are being replaced elsewhere")

        task = asyncio.ensure_future(wait_and_work())
        self._unfinished.add(task)
        task.add_done_callback(self._unfinished.discard)
        # Of a caller that is gone nobody asks how it ended, which asyncio would log.
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        return await asyncio.shield(task)

    async def _request_tokens(
        self,
        grant_type: str,
        form: dict[str, str],
        budget: Budget,
        old: Tokens | None = None,
        repeats: int = 0,
    ) -> Tokens:
        """Ask for tokens and store them; the lock is held."""
        sent = {"grant_type": grant_type, **form, "client_id": self.client_id}
        if self.client_secret is not None:
            sent["client_secret"] = self.client_secret
        request = httpx.Request(
            "POST",
            f"{self.app_url}/oauth/token",
            headers={**HEADERS, "Accept": "application/json", "Content-Type": FORM},
            content=urlencode(sent).encode("ascii"),
        )
        secrets = (self.client_secret, old.access_token if old else None, *form.values())
        answer = await self._send(self._token_gate, request, secrets, budget, repeats)
        tokens = read_tokens(answer, old)
        self.store.save(tokens)
        return tokens

    async def _call(
        self, method: str, url: httpx.URL, json: object, tokens: Tokens, budget: Budget
    ) -> Answer:
        """Call the API once, or more often if it cannot be reached."""
        request = httpx.Request(
            method,
            url,
            headers={**HEADERS, "Accept": JSON_API, "Content-Type": JSON_API},
            content=None if json is None else dumps(json).encode(),
        )
        request.headers["Authorization"] = f"Bearer {tokens.access_token}"
        # What may have had its effect is not sent again (RFC 9110, section 9.2.2).
        after = REPEATABLE if method == "GET" else (RateLimited,)
        secrets = (self.client_secret, tokens.access_token, tokens.refresh_token)
        gate, repeats = self._api_gate, self.max_retries
        return await self._send(gate, request, secrets, budget, repeats, after)

    async def _send(
        self,
        gate: Gate,
        request: httpx.Request,
        secrets: tuple[str | None, ...],
        budget: Budget,
        repeats: int,
        repeat_after: tuple[type[LivestormError], ...] = REPEATABLE,
    ) -> Answer:
        """Send until there is an answer, pausing as the server asks, or for a back-off.

        Raises the last failure when it is not one to `repeat_after`, or the budget is used up.
        """
        while True:
            await self._pass(gate, budget)
            sent_at = self.clock()
            try:
                received = await send(self.transport, request, self.timeout)
                answer = Answer(*received, sent_at, secrets)
                if answer.headers.get("ratelimit-interval-remaining") == "0":
                    gate.pause(WINDOW)
                answer.check_available(self.clock())
                return answer
            except (TransportError, RetryLater) as error:
                failure = error
            pause = failure.retry_after or budget.back_off()
            asked = failure.retry_after is not None or isinstance(failure, RateLimited)
            if asked:
                gate.pause(pause)
            repeats -= 1
            may_repeat = repeats >= 0 and isinstance(failure, repeat_after)
            if not may_repeat or pause > budget.seconds or not budget.spend_request():
                raise failure
            if not asked:
                await self._wait(pause, budget)

    async def _pass(self, gate: Gate, budget: Budget) -> None:
        """Wait for one's turn; RateLimited when that takes longer than the budget allows."""
        while True:
            pauses, wait = gate.pauses, gate.reserve(budget.seconds)
            if wait > budget.seconds:
                raise RateLimited("the server asked for a pause", retry_after=wait)
            if wait:
                await self._wait(wait, budget)
            if not wait or gate.pauses == pauses:
                return

    async def _wait(self, seconds: float, budget: Budget) -> None:
        budget.seconds -= seconds
        waiting = self.sleep(seconds)
        if isawaitable(waiting):
            await waiting

    def _budget(self) -> Budget:
        return Budget(self.max_retries, self.max_wait)

    def _url_of(self, path: str, params: Query) -> httpx.URL:
        """Append a path to the API's address; SecurityError for anything that is no path."""
        if path.startswith("/"):
            with suppress(httpx.InvalidURL, UnicodeError):
                url = httpx.URL(self.api_url + path)
                return url.copy_merge_params(params) if params else url
        raise SecurityError("a path below the API begins with a slash, and is no URL")

    def _load(self) -> Tokens:
        tokens = self.store.load()
        if tokens is None or tokens.needs_reauth:
            raise ReauthorizationRequired("the account is not connected, or no longer")
        return tokens


class AsyncLivestormClient(Session):
    """Connects one Livestorm account and calls the API for it; tasks may share it."""

    async def connect(self, request: AuthorizationRequest, callback_url: str) -> Tokens:
        """Check the callback, exchange its code once and store the tokens.

        Raises SecurityError when the callback does not belong to `request`, AccessDenied when
        the user refused (RFC 6749, sections 4.1.2 to 4.1.4).
        """
        # Masked, so that no traceback with local variables shows the code.
        callback_url = Secret(callback_url)
        if self.clock() > request.expires_at:
            raise SecurityError("the authorization was begun too long ago")
        code, budget = read_callback(request, callback_url, self.issuer), self._budget()
        form = {"redirect_uri": request.redirect_uri, "code_verifier": request.code_verifier}

        def exchange() -> Awaitable[Tokens]:
            return self._request_tokens("authorization_code", {"code": code, **form}, budget)

        return await self._take_turn(exchange, lambda: None)

    async def refresh(self) -> Tokens:
        """Replace the stored tokens now (RFC 6749, section 6).

        Raises ReauthorizationRequired when there is no grant, or it is gone and now marked so.
        """
        return await self._refresh(self._load(), self._budget())

    async def request(
        self, method: str, path: str, params: Query = None, json: object = None
    ) -> Answer:
        """Call the API at `path`, which begins with a slash, below `api_url`.

        Only a GET is repeated when it is not known whether it had its effect.
        """
        return await self._request(method, path, params, json)

    async def get(self, path: str, params: Query = None) -> dict[str, object]:
        """Give the JSON:API document at `path`, {} when the answer is empty."""
        return (await self._request("GET", path, params)).document

    async def get_all(
        self, path: str, params: Query = None, max_pages: int = 100
    ) -> list[dict[str, object]]:
        """Give the resource objects of the list at `path`, each once, from at most so many pages.

        Pages are asked for by their number, `meta.next_page` (Livestorm's pagination): a link may
        lead elsewhere. Pages that go in a circle end the list.
        """
        found: dict[tuple[str, str], dict[str, object]] = {}
        page: object = 0
        read: list[object] = []
        while isinstance(page, int) and page not in read and len(read) < max_pages:
            answer = await self._request("GET", path, {**(params or {}), "page[number]": str(page)})
            for resource in read_list(answer):
                found.setdefault((str(resource.get("type")), str(resource.get("id"))), resource)
            read.append(page)
            meta = answer.document.get("meta")
            page = meta.get("next_page") if isinstance(meta, dict) else None
        return list(found.values())

    async def me(self) -> dict[str, object]:
        """Give the connected user: the `data` object of `GET /me`."""
        return read_data(await self._request("GET", "/me"))


def blocking(
    method: Callable[Concatenate[Any, P], Coroutine[None, None, T]],
) -> Callable[Concatenate[Any, P], T]:
    """Run a method on an event loop of its own, in a thread that has no other."""

    def run(self: Any, /, *args: P.args, **options: P.kwargs) -> T:
        work = method(self, *args, **options)
        del args, options  # A traceback with local variables would show a callback's code.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, work).result()

    return update_wrapper(run, method)


class LivestormClient(Session):
    """`AsyncLivestormClient` for callers without an event loop; threads may share it."""

    connect = blocking(AsyncLivestormClient.connect)
    refresh = blocking(AsyncLivestormClient.refresh)
    request = blocking(AsyncLivestormClient.request)
    get = blocking(AsyncLivestormClient.get)
    get_all = blocking(AsyncLivestormClient.get_all)
    me = blocking(AsyncLivestormClient.me)


def read_data(answer: Answer) -> dict[str, object]:
    """Give the `data` object of a JSON:API document; ProtocolError when it has none."""
    data = answer.document.get("data")
    if not isinstance(data, dict):
        raise ProtocolError("the API answered a document without a data object", answer.status)
    return data


def read_list(answer: Answer) -> list[dict[str, object]]:
    """Give the resource objects of a document that lists some; ProtocolError for another."""
    data = answer.document.get("data")
    if not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
        raise ProtocolError("the API answered a document without a list of data", answer.status)
    return data


def check_confidential(name: str, url: str) -> str:
    """Give the URL without its last slash (RFC 6749, sections 3.2 and 10.9).

    Raises ConfigurationError unless it is https, or http on the loopback interface.
    """
    parts = urlsplit(url)
    loopback = re.fullmatch(r"localhost|127(\.[0-9]+){3}|::1", parts.hostname or "")
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise ConfigurationError(f"{name} must be https, or http on the loopback interface: {url}")
    return url.rstrip("/")
