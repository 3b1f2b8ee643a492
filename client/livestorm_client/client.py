"""Connecting, refreshing and calling: written once, offered with and without `await`."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit

from .answer import Answer, read_document
from .api import API, Query
from .authorization import AuthorizationRequest, issue_authorization_request, read_callback
from .errors import (
    ConfigurationError,
    ProtocolError,
    ReauthorizationRequired,
    RetryLater,
    SecurityError,
)
from .pacing import Budget, Gate, read_time
from .running import run_to_end
from .sending import Sender
from .single_flight import SingleFlight, Turn
from .stores import MemoryStore, TokenStore, load_grant
from .token_endpoint import TokenEndpoint
from .tokens import Secret, Tokens
from .wire import Transport, make_transport

P = ParamSpec("P")
T = TypeVar("T")

FLOW = 3600.0


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
    clock: Callable[[], float] = read_time
    sleep: Callable[[float], object] = asyncio.sleep
    transport: Transport = make_transport

    def __post_init__(self) -> None:
        self.app_url = check_confidential("app_url", self.app_url)
        self.api_url = check_confidential("api_url", self.api_url)
        self.client_secret = None if self.client_secret is None else Secret(self.client_secret)
        self._single_flight = SingleFlight()
        self._token_gate, self._api_gate = Gate(self.clock), Gate(self.clock)

    def _token_endpoint(self) -> TokenEndpoint:
        # Made for each request, as the settings may have been changed since.
        return TokenEndpoint(
            url=f"{self.app_url}/oauth/token",
            client_id=self.client_id,
            client_secret=self.client_secret,
            sender=self._sender(self._token_gate),
        )

    def _api(self) -> API:
        sender = self._sender(self._api_gate)
        return API(url=self.api_url, max_retries=self.max_retries, sender=sender)

    def _sender(self, gate: Gate) -> Sender:
        return Sender(
            gate=gate,
            timeout=self.timeout,
            clock=self.clock,
            sleep=self.sleep,
            transport=self.transport,
            client_secret=self.client_secret,
        )

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
        api, budget = self._api(), self._budget()
        url = api.url_of(path, params)
        stored = tokens = load_grant(self.store)
        if tokens.refresh_token and tokens.due(self.clock(), self.leeway):
            tokens = await self._refresh(stored, budget)
        answer = await api.call(method, url, json, tokens, budget)
        if answer.status == 401 and not answer.misses_scope and tokens is stored:
            tokens = await self._refresh(stored, budget)
            if not budget.spend_request():
                raise RetryLater("the tokens are fresh, but no request is left to use them")
            answer = await api.call(method, url, json, tokens, budget)
        may_be_empty = path.strip("/") == "ping"
        return replace(answer, document=read_document(answer, may_be_empty=may_be_empty))

    async def _refresh(self, old: Tokens, budget: Budget) -> Tokens:
        """Replace the tokens `old`, with one request for all who find them old."""
        return await self._single_flight.refresh(self._turn(), old, lambda: self._replace(budget))

    def _turn(self) -> Turn:
        # As long as another may take to replace the tokens: two requests, its pauses, and one over.
        return Turn(self.store, 3 * self.timeout + self.max_wait)

    async def _replace(self, budget: Budget) -> Tokens:
        """Refresh the stored tokens (RFC 6749, section 6); the store's lock is held."""
        old = load_grant(self.store)
        if old.refresh_token is None:
            raise ReauthorizationRequired("there is no refresh token")
        form = {"refresh_token": old.refresh_token}
        try:
            tokens = await self._token_endpoint().request_tokens(
                "refresh_token", form, budget, old, repeats=1
            )
            return self._keep(tokens)
        except ReauthorizationRequired:
            now = self.store.load()
            if now and now.refresh_token == old.refresh_token:
                self.store.save(replace(now, needs_reauth=True))
                raise
        return load_grant(self.store)

    def _keep(self, tokens: Tokens) -> Tokens:
        self.store.save(tokens)
        return tokens

    def _budget(self) -> Budget:
        return Budget(self.max_retries, self.max_wait)


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

        async def exchange() -> Tokens:
            tokens = await self._token_endpoint().request_tokens(
                "authorization_code", {"code": code, **form}, budget
            )
            return self._keep(tokens)

        return await self._single_flight.take_turn(self._turn(), exchange, lambda: None)

    async def refresh(self) -> Tokens:
        """Replace the stored tokens now (RFC 6749, section 6).

        Raises ReauthorizationRequired when there is no grant, or it is gone and now marked so.
        """
        return await self._refresh(load_grant(self.store), self._budget())

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
            return thread.submit(run_to_end, work).result()

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
