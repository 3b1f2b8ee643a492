"""Connecting, refreshing and calling, for the blocking and the asynchronous client alike."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar
from urllib.parse import urlencode

import httpx

from .answer import Answer, check_available
from .api_answer import read_document
from .authorization import AuthorizationRequest, read_callback
from .errors import LivestormError, ReauthorizationRequired, RetryLater, TransportError
from .retries import Retries
from .settings import Settings
from .stores import TokenStore
from .token_answer import read_tokens
from .tokens import Tokens
from .wire import Wire

T = TypeVar("T")

SECRET_MEMBERS = ("code", "code_verifier", "refresh_token")

HEADERS = {"Accept-Encoding": "gzip", "User-Agent": "livestorm-client"}
PING = "ping"
FORM_HEADERS = {
    "Accept": "application/json",
    "Content-Type": "application/x-www-form-urlencoded",
}
API_HEADERS = {"Accept": "application/vnd.api+json"}


class Session:
    """The OAuth grant of one user and the API calls made with it.

    `clock` gives Unix seconds.
    """

    def __init__(
        self, settings: Settings, store: TokenStore, clock: Callable[[], float], wire: Wire
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._wire = wire
        self._refreshes = 0
        self._failure: LivestormError | None = None

    async def connect(self, request: AuthorizationRequest, callback_url: str) -> Tokens:
        """Exchange the callback's code, once, and store the tokens (RFC 6749, section 4.1.3)."""
        code = read_callback(request, callback_url, issuer=self._settings.app_url)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": request.redirect_uri,
            "code_verifier": request.code_verifier,
        }
        async with self._wire.lock:
            tokens = await self._request_tokens(form)
            self._store.save(tokens)
        return tokens

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, object]:
        """Give the JSON document at `path`, refreshing the tokens at most once.

        A 401 is answered by a refresh and one more call (RFC 6750, section 3.1).
        """
        retries = self.retries()
        stored = tokens = self._load()
        if tokens.refresh_token and tokens.due(self._clock(), self._settings.leeway):
            tokens = await self.refresh(stored, retries)
        answer = await self._call(path, params, tokens, retries)
        if answer.status == 401 and tokens is stored:
            tokens = await self.refresh(stored, retries)
            retries.spend()
            answer = await self._call(path, params, tokens, retries)
        secrets = self._secrets(tokens, stored.access_token)
        return read_document(answer, secrets, may_be_empty=path.strip("/") == PING)

    async def refresh(self, stale: Tokens | None = None, retries: Retries | None = None) -> Tokens:
        """Replace the tokens `stale` (default: those stored), with one request for all callers.

        A caller that finds another's refresh under way gets the outcome of that one.
        """
        work = self._refresh_in_turn(stale or self._load(), retries or self.retries())
        return await self._wire.finish(work)

    def retries(self) -> Retries:
        """Start the count of one operation's further requests."""
        return Retries(self._settings.max_retries, self._settings.max_wait)

    async def _refresh_in_turn(self, stale: Tokens, retries: Retries) -> Tokens:
        refreshes = self._refreshes
        async with self._wire.lock:
            if self._failure and self._refreshes != refreshes:
                raise self._failure.with_traceback(None)
            self._failure = None
            try:
                return await self._refresh(stale, retries)
            except LivestormError as failure:
                self._failure = failure
                raise
            finally:
                self._refreshes += 1

    async def _refresh(self, stale: Tokens, retries: Retries) -> Tokens:
        current = self._load()
        if current.access_token != stale.access_token:
            return current
        refresh_token = current.refresh_token
        if refresh_token is None:
            raise ReauthorizationRequired("there is no refresh token")
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        try:
            tokens = await self._retry(lambda: self._request_tokens(form, current), retries, 1)
        except ReauthorizationRequired:
            latest = self._store.load()
            if latest is not None and latest.refresh_token != refresh_token:
                return latest
            self._store.clear()
            raise
        self._store.save(tokens)
        return tokens

    async def _request_tokens(self, form: dict[str, str], previous: Tokens | None = None) -> Tokens:
        settings = self._settings
        request = httpx.Request(
            "POST",
            f"{settings.app_url}/oauth/token",
            headers={**HEADERS, **FORM_HEADERS},
            content=urlencode({**form, **settings.credentials()}).encode("ascii"),
        )
        sent_at = self._clock()
        answer = await self._wire.send(request)
        secrets = self._secrets(previous, *(form.get(name) for name in SECRET_MEMBERS))
        return read_tokens(answer, sent_at=sent_at, previous=previous, secrets=secrets)

    async def _call(
        self, path: str, params: Mapping[str, str] | None, tokens: Tokens, retries: Retries
    ) -> Answer:
        async def attempt() -> Answer:
            request = httpx.Request(
                "GET",
                f"{self._settings.api_url}/{path.lstrip('/')}",
                params=params or None,
                headers={
                    **HEADERS,
                    **API_HEADERS,
                    "Authorization": f"Bearer {tokens.access_token}",
                },
            )
            answer = await self._wire.send(request)
            check_available(answer, self._clock())
            return answer

        return await self._retry(attempt, retries, self._settings.max_retries)

    async def _retry(self, attempt: Callable[[], Awaitable[T]], retries: Retries, most: int) -> T:
        for _ in range(most):
            try:
                return await attempt()
            except (TransportError, RetryLater) as failure:
                pause = retries.pause_after(failure)
            await self._wire.sleep(pause)
        return await attempt()

    def _load(self) -> Tokens:
        tokens = self._store.load()
        if tokens is None:
            raise ReauthorizationRequired("no tokens are stored")
        return tokens

    def _secrets(self, tokens: Tokens | None, *more: str | None) -> tuple[str | None, ...]:
        stored = (tokens.access_token, tokens.refresh_token) if tokens else ()
        return (self._settings.client_secret, *stored, *more)
