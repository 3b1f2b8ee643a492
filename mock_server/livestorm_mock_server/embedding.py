"""The fake inside a Python process: `with MockLivestorm() as livestorm:`."""

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Self

import msgspec

from .addresses import Addresses
from .control_access import ControlAccess
from .embedded_sandbox import LivestormSandbox, keywords, loaded
from .limits import DEFAULT_LIMITS, Limits
from .listeners import open_listeners, read_proxy
from .reading import InvalidInputError, read_struct
from .registration import read_registration
from .scenario import Scenario
from .scenario_files import with_options
from .served import Served
from .server_thread import ServerThread
from .webhooks.hosts import read_webhook_hosts


class _Placed(msgspec.Struct, kw_only=True):
    """Where it is to be, as nothing else reads it."""

    host: str
    port: int
    public_url: str | None
    other_port: int
    other_url: str | None
    tls: bool
    proxy_port: int | None
    seed: int | str | None


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
    the host. Webhooks go to loopback addresses, and to the hosts of `allow_webhooks_to`. Raises
    ScenarioError or InvalidInputError when it is made.
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
        allow_webhooks_to: Sequence[str] = (),
        access: ControlAccess | Literal["by host"] | None = "by host",
        **options: object,
    ) -> None:
        super().__init__(None)
        read_struct(
            {
                "host": host,
                "port": port,
                "public_url": public_url,
                "other_port": other_port,
                "other_url": other_url,
                "tls": tls,
                "proxy_port": proxy_port,
                "seed": seed,
            },
            _Placed,
        )
        if not isinstance(access, ControlAccess | None) and access != "by host":
            raise InvalidInputError("access", access, "a ControlAccess, None or by host")
        self._starting: dict[int, threading.RLock] = {}
        self._scenario = with_options(
            loaded(scenario),
            options,
            journal_capacity=journal_capacity,
            journal_bytes=journal_bytes,
            besides=keywords(MockLivestorm),
        )
        self._registration = read_registration(
            {
                "redirect_uris": redirect_uris,
                "client_id": client_id,
                "client_secret": client_secret,
                "any_redirect_uri": any_redirect_uri,
            }
        )
        self._webhook_hosts = read_webhook_hosts(allow_webhooks_to, "allow_webhooks_to")
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
                webhook_hosts=self._webhook_hosts,
            )
            try:
                self._served_or_none = Served(server, server.sandboxes.default)
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
