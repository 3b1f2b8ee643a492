"""Kinds that spoil the connection."""

import json
import socket
import time
from collections.abc import Callable

import pytest
from livestorm_mock_server import LivestormSandbox

from ..requests import Ping, Requests
from ..wire import ConnectionEnded, Wire, frame

pytestmark = pytest.mark.livestorm(rate_limits=False)


def test_delay_waits_and_then_answers(livestorm: LivestormSandbox, send: Ping) -> None:
    """The right answer comes, late."""
    livestorm.faults.arm("api", "delay", seconds=0.15)
    before = time.monotonic()
    assert send().status == 200
    assert time.monotonic() - before >= 0.15


def test_delay_goes_before_any_fault(livestorm: LivestormSandbox, send: Ping) -> None:
    """The refusal comes late."""
    livestorm.faults.arm("api", "rate_limited", delay=0.15)
    before = time.monotonic()
    assert send().status == 429
    assert time.monotonic() - before >= 0.15


def test_close_ends_without_an_answer(livestorm: LivestormSandbox, send: Ping) -> None:
    """The connection is closed in order, and the journal knows that nothing was sent."""
    livestorm.faults.arm("api", "close")
    with pytest.raises(ConnectionEnded):
        send()
    assert livestorm.journal.entries()[-1].as_json()["response"] is None


def test_reset_ends_with_an_rst(livestorm: LivestormSandbox, send: Ping) -> None:
    """The connection is reset."""
    livestorm.faults.arm("api", "reset")
    with pytest.raises(ConnectionResetError):
        send()


def test_reset_in_body_sends_a_part_first(livestorm: LivestormSandbox, send: Ping) -> None:
    """The head arrives, the body does not."""
    livestorm.faults.arm("api", "reset_in_body")
    with pytest.raises(ConnectionResetError):
        send("api.me")


def test_hang_sends_nothing(livestorm: LivestormSandbox, requests: Requests) -> None:
    """Nothing comes while the client waits."""
    livestorm.faults.arm("api", "hang")
    with Wire(livestorm.app_url, timeout=0.1) as wire:
        wire.send(requests.frame("api.ping"))
        with pytest.raises((TimeoutError, socket.timeout)):
            wire.read()


def test_short_body_is_shorter_than_announced(livestorm: LivestormSandbox, send: Ping) -> None:
    """Content-Length promises more than comes."""
    livestorm.faults.arm("api", "short_body", missing=5)
    answer = send("api.me")
    assert len(answer.body) == int(str(answer.header("content-length"))) - 5


def test_cut_chunked_lacks_its_last_chunk(
    livestorm: LivestormSandbox, send_raw: Callable[[str], bytes]
) -> None:
    """The one chunk is whole, the end is missing."""
    livestorm.faults.arm("api", "cut_chunked")
    wire = send_raw("api.me").lower()
    assert b"transfer-encoding: chunked" in wire
    assert b"content-length" not in wire
    assert not wire.endswith(b"0\r\n\r\n")


def test_cut_chunked_without_a_body_ends_with_the_head(livestorm: LivestormSandbox) -> None:
    """An empty chunk would be the last one, and a HEAD is answered with none."""
    livestorm.faults.arm("api", "cut_chunked")
    with Wire(livestorm.app_url) as wire:
        wire.send(frame("HEAD", f"{livestorm.app_url}/v1/me"))
        assert wire.read_to_end().endswith(b"\r\ntransfer-encoding: chunked\r\n\r\n")


def test_close_delimited_has_no_length(
    livestorm: LivestormSandbox, send_raw: Callable[[str], bytes]
) -> None:
    """Nothing but the content shows the cut."""
    livestorm.faults.arm("api", "close_delimited", keep=0.5)
    head, _, body = send_raw("api.me").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.0 200")
    assert b"content-length" not in head.lower()
    with pytest.raises(ValueError):
        json.loads(body)


def test_drip_is_whole_in_the_end(livestorm: LivestormSandbox, send: Ping) -> None:
    """All bytes come, a few at a time."""
    livestorm.faults.arm("api", "drip", size=50, seconds=0.001)
    assert send("api.me").json()["data"]


def test_stale_keep_alive_closes_without_saying_so(
    livestorm: LivestormSandbox, requests: Requests
) -> None:
    """The answer is right, the connection is gone afterwards."""
    livestorm.faults.arm("api", "stale_keep_alive")
    with Wire(livestorm.app_url) as wire:
        wire.send(requests.frame("api.ping").replace(b"Connection: close\r\n", b""))
        assert not wire.read().ends_connection
        with pytest.raises(ConnectionEnded):
            wire.read()
