"""Reading an answer's body."""

import gzip
import json
import zlib

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_client.answer import (
    LARGEST_BODY,
    Answer,
    body_matters,
    check_available,
    read_detail,
    read_object,
)
from livestorm_client.errors import RateLimited, RetryLater

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def answer(body: bytes, status: int = 200, **headers: str) -> Answer:
    """Make an answer; underscores in header names stand for hyphens."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=httpx.Headers(fields), body=body)


@given(
    document=st.dictionaries(st.text(), JSON, max_size=4), coded=st.booleans(), mark=st.booleans()
)
def test_read_object_reads_objects(document: dict[str, object], coded: bool, mark: bool) -> None:
    """A JSON object is read with or without gzip and byte order mark."""
    body = json.dumps(document).encode("utf-8-sig" if mark else "utf-8")
    received = answer(gzip.compress(body), content_encoding="GZip") if coded else answer(body)
    assert read_object(received) == document


@given(body=st.binary() | JSON.map(lambda value: json.dumps(value).encode()), coding=st.text())
def test_read_object_never_fails(body: bytes, coding: str) -> None:
    """Any bytes under any content coding give an object or None."""
    headers = httpx.Headers({b"content-encoding": coding.encode()})
    received = Answer(status=200, headers=headers, body=body)
    assert isinstance(read_object(received), dict | None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'{"a": 1',
        b"access_token=a&token_type=bearer",
        b"<html></html>",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"a": ' + b"1" * 10_000 + b"}",
        b'{"a": "' + b"x" * LARGEST_BODY + b'"}',
    ],
    ids=lambda body: bytes(body[:8]).decode(),
)
def test_read_object_refuses(body: bytes) -> None:
    """What is no JSON object of a bearable size and depth is None."""
    assert read_object(answer(body)) is None


def test_read_object_refuses_gzip_that_is_cut_or_a_lie_or_a_bomb() -> None:
    """Bad gzip is no document, and a bomb is not inflated beyond the limit."""
    whole = gzip.compress(b'{"a": 1}')
    bomb = zlib.compress(b" " * 50_000_000 + b"{}", wbits=31)
    refused = [whole[:-9], b'{"a": 1}', bomb]
    assert [read_object(answer(body, content_encoding="gzip")) for body in refused] == [None] * 3


def test_read_object_keeps_the_error_beside_a_broken_description() -> None:
    """A Latin-1 byte in error_description does not hide the error code."""
    document = read_object(answer(b'{"error": "invalid_grant", "error_description": "\xe9"}'))
    assert document is not None
    assert document["error"] == "invalid_grant"


@given(status=st.integers(100, 999))
def test_check_available_goes_by_the_status(status: int) -> None:
    """429 and 5xx are refused, with nothing read of their body; the rest passes."""
    received = answer(b'{"error": "invalid_grant"}', status, retry_after="7")
    if status != 429 and status // 100 != 5:
        check_available(received, 0.0)
        return
    assert not body_matters(status)
    with pytest.raises(RetryLater) as raised:
        check_available(received, 0.0)
    assert isinstance(raised.value, RateLimited) == (status == 429)
    assert (raised.value.status, raised.value.retry_after) == (status, 7.0)


@given(document=st.none() | st.dictionaries(st.sampled_from(["errors", "error_description"]), JSON))
def test_read_detail_never_fails(document: dict[str, object] | None) -> None:
    """Error members of any shape give a short text."""
    assert len(read_detail(document, ())) <= 202


def test_read_detail_joins_what_the_server_explains() -> None:
    """Titles and details of JSON:API error objects are quoted, secrets masked."""
    errors = [{"title": "No", "detail": "token abcdef is bad"}, 7, {"title": None}, {"detail": "2"}]
    assert read_detail({"errors": errors}, ["abcdef"]) == ": No, token *** is bad, 2"


def test_answer_hides_its_body() -> None:
    """An answer with a token in it can be shown."""
    assert "secret" not in repr(answer(b"secret"))
