"""Reading an answer's body."""

import gzip
import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_client.answer import (
    LARGEST_BODY,
    Answer,
    read_code,
    read_detail,
    redact,
)
from livestorm_client.errors import RateLimited, RetryLater

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)

SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8)


def answer(body: bytes, status: int = 200, **headers: str) -> Answer:
    """Make an answer; underscores in header names stand for hyphens."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=httpx.Headers(fields), body=body)


@given(document=st.dictionaries(st.text(), JSON, max_size=4), mark=st.booleans())
def test_read_object_reads_objects(document: dict[str, object], mark: bool) -> None:
    """A JSON object is read with or without byte order mark."""
    body = json.dumps(document).encode("utf-8-sig" if mark else "utf-8")
    assert answer(body).read_object() == document
    assert answer(body, content_encoding="Identity").read_object() == document


@given(body=st.binary() | JSON.map(lambda value: json.dumps(value).encode()), coding=st.text())
def test_read_object_never_fails(body: bytes, coding: str) -> None:
    """Any bytes under any content coding give an object or None."""
    headers = httpx.Headers({b"content-encoding": coding.encode()})
    received = Answer(status=200, headers=headers, body=body)
    assert isinstance(received.read_object(), dict | None)


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
    assert answer(body).read_object() is None


def test_read_object_refuses_a_coding_that_was_not_asked_for() -> None:
    """Compressed bytes are no document, nor is one that only claims to be compressed."""
    assert answer(gzip.compress(b"{}"), content_encoding="gzip").read_object() is None
    assert answer(b"{}", content_encoding="gzip").read_object() is None


@pytest.mark.parametrize(("spare", "is_read"), [(0, True), (1, False)])
def test_read_object_has_a_limit(spare: int, is_read: bool) -> None:
    """A body of exactly the limit is read, and of one byte more is not."""
    body = b"{}" + b" " * (LARGEST_BODY - 2 + spare)
    assert (answer(body).read_object() is not None) == is_read


def test_read_object_keeps_the_error_beside_a_broken_description() -> None:
    """A Latin-1 byte in error_description does not hide the error code."""
    document = answer(b'{"error": "invalid_grant", "error_description": "\xe9"}').read_object()
    assert document is not None
    assert document["error"] == "invalid_grant"


@given(status=st.integers(100, 999))
def test_check_available_goes_by_the_status(status: int) -> None:
    """429 and 5xx are refused whatever their body is; the rest passes."""
    received = answer(b'{"error": "invalid_grant"}', status, retry_after="7")
    if status != 429 and status // 100 != 5:
        received.check_available(0.0)
        return
    with pytest.raises(RetryLater, match=f"the server answered {status}") as raised:
        received.check_available(0.0)
    assert isinstance(raised.value, RateLimited) == (status == 429)
    assert (raised.value.status, raised.value.retry_after) == (status, 7.0)


@pytest.mark.parametrize("code", ["server_error", "temporarily_unavailable"])
def test_check_available_believes_a_4xx_that_says_to_try_again(code: str) -> None:
    """The error code of a busy server counts in a 4xx, and not in a success."""
    body = json.dumps({"error": code}).encode()
    with pytest.raises(RetryLater) as raised:
        answer(body, 400).check_available(0.0)
    assert (raised.value.status, raised.value.code) == (400, code)
    answer(body, 200).check_available(0.0)
    answer(body, 302).check_available(0.0)


@given(document=st.dictionaries(st.sampled_from(["errors", "error_description"]), JSON))
def test_read_detail_never_fails(document: dict[str, object]) -> None:
    """Error members of any shape give a short text."""
    assert len(read_detail(document, ())) <= 202


def test_read_detail_joins_what_the_server_explains() -> None:
    """Titles and details of JSON:API error objects are quoted, secrets masked."""
    errors = [{"title": "No", "detail": "token abcdef is bad"}, 7, {"title": None}, {"detail": "2"}]
    assert read_detail({"errors": errors}, ["abcdef"]) == ": No, token *** is bad, 2"


def test_answer_hides_its_body() -> None:
    """An answer with a token in it can be shown."""
    assert "secret" not in repr(answer(b"secret"))


@given(before=st.text(), secret=SECRETS, after=st.text())
def test_redact_leaves_no_secret(before: str, secret: str, after: str) -> None:
    """Wherever a secret stands, it is gone, and the text is short and printable."""
    shown = redact(before + secret + after, [None, "", secret])
    assert secret not in shown
    assert len(shown) <= 200
    assert shown.isprintable()


def test_redact_masks_split_and_encoded_secrets() -> None:
    """Neither a line break inside the secret nor form encoding lets it through."""
    assert redact("a se/cr\net b se%2Fcret \ud800", ["se/cret", "\ud800"]) == "a *** b *** "


def test_redact_leaves_out_what_makes_tags() -> None:
    """Angle brackets are gone, everything between them stays."""
    assert redact("X<b>X</b>", []) == "XbX/b"


def test_redact_keeps_two_hundred_characters() -> None:
    """A short text is whole, and a long one is cut."""
    assert redact("x" * 201, []) == "x" * 200


@given(error=st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()))
def test_read_code_gives_printable_ascii_or_none(error: object) -> None:
    """Whatever stands in `error`, the code is short and safe to log."""
    code = read_code(error, ())
    assert code is None or (code == str(error)[:200] and code.isascii() and code.isprintable())


@pytest.mark.parametrize("error", ["a", "a b!", "#[x]~"])
def test_read_code_keeps_every_character_of_the_specification(error: str) -> None:
    """An unknown code is surfaced as it is (RFC 6749, section 5.2)."""
    assert read_code(error, ()) == error


@pytest.mark.parametrize("error", ["", 'a"b', "a\\b", "a\x7f", "é", "a\n", 7, ["a"]])
def test_read_code_refuses_other_characters(error: object) -> None:
    """What the specification does not allow is no code."""
    assert read_code(error, ()) is None


def test_read_code_masks_a_secret() -> None:
    """A server that sends a secret back as the error code does not get it shown."""
    assert read_code("abcdef", ["abcdef"]) == "***"


@pytest.mark.parametrize("code", ["invalid_grant", "access_denied", "invalid_client"])
def test_read_code_knows_a_code_that_contains_a_secret(code: str) -> None:
    """A secret as short as a part of a known code does not change what the code means."""
    assert read_code(code, ["grant", "a"]) == code


@pytest.mark.parametrize("status", [400, 403, 499])
def test_check_available_takes_every_4xx_for_one(status: int) -> None:
    """A server may ask for another try with any of them."""
    with pytest.raises(RetryLater):
        answer(b'{"error": "temporarily_unavailable"}', status).check_available(0.0)


def test_check_available_counts_from_now_without_a_date() -> None:
    """A moment in `Retry-After` is compared with the client's clock."""
    headers = {"retry-after": "Thu, 01 Jan 1970 00:01:40 GMT"}
    with pytest.raises(RateLimited) as raised:
        answer(b"", 429, **headers).check_available(40.0)
    assert raised.value.retry_after == 60.0
