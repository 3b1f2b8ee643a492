"""A scripted HTTP server on a real socket, and both clients behind one blocking interface."""

import asyncio
import contextlib
import json
import socket
import struct
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias
from urllib.parse import parse_qsl, urlencode

import pytest
from livestorm_client import (
    Answer,
    AsyncLivestormClient,
    AuthorizationRequest,
    LivestormClient,
    MemoryStore,
    Tokens,
    TokenStore,
)

NOW = 1_800_000_000.0
TOKEN = "/oauth/token"
SECRETS = ("old-access", "old-refresh", "new-access", "new-refresh", "client-secret", "the-code")

Reply: TypeAlias = bytes | Callable[[socket.socket, threading.Event], None]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One request as it arrived; header names are lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """The members of a form body."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


class ScriptedServer:
    """Answers each path with its scripted replies, one connection each; the last one repeats."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads: list[threading.Thread] = []
        self._stop = threading.Event()
        self.reset()
        threading.Thread(target=self._accept, daemon=True).start()

    def reset(self) -> None:
        """Forget the script and the requests, and end what still hangs."""
        self._stop.set()
        self._stop = threading.Event()
        self._replies: dict[str, list[Reply]] = {}
        self.seen: list[Seen] = []
        self._served: defaultdict[str, int] = defaultdict(int)

    def close(self) -> None:
        """End everything."""
        self._stop.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def script(self, path: str, *replies: Reply) -> None:
        """Set what the path answers from now on."""
        self._replies[path] = list(replies)
        self._served[path] = 0

    def requests(self, path: str) -> list[Seen]:
        """Give the requests to one path, the query apart."""
        return [request for request in self.seen if request.target.split("?")[0] == path]

    def bearers(self, path: str) -> list[str]:
        """Give the Authorization header of each request to one path."""
        return [request.headers["authorization"] for request in self.requests(path)]

    @property
    def token_requests(self) -> list[Seen]:
        """The requests to the token endpoint."""
        return self.requests(TOKEN)

    @staticmethod
    def http(
        status: int,
        body: object = b"",
        headers: Mapping[str, str] | None = None,
        content_type: str = "application/json",
    ) -> bytes:
        """Make a complete response; a body that is not bytes is sent as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        fields = {"Content-Type": content_type, "Content-Length": str(len(content))}
        lines = [f"{name}: {value}" for name, value in {**fields, **(headers or {})}.items()]
        head = "\r\n".join([f"HTTP/1.1 {status} X", *lines, "", ""])
        return head.encode("latin-1") + content

    @classmethod
    def tokens(cls, **members: object) -> bytes:
        """Make a token answer: new-access and new-refresh unless told otherwise."""
        document = {
            "access_token": "new-access",
            "token_type": "Bearer",
            "expires_in": 7200,
            "refresh_token": "new-refresh",
            "scope": "identity:read",
        }
        return cls.http(200, {**document, **members})

    @staticmethod
    def reset_connection(connection: socket.socket, _stop: threading.Event) -> None:
        """Abort the connection instead of answering."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    @staticmethod
    def hang(_connection: socket.socket, stop: threading.Event) -> None:
        """Never answer."""
        stop.wait(30)

    @staticmethod
    def drip(whole: bytes) -> Reply:
        """Make a reply that sends some bytes at once and then spaces for ever."""

        def reply(connection: socket.socket, stop: threading.Event) -> None:
            connection.sendall(whole)
            while not stop.wait(0.02):
                connection.sendall(b" ")

        return reply

    @staticmethod
    def gated(gate: threading.Event, whole: bytes) -> Reply:
        """Make a reply that waits for the gate."""

        def reply(connection: socket.socket, _stop: threading.Event) -> None:
            gate.wait(10)
            connection.sendall(whole)

        return reply

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        stop = self._stop
        with connection, contextlib.suppress(OSError):
            seen = read_request(connection)
            if seen is None:
                return
            self.seen.append(seen)
            reply = self._next(seen.target.split("?")[0])
            if isinstance(reply, bytes):
                connection.sendall(reply)
            else:
                reply(connection, stop)

    def _next(self, path: str) -> Reply:
        replies = self._replies.get(path, [self.http(500)])
        index = min(self._served[path], len(replies) - 1)
        self._served[path] += 1
        return replies[index]


def read_request(connection: socket.socket) -> Seen | None:
    """Read one request, None when the peer went away before it was complete."""
    connection.settimeout(10)
    with connection.makefile("rb") as stream:
        line = stream.readline().decode("latin-1").split()
        if len(line) != 3:
            return None
        headers = dict(read_headers(iter(stream.readline, b"")))
        body = stream.read(int(headers.get("content-length", "0")))
    return Seen(method=line[0], target=line[1], headers=headers, body=body)


def read_headers(lines: Iterator[bytes]) -> Iterator[tuple[str, str]]:
    """Read header fields up to the empty line."""
    for line in lines:
        if not line.strip():
            return
        name, _, value = line.decode("latin-1").partition(":")
        yield name.lower(), value.strip()


