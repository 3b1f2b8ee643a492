"""A request that comes in one piece is answered at once, and just as one that comes in parts."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from livestorm_mock_server import shortcuts
from livestorm_mock_server.app import App
from livestorm_mock_server.control_access import ControlAccess
from livestorm_mock_server.protocol import Protocol
from livestorm_mock_server.sandbox import open_sandbox
from livestorm_mock_server.sandboxes import Sandboxes
from livestorm_mock_server.scenario_files import load_scenario, with_options
from livestorm_mock_server.server import Server

FORM = "Content-Type: application/x-www-form-urlencoded"
TARGETS = (
    "/oauth/token",
    "/oauth/token.json",
    "//oauth/token/",
    "/oauth/token?format=xml",
    "/oauth/token?scope=a&b[]=1",
    "/oauth/token?a=%",
    "/oauth/revoke",
    "/oauth/authorize?response_type=code&client_id=<id>&redirect_uri=<uri>",
    "/v1/me",
    "/v1/me?a=%FF",
    "/s/none/v1/me",
    "/_mock/clock",
    "/nowhere",
    "/nowhere/%2e/\xe4",
    "/oauth/token?a=\xe4",
    "/",
    "/oauth/token/#a",
)
FIELDS = (
    "Host: app.livestorm.co",
    "Accept: application/json",
    "Accept: text/html, */*",
    "Accept: no type",
    "Authorization: Bearer <access>",
    "Authorization: Basic eDp5",
    "Content_Type: text/plain",
    "X-HTTP-Method-Override: DELETE",
    "X-Requested-With: XMLHttpRequest",
    "X-Request-Id: a b%c",
    "X-Request-Id: \xe9",
    "X-Livestorm-Mock-Fault: truncated_json",
    "X-Forwarded-Proto: https",
    "Cookie: a=b",
    "Origin: http://elsewhere",
    "Connection: close",
    "Connection: keep-alive",
    "Expect: 100-continue",
    FORM,
    "Content-Type: application/json",
    "Content-Type: multipart/form-data; boundary=x",
    "Content-Type: no type",
)
BODIES = (
    "",
    "grant_type=refresh_token&refresh_token=<refresh>&client_id=<id>&client_secret=<secret>",
    "grant_type=refresh_token&refresh_token=<refresh>&client_id=<id>&client_secret=wrong",
    "grant_type=refresh_token&format=xml",
    "grant_type=password&_method=delete",
    "token=<access>&client_id=<id>&client_secret=<secret>",
    "a[b]=1&a[]=2",
    "a=%ZZ",
    '{"grant_type": "refresh_token"}',
    "\0",
)


class Taken(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__({"sockname": ("127.0.0.1", 80), "peername": ("127.0.0.1", 1)})
        self.taken = b""
        self.writes = 0
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep it."""
        self.taken += data
        self.writes += 1

    def close(self) -> None:
        """Note the end."""
        self.closed = True

    def abort(self) -> None:
        """Note the end."""
        self.closed = True

    def is_closing(self) -> bool:
        """Tell whether it has ended."""
        return self.closed

    def can_write_eof(self) -> bool:
        """Tell that it can't be ended in one direction."""
        return False

    def pause_reading(self) -> None:
        """Go on."""

    def resume_reading(self) -> None:
        """Go on."""


async def play(pieces_of: Sequence[Sequence[str]]) -> tuple[list[object], list[object]]:
    """Send requests in the given pieces to a fake; give what came, and its journal."""
    options = {"consent": "approve", "rate_limits": False, "extra_headers": []}
    scenario = with_options(load_scenario("happy_path"), options)
    sandbox = await open_sandbox(scenario, seed="whole", wall=lambda: 1e9)
    sandbox.clock.freeze()
    client = (await sandbox.store.applications())[0]
    pair = await shortcuts.issue_tokens(sandbox, scope="identity:read")
    known = {
        "<id>": client.client_id,
        "<secret>": client.client_secret,
        "<uri>": client.redirect_uris[0],
        "<access>": str(pair["access_token"]),
        "<refresh>": str(pair["refresh_token"]),
    }
    server = Server(App(Sandboxes(sandbox), ControlAccess()))
    await server.begin_on()
    came: list[object] = []
    protocol, transport = connect(server)
    for pieces in pieces_of:
        if transport.closed:
            protocol.connection_lost(None)
            protocol, transport = connect(server)
        for piece in fill(pieces, known):
            protocol.data_received(piece)
        await answered(server)
        came.append((transport.taken, transport.closed))
        transport.taken = b""
    protocol.connection_lost(None)
    server.stop()
    await server.run_to_end()
    hidden = {"wall", "answered_at"}
    told = [
        {name: value for name, value in one.as_json().items() if name not in hidden}
        for one in sandbox.journal
    ]
    return came, list(told)


