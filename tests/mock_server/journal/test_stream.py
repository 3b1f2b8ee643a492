"""Following the journal over HTTP, as server-sent events."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.control.journal import rest_after

from ..wire import exchange

LONGEST = 0.1
"""Seconds within which a new exchange is to be seen."""

pytestmark = pytest.mark.livestorm(rate_limits=False)


class Stream:
    """A stream of events, read one by one."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.iter_lines()

    def event(self) -> dict[str, Any]:
        """Read up to the next event; give its fields, `data` parsed."""
        fields: dict[str, Any] = {}
        for line in self._lines:
            name, _, value = line.partition(": ")
            if line and name:
                fields[name] = json.loads(value) if name == "data" else value
            elif not line and fields:
                return fields
        raise EOFError

    def seq(self) -> int:
        """Read up to the next event; give the number of its exchange."""
        return int(self.event()["data"]["seq"])


@contextmanager
def stream(livestorm: LivestormSandbox, last: str = "", **query: str) -> Iterator[Stream]:
    """Follow the journal."""
    url, headers = f"{livestorm.control_url}/journal/stream", {"Last-Event-ID": last}
    with httpx.stream("GET", url, params=query, headers=headers, timeout=15) as response:
        yield Stream(response)


def ping(livestorm: LivestormSandbox) -> None:
    """Make an exchange."""
    httpx.get(f"{livestorm.api_url}/ping")


def test_stream_gives_what_there_is_and_what_comes(livestorm: LivestormSandbox) -> None:
    """Each exchange is an event with the shape that the journal has, and a number."""
    ping(livestorm)
    with stream(livestorm) as following:
        first = following.event()
        ping(livestorm)
        second = following.event()
    assert following.response.headers["content-type"].startswith("text/event-stream")
    assert [first["event"], first["id"], second["id"]] == ["exchange", "1", "2"]
    listed = httpx.get(f"{livestorm.control_url}/journal").json()["exchanges"]
    assert [first["data"], second["data"]] == listed


def test_stream_goes_on_after_the_last_event(livestorm: LivestormSandbox) -> None:
    """Who lost the connection asks for what came after the event it had last."""
    for _ in range(3):
        ping(livestorm)
    with stream(livestorm, last="2") as following:
        assert following.seq() == 3


@pytest.mark.parametrize("last", ["x", "-1", "2", "9" * 400, "\N{ARABIC-INDIC DIGIT ONE}"])
def test_last_event_that_is_no_number_is_none(livestorm: LivestormSandbox, last: str) -> None:
    """An id that the stream never gave, but a server before it, means: from the start."""
    ping(livestorm)
    url, headers = f"{livestorm.control_url}/journal/stream", [(b"Last-Event-ID", last.encode())]
    with httpx.stream("GET", url, headers=headers, timeout=15) as response:
        assert Stream(response).seq() == 1


def test_stream_is_filtered(livestorm: LivestormSandbox) -> None:
    """The filters are those of the journal."""
    ping(livestorm)
    httpx.get(f"{livestorm.api_url}/me")
    with stream(livestorm, endpoint="api.me") as following:
        assert following.event()["data"]["endpoint"] == "api.me"


def test_brief_stream_has_what_a_list_shows(livestorm: LivestormSandbox) -> None:
    """Neither headers nor bodies; the journal in brief is the same."""
    livestorm.faults.arm("api.ping", "api_error", status=503)
    ping(livestorm)
    with stream(livestorm, brief="true") as following:
        told = following.event()["data"]
    assert (told["seq"], told["method"], told["status"]) == (1, "GET", 503)
    assert told["fault"]["fault"] == "api_error"
    assert "request" not in told
    listed = httpx.get(f"{livestorm.control_url}/journal/brief").json()
    assert listed["exchanges"] == [told]