class BlockingClient(Protocol):
    """What both clients can do, without `await`."""

    @property
    def tokens(self) -> Tokens | None: ...

    def authorization_request(self) -> AuthorizationRequest: ...

    def connect(self, request: AuthorizationRequest, callback_url: str) -> Tokens: ...

    def refresh(self) -> Tokens: ...

    def me(self) -> dict[str, object]: ...

    def get(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, object]: ...

    @property
    def get_all(self) -> Callable[..., list[dict[str, object]]]: ...

    def request(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        json: object = None,
    ) -> Answer: ...


class AwaitedClient:
    """The asynchronous client, driven to the end of each call."""

    def __init__(self, client: AsyncLivestormClient, runner: asyncio.Runner) -> None:
        self._client = client
        self._runner = runner

    @property
    def tokens(self) -> Tokens | None:
        return self._client.tokens

    def authorization_request(self) -> AuthorizationRequest:
        return self._client.authorization_request()

    def connect(self, request: AuthorizationRequest, callback_url: str) -> Tokens:
        return self._runner.run(self._client.connect(request, callback_url))

    def refresh(self) -> Tokens:
        return self._runner.run(self._client.refresh())

    def me(self) -> dict[str, object]:
        return self._runner.run(self._client.me())

    def get(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, object]:
        return self._runner.run(self._client.get(path, params))

    def get_all(
        self, path: str, params: Mapping[str, str] | None = None, **options: int
    ) -> list[dict[str, object]]:
        return self._runner.run(self._client.get_all(path, params, **options))

    def request(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        json: object = None,
    ) -> Answer:
        return self._runner.run(self._client.request(method, path, params, json))


@dataclass(kw_only=True)
class Clients:
    """Makes clients of one flavour for one server; `pauses` are the sleeps they asked for."""

    url: str
    runner: asyncio.Runner | None
    pauses: list[float] = field(default_factory=list)

    def make(
        self,
        tokens: Tokens | None = None,
        *,
        store: TokenStore | None = None,
        client_secret: str | None = "client-secret",
        timeout: float = 5.0,
        max_retries: int = 2,
        url: str | None = None,
        issuer: str | None = None,
    ) -> BlockingClient:
        """Make a client whose clock stands at NOW and that sleeps in no time."""
        server = url or self.url
        store = MemoryStore(tokens) if store is None else store
        kind = LivestormClient if self.runner is None else AsyncLivestormClient
        client = kind(
            client_id="client-id",
            client_secret=client_secret,
            redirect_uri="https://example.com/callback",
            app_url=server,
            api_url=f"{server}/v1",
            issuer=issuer,
            store=store,
            timeout=timeout,
            max_retries=max_retries,
            clock=lambda: NOW,
            sleep=self.pauses.append,
        )
        if isinstance(client, LivestormClient):
            return client
        assert self.runner is not None
        return AwaitedClient(client, self.runner)

    @staticmethod
    def callback(request: AuthorizationRequest, **parameters: str) -> str:
        """Write the callback URL of a request."""
        return f"https://example.com/callback?{urlencode({'state': request.state, **parameters})}"


@pytest.fixture(scope="session")
def session_server() -> Iterator[ScriptedServer]:
    """The one server of the run, for properties; they reset it themselves."""
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def server(session_server: ScriptedServer) -> Iterator[ScriptedServer]:
    """The server with an empty script."""
    session_server.reset()
    yield session_server
    session_server.reset()


@pytest.fixture(params=["blocking", "async"])
def clients(request: pytest.FixtureRequest, server: ScriptedServer) -> Iterator[Clients]:
    """Makes blocking clients in one run of the test and asynchronous ones in the other."""
    with contextlib.ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner()) if request.param == "async" else None
        yield Clients(url=server.url, runner=runner)


@pytest.fixture(scope="session")
def assert_shows_no_secret() -> Callable[[BaseException], None]:
    """Checks that neither an error nor what it was raised from or during repeats a secret."""

    def check(error: BaseException) -> None:
        shown = ""
        link: BaseException | None = error
        while link is not None:
            shown += f"{link!r} {link} {vars(link)}"
            link = link.__cause__ or link.__context__
        assert [secret for secret in SECRETS if secret in shown] == []

    return check


@pytest.fixture
def fresh() -> Tokens:
    """Tokens that are good for an hour from NOW."""
    return Tokens(
        access_token="old-access",
        refresh_token="old-refresh",
        expires_at=NOW + 3600,
        scope=("identity:read",),
        lifetime=7200,
    )


@pytest.fixture
def expired() -> Tokens:
    """Tokens that expired a second before NOW."""
    return Tokens(
        access_token="old-access",
        refresh_token="old-refresh",
        expires_at=NOW - 1,
        scope=("identity:read",),
        lifetime=7200,
    )
