"""The two clients; both give their work to a `Session`."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

import httpx

from .api_answer import read_data
from .authorization import AuthorizationRequest, issue_authorization_request
from .session import Session
from .settings import Settings
from .stores import MemoryStore, TokenStore
from .tokens import Tokens
from .wire import AsyncWire, BlockingWire, run

APP_URL = "https://app.livestorm.co"
API_URL = "https://api.livestorm.co/v1"


class Client:
    """What needs no waiting, and so is the same for both."""

    def __init__(self, settings: Settings, store: TokenStore | None) -> None:
        self._settings = settings
        self._store = MemoryStore() if store is None else store

    @property
    def tokens(self) -> Tokens | None:
        """The stored tokens, None when the account is not connected."""
        return self._store.load()

    def authorization_request(self, scope: Sequence[str] = ()) -> AuthorizationRequest:
        """Start connecting an account: keep the result, and send the browser to its `url`.

        Without `scope` the application's default scopes are asked for (RFC 6749, section 4.1.1).
        """
        return issue_authorization_request(self._settings, scope)


class LivestormClient(Client):
    """Connects one Livestorm account and calls the API for it; threads may share it.

    `client_secret` is None for a public client. `timeout` bounds each request as a whole,
    `max_wait` each pause before a retry, and `leeway` is how early tokens are refreshed, all in
    seconds. `clock` gives Unix seconds. One operation sends at most 1 + `max_retries` requests
    and one refresh; the call after a 401 counts as a retry. A caller's own `http` should keep
    no idle connections.

    Every method raises a `LivestormError`, whatever the server sends.
    """

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str | None,
        redirect_uri: str,
        app_url: str = APP_URL,
        api_url: str = API_URL,
        store: TokenStore | None = None,
        timeout: float = 10.0,
        max_wait: float = 5.0,
        max_retries: int = 2,
        leeway: float = 60.0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        http: httpx.Client | None = None,
    ) -> None:
        settings = Settings(
            client_id=client_id,
            client_secret=client_secret,
            redirect_uri=redirect_uri,
            app_url=app_url,
            api_url=api_url,
            timeout=timeout,
            max_wait=max_wait,
            max_retries=max_retries,
            leeway=leeway,
        )
        super().__init__(settings, store)
        self._wire = BlockingWire(http, timeout, sleep)
        self._session = Session(settings, self._store, clock, self._wire)

    def connect(self, request: AuthorizationRequest, callback_url: str) -> Tokens:
        """Check the callback, exchange its code once and store the tokens.

        Raises SecurityError when the callback does not belong to `request`, AccessDenied when
        the user refused (RFC 6749, sections 4.1.2 to 4.1.4).
        """
        return run(self._session.connect(request, callback_url))

    def refresh(self) -> Tokens:
        """Replace the stored tokens now (RFC 6749, section 6).

        Raises ReauthorizationRequired when there is no grant, or it is gone and now dropped.
        """
        return run(self._session.refresh())

    def me(self) -> dict[str, object]:
        """Give the connected user: the `data` object of `GET /me`."""
        return read_data(self.get("/me"))

    def get(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, object]:
        """Give the JSON document at `path` below `api_url`, {} when the answer is empty."""
        return run(self._session.get(path, params))

    def close(self) -> None:
        """Close the connections, unless `http` was passed in."""
        self._wire.close()

    def __enter__(self) -> "LivestormClient":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class AsyncLivestormClient(Client):
    """`LivestormClient` for asyncio; tasks of one event loop may share it.

    A refresh goes on when its caller is cancelled, so that a rotated token is not lost.
    """

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str | None,
        redirect_uri: str,
        app_url: str = APP_URL,
        api_url: str = API_URL,
        store: TokenStore | None = None,
        timeout: float = 10.0,
        max_wait: float = 5.0,
        max_retries: int = 2,
        leeway: float = 60.0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        settings = Settings(
            client_id=client_id,
            client_secret=client_secret,
            redirect_uri=redirect_uri,
            app_url=app_url,
            api_url=api_url,
            timeout=timeout,
            max_wait=max_wait,
            max_retries=max_retries,
            leeway=leeway,
        )
        super().__init__(settings, store)
        self._wire = AsyncWire(http, timeout, sleep)
        self._session = Session(settings, self._store, clock, self._wire)

    async def connect(self, request: AuthorizationRequest, callback_url: str) -> Tokens:
        """Do what `LivestormClient.connect` does."""
        return await self._session.connect(request, callback_url)

    async def refresh(self) -> Tokens:
        """Do what `LivestormClient.refresh` does."""
        return await self._session.refresh()

    async def me(self) -> dict[str, object]:
        """Do what `LivestormClient.me` does."""
        return read_data(await self.get("/me"))

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, object]:
        """Do what `LivestormClient.get` does."""
        return await self._session.get(path, params)

    async def aclose(self) -> None:
        """Close the connections, unless `http` was passed in."""
        await self._wire.close()

    async def __aenter__(self) -> "AsyncLivestormClient":
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()
