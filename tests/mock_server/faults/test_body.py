"""Kinds that spoil the body of an answer."""

import gzip

import pytest
from livestorm_mock_server import LivestormSandbox

from ..requests import Ping

pytestmark = pytest.mark.livestorm(rate_limits=False)


def test_truncated_json_fits_its_length(livestorm: LivestormSandbox, send: Ping) -> None:
    """The body is cut, and Content-Length agrees."""
    livestorm.faults.arm("api", "truncated_json")
    answer = send("api.me")
    assert len(answer.body) == int(str(answer.header("content-length")))
    with pytest.raises(ValueError):
        answer.json()


def test_gzip_lie_is_not_compressed(livestorm: LivestormSandbox, send: Ping) -> None:
    """Content-Encoding says gzip, the body is plain."""
    livestorm.faults.arm("api", "gzip_lie")
    answer = send("api.me")
    assert answer.header("content-encoding") == "gzip"
    assert answer.json()["data"]


def test_cut_gzip_can_not_be_unpacked(livestorm: LivestormSandbox, send: Ping) -> None:
    """The compressed body lacks its end, and Content-Length agrees."""
    livestorm.faults.arm("api", "cut_gzip")
    answer = send("api.me")
    assert len(answer.body) == int(str(answer.header("content-length")))
    with pytest.raises(EOFError):
        gzip.decompress(answer.body)


def test_garbage_is_the_same_each_time(livestorm: LivestormSandbox, send: Ping) -> None:
    """The random bytes come from the fault's seed."""
    livestorm.faults.arm("api", "garbage", size=100, seed=4)
    assert send().body == send().body
    assert len(send().body) == 100


def test_huge_body_stays_json(livestorm: LivestormSandbox, send: Ping) -> None:
    """White space lengthens the body."""
    livestorm.faults.arm("api", "huge_body", megabytes=2)
    answer = send("api.me")
    assert len(answer.body) >= 2_000_000
    assert answer.json()["data"]
