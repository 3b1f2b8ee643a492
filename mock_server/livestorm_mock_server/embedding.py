"""The fake inside a Python process: `with MockLivestorm() as livestorm:`."""

import inspect
import os
import socket
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

import msgspec

from . import shortcuts
from .addresses import Addresses
from .arming.faults import Faults
from .clock import VirtualClock
from .control_access import ControlAccess
from .description import Description, describe
from .doors import Door
from .journal.entry import Entry
from .journal.journal import Journal
from .journal.query import Query
from .limits import DEFAULT_LIMITS, Limits
from .listeners import open_listeners, read_proxy
from .reading import InvalidInputError
from .registration import Registration, read_registration
from .sandbox import Sandbox
from .scenario import ApplicationEntry, Scenario
from .scenario_files import load_scenario, prepared, with_options
from .server_thread import NotStartedError, ServerThread

if TYPE_CHECKING:
    import httpx
    from requests.adapters import HTTPAdapter

    from .audit.finding import Finding
    from .interception.in_process import WayIn

T = TypeVar("T")


class _Served:
    """A sandbox on a running server, with what clients have to know of it."""

    def __init__(self, server: ServerThread, sandbox: Sandbox) -> None:
        self.server = server
        self.sandbox = sandbox
        self._opening = threading.Lock()
        self._way_in: WayIn | None = None
        self.describe()

    def describe(self) -> None:
        """Look up the credentials, which may have changed."""
        self.description = self.server.run(describe(self.sandbox))

    def way_in(self) -> "WayIn":
        """Give the way that Livestorm's hosts lead in by; there is one once it is asked for."""
        from .interception.in_process import WayIn, credentials

        self.server.check_process()
        with self._opening:
            if self._way_in is None:
                way_in, listener = WayIn.listen()
                door = Door(listener, credentials().context, self.sandbox.id)
                try:
                    self.server.open_door(door)
                except BaseException:
                    listener.close()
                    raise
                self._way_in = way_in
            return self._way_in

    def close(self) -> None:
        """Drop the sandbox; the default one ends with its server."""
        if self.sandbox.id is None or not self.server.is_running:
            return
        with suppress(NotStartedError):  # It was stopped just now.
            self.server.run(self.server.sandboxes.close(self.sandbox.id))


