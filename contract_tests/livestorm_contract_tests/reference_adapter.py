"""The reference client behind the adapter's operations, blocking and asynchronous."""

import asyncio
from collections.abc import Callable

from livestorm_client import (
    AsyncLivestormClient,
    AuthorizationRequest,
    LivestormClient,
    LivestormError,
    MemoryStore,
    Tokens,
)

from .adapter import (
    Clock,
    Config,
    ErrorReport,
    Kind,
    Result,
    SeedToken,
    State,
    StoredToken,
    fingerprint,
)


class ReferenceAdapter:
    """`LivestormClient`, one for each case."""

    _client: LivestormClient | AsyncLivestormClient

    def configure(self, config: Config, clock: Clock) -> None:
        """Make a client with an empty store."""
        self._store = MemoryStore()
        self._request: AuthorizationRequest | None = None
        self._client = self._make_client(config, clock)

    def begin(self) -> Result:
        """Make an authorization request and remember it for the callback."""
        self._request = self._client.authorization_request(self._scopes)
        return Result(kind=Kind.OK, authorize_url=self._request.url)

    def callback(self, url: str) -> Result:
        """Connect."""
        request = self._request
        if request is None:
            return Result(kind=Kind.SECURITY_ERROR)
        return report(lambda: self._connect(request, url))

    def seed(self, token: SeedToken) -> None:
        """Save tokens in the store."""
        scope = None if token.scope is None else tuple(token.scope.split())
        self._store.save(
            Tokens(
                access_token=token.access_token,
                refresh_token=token.refresh_token,
                expires_at=token.expires_at,
                scope=scope,
            )
        )

    def call(self, path: str) -> Result:
        """Ask for the user by `me`, for all else by `get`."""
        return report(lambda: self._call(path))

    def refresh(self) -> Result:
        """Refresh."""
        return report(self._refresh)

    def state(self) -> State:
        """Read the store."""
        tokens = self._store.load()
        if tokens is None:
            return State()
        return State(
            token=StoredToken(
                access_token=fingerprint(tokens.access_token),
                refresh_token=tokens.refresh_token and fingerprint(tokens.refresh_token),
                expires_at=tokens.expires_at,
                scope=None if tokens.scope is None else " ".join(tokens.scope),
            ),
            needs_reauth=tokens.needs_reauth,
        )

    def end_case(self) -> None:
        """Do nothing: the client keeps nothing open."""

    def _make_client(self, config: Config, clock: Clock) -> LivestormClient | AsyncLivestormClient:
        self._scopes = config.scopes
        return LivestormClient(
            client_id=config.client_id,
            client_secret=config.client_secret,
            redirect_uri=config.redirect_uri,
            app_url=read_app_url(config),
            api_url=config.api_base,
            store=self._store,
            max_wait=config.max_wait_ms / 1000,
            clock=clock.now,
            sleep=clock.sleep,
        )

    def _connect(self, request: AuthorizationRequest, url: str) -> object:
        return self._client.connect(request, url)

    def _refresh(self) -> object:
        return self._client.refresh()

    def _call(self, path: str) -> object:
        return self._client.me() if path == "/me" else self._client.get(path)


class AsyncReferenceAdapter(ReferenceAdapter):
    """`AsyncLivestormClient`, on an event loop that lives as long as the case."""

    _client: AsyncLivestormClient

    def end_case(self) -> None:
        """Close the loop."""
        self._loop.close()

    def _make_client(self, config: Config, clock: Clock) -> AsyncLivestormClient:
        self._scopes = config.scopes
        self._loop = asyncio.Runner()
        return AsyncLivestormClient(
            client_id=config.client_id,
            client_secret=config.client_secret,
            redirect_uri=config.redirect_uri,
            app_url=read_app_url(config),
            api_url=config.api_base,
            store=self._store,
            max_wait=config.max_wait_ms / 1000,
            clock=clock.now,
            sleep=clock.sleep,
        )

    def _connect(self, request: AuthorizationRequest, url: str) -> object:
        return self._loop.run(self._client.connect(request, url))

    def _refresh(self) -> object:
        return self._loop.run(self._client.refresh())

    def _call(self, path: str) -> object:
        client = self._client
        return self._loop.run(client.me() if path == "/me" else client.get(path))


def read_app_url(config: Config) -> str:
    """Give the address that the reference client appends `/oauth/token` to."""
    return config.token_url.removesuffix("/oauth/token")


def report(operation: Callable[[], object]) -> Result:
    """Run an operation of the client and name its outcome."""
    try:
        operation()
    except LivestormError as error:
        return Result(
            kind=Kind(error.kind),
            not_before_s=error.retry_after,
            error=describe(error, code=error.code, http_status=error.status),
        )
    except Exception as error:
        return Result(kind=Kind.BUG, error=describe(error))
    return Result(kind=Kind.OK)


def describe(
    error: Exception, *, code: str | None = None, http_status: int | None = None
) -> ErrorReport:
    """Show an exception as a user would see it."""
    kind = type(error)
    return ErrorReport(
        class_name=f"{kind.__module__}.{kind.__qualname__}",
        message=str(error),
        repr=repr(error),
        code=code,
        http_status=http_status,
    )