def connect(server: Server) -> tuple[Protocol, Taken]:
    """Open a connection."""
    protocol, transport = server._make_protocol({}), Taken()
    protocol.connection_made(transport)
    return protocol, transport


async def answered(server: Server) -> None:
    """Wait until nothing is in flight."""
    while server.server_state.tasks:
        await asyncio.gather(*server.server_state.tasks)


def fill(pieces: Sequence[str], known: dict[str, str]) -> list[bytes]:
    """Make the bytes of a request, in one piece, or in two where there is more than one."""
    text = "".join(pieces)
    for name, value in known.items():
        text = text.replace(name, value)
    head, _, body = text.partition("\r\n\r\n")
    whole = f"{head}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode("latin-1")
    at = len(whole) // 2 if len(pieces) > 1 else len(whole)
    return [one for one in (whole[:at], whole[at:]) if one]


def request(method: str, target: str, fields: Sequence[str], body: str) -> str:
    """Give a request without its length."""
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", *fields]
    return "\r\n".join(lines) + f"\r\n\r\n{body}"


requests = st.builds(
    request,
    method=st.sampled_from(["POST", "GET", "HEAD", "OPTIONS", "BREW"]),
    target=st.sampled_from(TARGETS),
    fields=st.lists(st.sampled_from(FIELDS), max_size=4),
    body=st.sampled_from(BODIES),
)
REFRESH = request("POST", "/oauth/token", [FORM], BODIES[1])


@settings(max_examples=40, deadline=None)
@given(sent=st.lists(requests, min_size=1, max_size=6))
@example(sent=[REFRESH, REFRESH])
@example(sent=[request("POST", "/oauth/token", [FORM], body) for body in BODIES])
@example(sent=[request("POST", target, [FORM], BODIES[1]) for target in TARGETS])
@example(sent=[request("POST", "/oauth/token", [FORM, field], BODIES[1]) for field in FIELDS])
@example(sent=[request("GET", "/v1/me", [FIELDS[4], field], "") for field in FIELDS])
def test_whole_requests_are_answered_as_those_in_parts(sent: list[str]) -> None:
    """The bytes that come back, the end of the connection and the journal are the same."""
    whole = asyncio.run(play([[one] for one in sent]))
    in_parts = asyncio.run(play([[one, ""] for one in sent]))
    assert whole == in_parts


@pytest.mark.parametrize("name", ["refresh", "me"])
def test_whole_request_is_answered_before_anything_else_happens(name: str) -> None:
    """Nothing is left to the event loop, and the answer is written in one piece."""
    sent = {"refresh": REFRESH, "me": request("GET", "/v1/me", FIELDS[4:5], "")}

    async def send() -> tuple[int, bytes]:
        sandbox = await open_sandbox(load_scenario("happy_path"))
        server = Server(App(Sandboxes(sandbox), None))
        await server.begin_on()
        protocol, transport = connect(server)
        protocol.data_received(*fill([sent[name]], {}))
        return transport.writes, transport.taken

    writes, taken = asyncio.run(send())
    assert (writes, taken[:9]) == (1, b"HTTP/1.1 ")


def test_answers_that_wait_leave_the_rest_alone() -> None:
    """With a fault in place, a request is answered step by step, as ever."""

    async def send() -> bytes:
        sandbox = await open_sandbox(load_scenario("happy_path"))
        sandbox.faults.arm("api.me", "truncated_json", times=1)
        server = Server(App(Sandboxes(sandbox), None))
        await server.begin_on()
        protocol, transport = connect(server)
        protocol.data_received(*fill([request("GET", "/v1/me", [], "")], {}))
        assert transport.taken == b""
        await answered(server)
        return transport.taken

    assert asyncio.run(send())[:9] == b"HTTP/1.1 "
