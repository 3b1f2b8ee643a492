"""What a request costs, counted in function calls: the same however busy the machine is."""

import asyncio
import gc
import os
import sys
import weakref
from collections.abc import Awaitable, Callable, Mapping
from types import FrameType
from urllib.parse import urlencode

import pytest
from livestorm_mock_server import shortcuts
from livestorm_mock_server.app import App
from livestorm_mock_server.connection import Connection
from livestorm_mock_server.journal.entry import Entry
from livestorm_mock_server.masking import Mask
from livestorm_mock_server.rails.request import FORM
from livestorm_mock_server.request_log.request_log import RequestLog
from livestorm_mock_server.request_parser import RequestParser
from livestorm_mock_server.sandbox import open_sandbox
from livestorm_mock_server.sandboxes import Sandboxes
from livestorm_mock_server.scenario_files import load_scenario, with_options
from livestorm_mock_server.server_state import Came

CEILINGS = {"refresh": 255, "authorize": 395, "me": 170}
"""Calls that a request takes at most, of Python's functions and of C's; a few less today."""
CEILING_OF_PARSER = 70
CEILING_OF_LINE = 10
"""Of what the log takes from a request's time; its line is made elsewhere."""
MOST_BYTES = 1_200
"""Of an exchange in the journal, beyond its bodies and its tokens."""

Send = Callable[[], Awaitable[None]]


def count_calls(work: Callable[[], object]) -> int:
    """Count the calls of functions that something makes."""
    calls = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    gc.disable()  # Others may want to be called at each collection.
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
        gc.enable()
    return calls


class Fake:
    """The application behind HTTP, but without a socket, and the requests that it is sent."""

    def __init__(self, app: App, requests: Mapping[str, bytes]) -> None:
        self.app = app
        self.journal = app.sandboxes.default.journal
        self._requests = requests
        self._parser = RequestParser(Unheard())
        self._connection = Connection(1, asyncio.Transport(), Unhurried())
        self._came = Came("http", 80, {})

    def send(self, name: str) -> None:
        """Send a request, and take the answer; nothing waits for anything."""
        whole = self._parser.take_whole(self._requests[name])
        assert whole is not None
        answer = self.app.answer_whole(*whole, self._connection, self._came)
        assert isinstance(answer, bytes)
        assert answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 302"))


class Unhurried:
    """Flow control of a client that takes all at once."""

    async def drain(self) -> None:
        """Wait for nothing."""


async def _make() -> Fake:
    scenario = with_options(
        load_scenario("happy_path"), {"consent": "approve", "rate_limits": False}
    )
    sandbox = await open_sandbox(scenario, seed="cost")
    client = (await sandbox.store.applications())[0]
    pair = await shortcuts.issue_tokens(sandbox, scope="identity:read")
    refresh = {
        "grant_type": "refresh_token",
        "refresh_token": pair["refresh_token"],
        "client_id": client.client_id,
        "client_secret": client.client_secret,
    }
    ask = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uris[0],
        "scope": "identity:read",
    }
    form, bearer = urlencode(refresh), f"Bearer {pair['access_token']}"
    head = f"Host: 127.0.0.1\r\nContent-Type: {FORM}\r\nContent-Length: {len(form)}"
    requests = {
        "refresh": f"POST /oauth/token HTTP/1.1\r\n{head}\r\n\r\n{form}",
        "authorize": f"GET /oauth/authorize?{urlencode(ask)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "me": f"GET /v1/me HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {bearer}\r\n\r\n",
    }
    sent = {name: request.encode() for name, request in requests.items()}
    return Fake(App(Sandboxes(sandbox), None), sent)


@pytest.fixture
def fake() -> Fake:
    """A fake that has answered each of the requests before."""
    fake = asyncio.run(_make())
    for name in CEILINGS:
        fake.send(name)
        fake.send(name)
    return fake