class LivestormSandbox:
    """A sandbox of a running server, to be used from any thread.

    What `serve --json` prints is here as attributes. In a fork of the server's process these can
    still be read, so that clients find the server; all else raises NotStartedError there.
    """

    def __init__(self, served: _Served | None, *, opener: "LivestormSandbox | None" = None) -> None:
        self._served_or_none = served
        self._opener = opener
        self._opened: set[LivestormSandbox] = set()

    @property
    def _served(self) -> _Served:
        if self._served_or_none is None:
            raise NotStartedError
        return self._served_or_none

    @property
    def _sandbox(self) -> Sandbox:
        # What a fork has is a copy: what was done to it, no request would meet.
        self._served.server.check_process()
        return self._served.sandbox

    @property
    def _description(self) -> Description:
        return self._served.description

    @property
    def app_url(self) -> str:
        """Where `/oauth/authorize` and the rest are appended."""
        return self._description.app_url

    @property
    def api_url(self) -> str:
        """Where `/me` and the rest are appended."""
        return self._description.api_url

    @property
    def control_url(self) -> str:
        """The control API."""
        return self._description.control_url

    @property
    def other_url(self) -> str:
        """The same sandbox at another origin, to which faults redirect."""
        return self._description.other_url

    @property
    def ca_file(self) -> str | None:
        """What clients have to trust that speak HTTPS to it; None without `tls`."""
        return self._description.ca_file

    @property
    def client_id(self) -> str:
        """The first confidential application."""
        return self._description.client_id

    @property
    def client_secret(self) -> str:
        """Its secret."""
        return self._description.client_secret

    @property
    def redirect_uris(self) -> tuple[str, ...]:
        """Its redirect URIs."""
        return self._description.redirect_uris

    @property
    def redirect_uri(self) -> str:
        """The first of its redirect URIs."""
        return self._description.redirect_uris[0]

    @property
    def public_client_id(self) -> str | None:
        """The first public application, if there is one."""
        return self._description.public_client_id

    @property
    def private_token(self) -> str:
        """The private API token of the first workspace."""
        return self._served.sandbox.signing.private_token

    @property
    def clock(self) -> VirtualClock:
        """The sandbox's time."""
        return self._sandbox.clock

    @property
    def faults(self) -> Faults:
        """The sandbox's faults: `faults.arm("token.refresh_token", "delay", seconds=2)`."""
        return self._sandbox.faults

    @property
    def journal(self) -> Journal:
        """The sandbox's exchanges."""
        return self._sandbox.journal

    @property
    def scenario(self) -> Scenario:
        """What the sandbox starts from."""
        return self._sandbox.scenario

    def reset(self) -> None:
        """Return to the scenario's start.

        Credentials stay as they were announced, those of registered applications, too.
        """
        self._run(self._sandbox.reset())
        self._served.describe()

    def authorize(
        self,
        url: str | msgspec.UnsetType | None = msgspec.UNSET,
        *,
        decision: str = "approve",
        user: str | None = None,
        **parameters: str,
    ) -> str:
        """Decide as a user would in a browser; give the URL that the browser is sent to.

        `url` is the authorization URL that a client made, and is opened as it is; `parameters` are
        those of an authorization request, replace its own, and have defaults where there is no
        `url`. Raises InvalidInputError, also for a request that the provider refuses.
        """
        loopback = self._served.server.sandboxes.loopback
        return self._run(
            shortcuts.decide_as_user(
                self._sandbox, loopback, url, decision=decision, user=user, **parameters
            )
        )

    def issue_tokens(
        self,
        *,
        client_id: str | None = None,
        user: str | None = None,
        scope: str | None = None,
        expires_in: int | None = None,
    ) -> dict[str, object]:
        """Issue a pair without any flow; give the token endpoint's success body.

        Raises InvalidInputError.
        """
        return self._run(
            shortcuts.issue_tokens(
                self._sandbox, client_id=client_id, user=user, scope=scope, expires_in=expires_in
            )
        )

    def register_application(self, entry: ApplicationEntry) -> ApplicationEntry:
        """Register an application beside those of the scenario; give it with its credentials.

        It stays until another scenario is put in. Credentials that are absent are drawn. Raises
        InvalidInputError.
        """
        made = self._run(shortcuts.register_application(self._sandbox, entry))
        return msgspec.structs.replace(
            entry, client_id=made.client_id, client_secret=made.client_secret
        )

    def rotate_secret(self, client_id: str) -> str:
        """Give an application a new secret, until a reset. Raises InvalidInputError."""
        changed = self._run(shortcuts.rotate_secret(self._sandbox, client_id))
        self._served.describe()
        return changed.client_secret

    def put_scenario(self, scenario: str | Path | Scenario) -> None:
        """Start anew from another scenario. Raises ScenarioError or InvalidInputError."""
        self._run(self._sandbox.put(_loaded(scenario)))
        self._served.describe()

    def expire_token(self, token: str) -> None:
        """End the lifetime of an access token. Raises InvalidInputError."""
        self._run(shortcuts.expire_token(self._sandbox, token))

    def revoke_token(self, token: str) -> None:
        """Revoke the pair of an access or refresh token. Raises InvalidInputError."""
        self._run(shortcuts.revoke_token(self._sandbox, token))

    def wait_for_exchanges(self, seconds: float = 5.0, **filters: object) -> list[Entry]:
        """Give answered exchanges, waiting in real time for the first; empty if none came.

        The filters are the members of `Query`: `endpoint`, `client_id`, `since`, `status` and
        `fault`. Raises InvalidInputError.
        """
        journal = self._sandbox.journal
        return self._run(journal.wait(seconds, journal.read_query(filters, Query)))

    def export_har(self, **filters: object) -> dict[str, object]:
        """Give the journal as an HTTP archive (HAR 1.2). Raises InvalidInputError."""
        from .journal.har import as_har

        return as_har(self.journal.entries(**filters))

    def export_mermaid(self, **filters: object) -> str:
        """Give the journal as a sequence diagram in Mermaid. Raises InvalidInputError."""
        from .journal.mermaid import as_mermaid

        return as_mermaid(self.journal.entries(**filters))

    def audit(self) -> "list[Finding]":
        """Give what the clients did wrong, as the journal shows it."""
        from .audit.audit import audit

        return self._run(audit(self._sandbox))

    @contextmanager
    def as_livestorm(self) -> Iterator[Self]:
        """Have any client of this process that names Livestorm's hosts reach this sandbox.

        It connects over TLS, and trusts the certificate where it finds whom to trust in the
        environment or begins a TLS context of its own in the block. What is not caught:
        docs/in-process.md. Raises OSError.
        """
        with self._served.way_in().taken():
            yield self

    def httpx_transport(self, others: "httpx.BaseTransport | None" = None) -> "httpx.BaseTransport":
        """Give a transport for `httpx.Client` that brings Livestorm's hosts here, over TLS.

        Any other host goes by `others`, by default to where it is; but one below livestorm.co is an
        httpx.ConnectError.
        """
        from .interception.httpx_transports import Transport

        way_in = self._served.way_in()
        return Transport(way_in.address, way_in.trust, others)

    def async_httpx_transport(
        self, others: "httpx.AsyncBaseTransport | None" = None
    ) -> "httpx.AsyncBaseTransport":
        """The same for `httpx.AsyncClient`."""
        from .interception.httpx_transports import AsyncTransport

        way_in = self._served.way_in()
        return AsyncTransport(way_in.address, way_in.trust, others)

    def requests_adapter(self, others: "HTTPAdapter | None" = None) -> "HTTPAdapter":
        """Give an adapter of requests that brings Livestorm's hosts here, over TLS.

        It is for `session.mount("https://", ...)`, and `others` as with the transports. Raises
        ImportError where requests is not installed.
        """
        from .interception.in_process import credentials
        from .interception.requests_adapter import Adapter

        way_in = self._served.way_in()
        return Adapter(way_in.address, str(credentials().ca_file), others)

    def sandbox(
        self,
        scenario: str | Path | Scenario | None = None,
        *,
        seed: int | str | None = None,
        journal_capacity: int | None = None,
        journal_bytes: int | None = None,
        redirect_uris: Sequence[str] | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        any_redirect_uri: bool | None = None,
        **options: object,
    ) -> "LivestormSandbox":
        """Open a further sandbox, by default with this one's scenario; it is closed with this one.

        How its client is registered is taken from this one, too, where nothing is said of it.
        Raises ScenarioError or InvalidInputError.
        """
        loaded = self.scenario if scenario is None else _loaded(scenario)
        wanted = with_options(
            loaded,
            options,
            journal_capacity=journal_capacity,
            journal_bytes=journal_bytes,
            besides=_keywords(self.sandbox),
        )
        registration = _registration(redirect_uris, client_id, client_secret, any_redirect_uri)
        server = self._served.server
        opening = server.sandboxes.open(
            wanted, seed=seed, registration=registration.over(self._sandbox.registration)
        )
        opened = LivestormSandbox(_Served(server, server.run(opening)), opener=self)
        self._opened.add(opened)
        return opened

    def open_door(self, listener: socket.socket, tls: ssl.SSLContext | None = None) -> Door:
        """Let clients in by another listening socket, which belongs to the server then.

        All that comes there goes to this sandbox, without `/s/<id>`. With `tls` they may speak
        HTTPS or HTTP. Raises OSError for TLS on Windows.
        """
        door = Door(listener, tls, self._sandbox.id)
        self._served.server.open_door(door)
        return door

    def close_door(self, door: Door) -> None:
        """Close a door; who came by it is answered, and has to go then."""
        self._served.server.close_door(door)

    def close(self) -> None:
        """Drop the sandbox, and those that were opened from it."""
        for opened in list(self._opened):
            opened.close()
        if self._opener is not None:
            self._opener._opened.discard(self)
        self._served.close()

    def _run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self._served.server.run(coroutine)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class MockLivestorm(LivestormSandbox):
    """The fake on a port of this machine, served from a thread; also its default sandbox.

    `scenario` is a name, a path or a Scenario; provider options may be given as keywords
    (`release="6.0"`, `consent="approve"`, `rate_limits=False`). `public_url` is where clients reach
    it, behind a proxy or in a container, `other_url` where they reach `other_port`, the second
    origin, to which faults redirect. `redirect_uris`, `client_id` and `client_secret` take the
    place of what the first confidential application of any scenario has, `any_redirect_uri` lets in
    those that are not registered. `max_body` is the longest body of a request in bytes,
    `request_timeout` the longest pause in one in seconds, None for no limit. With `tls` it speaks
    HTTPS beside HTTP, by an authority that is kept in `ca_dir`, or else is new each time. At
    `proxy_port` (0: a free one) there is a proxy behind which Livestorm's hosts are the fake, which
    needs `tls` and has it; other hosts are refused, or passed on, as `proxy_others` says. `access`
    says who may use the control API over HTTP, None that there is none; by default it is chosen by
    the host. Raises ScenarioError or InvalidInputError when it is made.
    """

    def __init__(
        self,
        scenario: str | Path | Scenario = "happy_path",
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        public_url: str | None = None,
        other_port: int = 0,
        other_url: str | None = None,
        tls: bool = False,
        ca_dir: str | Path | None = None,
        proxy_port: int | None = None,
        proxy_others: Literal["refuse", "pass"] = "refuse",
        seed: int | str | None = None,
        journal_capacity: int | None = None,
        journal_bytes: int | None = None,
        max_body: int | None = DEFAULT_LIMITS.body,
        request_timeout: float | None = DEFAULT_LIMITS.seconds,
        redirect_uris: Sequence[str] | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        any_redirect_uri: bool | None = None,
        access: ControlAccess | Literal["by host"] | None = "by host",
        **options: object,
    ) -> None:
        super().__init__(None)
        self._starting: dict[int, threading.RLock] = {}
        self._scenario = with_options(
            _loaded(scenario),
            options,
            journal_capacity=journal_capacity,
            journal_bytes=journal_bytes,
            besides=_keywords(MockLivestorm),
        )
        self._registration = _registration(
            redirect_uris, client_id, client_secret, any_redirect_uri
        )
        self._named = Addresses(public_url=public_url, other_url=other_url)
        self._host, self._port, self._other_port, self._seed = host, port, other_port, seed
        self._proxy = read_proxy(proxy_port, proxy_others)
        if ca_dir is not None and not tls and self._proxy is None:
            raise InvalidInputError("ca_dir", str(ca_dir), "nothing without tls=True")
        self._tls, self._ca_dir = tls, None if ca_dir is None else Path(ca_dir)
        self._limits = Limits(body=max_body, seconds=request_timeout)
        self.access = ControlAccess.for_server(host) if access == "by host" else access

    def start(self) -> Self:
        """Bind and serve; on return, connections are accepted.

        Of several threads one starts it. A fork starts one of its own. Raises OSError,
        InvalidInputError for a `ca_dir` that can't be used, and RuntimeError where it serves
        already.
        """
        # One lock for each process: what a fork inherits may be held by a thread that it lacks.
        with self._starting.setdefault(os.getpid(), threading.RLock()):
            if self.is_running:
                raise RuntimeError("the fake is started already")
            listeners = open_listeners(
                self._host,
                self._port,
                self._other_port,
                named=self._named,
                tls=self._tls,
                ca_dir=self._ca_dir,
                proxy=self._proxy,
            )
            server = ServerThread(
                self._scenario,
                listeners,
                self.access,
                limits=self._limits,
                seed=self._seed,
                registration=self._registration,
            )
            try:
                self._served_or_none = _Served(server, server.sandboxes.default)
            except BaseException:
                server.stop()
                raise
            self._opened.clear()
        return self

    @property
    def control_token(self) -> str | None:
        """What the control API wants as a bearer token, None where it wants nothing."""
        return None if self.access is None else self.access.token

    @property
    def origin(self) -> str:
        """Where it is reached, such as `http://127.0.0.1:8787`."""
        return self._served.server.addresses.url()

    @property
    def port(self) -> int:
        """The port at which it listens, whatever it is called outside."""
        return self._served.server.port

    @property
    def proxy_url(self) -> str | None:
        """The proxy behind which Livestorm's hosts are the fake; None without `proxy_port`."""
        return self._description.proxy_url

    @property
    def is_running(self) -> bool:
        """Tell whether the server was started, in this process, and not yet stopped."""
        return self._served_or_none is not None and self._served.server.is_running

    def stop(self) -> None:
        """End the server and its thread; in a fork of its process, do nothing."""
        if self._served_or_none is not None:
            self._served.server.stop()

    def close(self) -> None:
        """The same as `stop`."""
        self.stop()

    def __enter__(self) -> Self:
        return self.start()


def _keywords(function: Callable[..., object]) -> list[str]:
    """Give what a function takes by name, beside provider options."""
    parameters = inspect.signature(function).parameters.values()
    return [one.name for one in parameters if one.kind is not one.VAR_KEYWORD]


def _registration(
    redirect_uris: Sequence[str] | None,
    client_id: str | None,
    client_secret: str | None,
    any_redirect_uri: bool | None,
) -> Registration:
    """Read how the client is registered. Raises InvalidInputError."""
    given = {
        "redirect_uris": redirect_uris,
        "client_id": client_id,
        "client_secret": client_secret,
        "any_redirect_uri": any_redirect_uri,
    }
    return read_registration({name: value for name, value in given.items() if value is not None})


def _loaded(scenario: str | Path | Scenario) -> Scenario:
    return prepared(scenario) if isinstance(scenario, Scenario) else load_scenario(scenario)