@pytest.mark.parametrize("client_id", [b"%ff", b"%ed%a0%80", b"%F0%9F%90%9D", b"%22%E2%80%A8"])
def test_brief_stream_has_what_is_no_text(livestorm: LivestormSandbox, client_id: bytes) -> None:
    """Bytes that are no UTF-8 come as JSON can have them, as in the whole exchange."""
    body = b"grant_type=client_credentials&client_secret=no&client_id=" + client_id
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    httpx.post(f"{livestorm.app_url}/oauth/token", content=body, headers=headers)
    with stream(livestorm) as whole, stream(livestorm, brief="true") as brief:
        told = brief.event()["data"]
        assert told["client_id"] == whole.event()["data"]["client_id"]
    assert httpx.get(f"{livestorm.control_url}/journal/brief").json()["exchanges"] == [told]


@pytest.mark.parametrize("count", [0, 3, 60])
def test_stream_says_when_all_that_there_was_has_come(
    livestorm: LivestormSandbox, count: int
) -> None:
    """A comment, which those who read events do not see."""
    for _ in range(count):
        ping(livestorm)
    url = f"{livestorm.control_url}/journal/stream"
    with httpx.stream("GET", url, timeout=15) as response:
        lines = takewhile(lambda line: line != ": current", response.iter_lines())
        assert sum(line.startswith("id: ") for line in lines) == count


def test_reader_who_does_not_read_keeps_nobody_waiting(livestorm: LivestormSandbox) -> None:
    """What it leaves unread is bounded, and others have the exchanges all the same."""
    livestorm.faults.arm("api.ping", "answer", body="x" * 100_000)
    with stream(livestorm), stream(livestorm) as following:
        for number in range(1, 61):
            ping(livestorm)
            assert following.seq() == number


def test_stream_survives_a_reset(livestorm: LivestormSandbox) -> None:
    """After a reset the stream goes on with the new journal."""
    ping(livestorm)
    with stream(livestorm) as following:
        following.event()
        livestorm.reset()
        ping(livestorm)
        event = following.event()
    assert (event["id"], event["data"]["seq"]) == ("2", 1)


def test_stream_ends_with_its_sandbox(livestorm_server: MockLivestorm) -> None:
    """When the sandbox is dropped, so is the stream."""
    livestorm = livestorm_server.sandbox()
    with stream(livestorm) as following:
        livestorm.close()
        with pytest.raises(EOFError):
            following.event()


def test_stream_does_not_keep_the_server_from_stopping() -> None:
    """Who follows the journal of a server that stops is let go."""
    with MockLivestorm() as livestorm, stream(livestorm) as following:
        livestorm.stop()
        with pytest.raises((EOFError, httpx.RemoteProtocolError, httpx.ReadError)):
            following.event()


def test_two_readers_have_the_same(livestorm: LivestormSandbox) -> None:
    """A reader takes nothing from another."""
    with stream(livestorm) as one, stream(livestorm) as another:
        ping(livestorm)
        assert one.event() == another.event()


def test_journal_of_an_old_client_comes_whole(livestorm: LivestormSandbox) -> None:
    """HTTP/1.0 has no chunks: the list has a length, and the stream says what it needs."""
    path = urlsplit(livestorm.control_url).path
    ask = "GET {}/{} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"
    ping(livestorm)
    listed = exchange(livestorm.control_url, ask.format(path, "journal").encode())
    assert (listed.header("content-length"), listed.json()["exchanges"][0]["seq"]) == (
        str(len(listed.body)),
        1,
    )
    refused = exchange(livestorm.control_url, ask.format(path, "journal/stream").encode())
    assert (refused.status, refused.json()["error"]) == (
        422,
        "the version of HTTP is '1.0'; expected 1.1: a stream comes in chunks",
    )


@given(took=st.floats(0, 1_000), is_behind=st.booleans())
def test_follower_is_not_left_alone_for_long(took: float, is_behind: bool) -> None:
    """Not even where a reader took a minute for what there was."""
    assert 0 <= rest_after(took, is_behind=is_behind) < LONGEST