@pytest.mark.parametrize("name", CEILINGS)
def test_request_makes_few_calls(fake: Fake, name: str) -> None:
    """A request takes no more function calls than the table says."""
    assert count_calls(lambda: fake.send(name)) <= CEILINGS[name]


def test_parser_makes_few_calls() -> None:
    """A request that comes in one piece is read with few calls."""
    parser = RequestParser(Unheard())
    head = b"POST /oauth/token HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nContent-Length: 3\r\n\r\n"
    sent = head + b"a=b"
    parser.feed_data(sent)
    assert count_calls(lambda: parser.feed_data(sent)) <= CEILING_OF_PARSER


def test_line_of_the_log_costs_a_request_few_calls(fake: Fake) -> None:
    """An exchange is told of by a thread that the request does not wait for."""
    reading, writing = os.pipe()
    with os.fdopen(reading), os.fdopen(writing, "w") as errors:
        log = RequestLog(errors, "text", quiet=False)
        (*_, last) = fake.journal
        mask = Mask()
        assert count_calls(lambda: log.tell(last, mask)) <= CEILING_OF_LINE
        log.close()


def test_full_journal_makes_no_request_dearer(fake: Fake) -> None:
    """Where the oldest exchanges make room, a request takes few calls more."""
    before = count_calls(lambda: fake.send("refresh"))
    for _ in range(10_000):
        fake.send("me")
    assert count_calls(lambda: fake.send("refresh")) <= before + 20


def test_garbage_collector_sees_little_of_the_journal(fake: Fake) -> None:
    """Of an exchange that is over, the collector looks at the entry alone."""
    for _ in range(10):
        fake.send("refresh")
    gc.collect()  # It lets tuples go in which there is nothing to look at.
    *_, last = fake.journal
    assert [one for one in held_alone(fake) if gc.is_tracked(one)] == [last]
    assert [one for one in last.exchange.tokens if gc.is_tracked(one.record)] == []


def test_sandbox_is_freed_with_its_journal() -> None:
    """Nothing that the collector does not look at keeps a sandbox that nobody has any more."""
    fake = asyncio.run(_make())
    for name in CEILINGS:
        fake.send(name)
    sandbox = weakref.ref(fake.app.sandboxes.default)
    del fake
    gc.collect()
    assert sandbox() is None


def test_exchange_takes_little_of_the_journal(fake: Fake) -> None:
    """What an exchange holds alone, beside its bodies and its tokens, is about a kilobyte."""
    for _ in range(10):
        fake.send("refresh")
    *_, last = fake.journal
    sizes = map(sys.getsizeof, held_alone(fake))
    assert last.response is not None
    bodies = len(last.response.body) + len(last.exchange.request.body)
    assert sum(sizes) - bodies <= MOST_BYTES


def held_alone(fake: Fake) -> list[object]:
    """Give what the last entry of the journal refers to, and no other one."""
    *others, last = fake.journal
    shared = held_by(*others)
    return [one for key, one in held_by(last).items() if key not in shared]


def held_by(*entries: Entry) -> dict[int, object]:
    """Give all that entries refer to, by its id, but for the records of tokens."""
    held: dict[int, object] = {}
    found: list[object] = list(entries)
    while found:
        one = found.pop()
        if id(one) in held or type(one).__name__ in ("AccessToken", "ConnectionName"):
            continue
        held[id(one)] = one
        names = getattr(one, "__struct_fields__", getattr(one, "__slots__", ()))
        found += one if isinstance(one, tuple) else [getattr(one, name) for name in names]
    return held


class Unheard:
    """Whoever is told of what a parser reads."""

    def on_message_begin(self) -> None: ...
    def on_url(self, url: bytes) -> None: ...
    def on_header(self, name: bytes, value: bytes) -> None: ...
    def on_headers_complete(self) -> None: ...
    def on_body(self, body: bytes) -> None: ...
    def on_message_complete(self) -> None: ...
