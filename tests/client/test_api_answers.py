"""The API's answers."""

import json
from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_client import ConfigurationError, LivestormError, ProtocolError
from livestorm_client.answer import Answer, read_document
from livestorm_client.client import read_data


def answer(status: int, body: bytes, challenge: str = "") -> Answer:
    """Make an answer with a WWW-Authenticate header."""
    headers = httpx.Headers({b"www-authenticate": challenge.encode()})
    return Answer(status=status, headers=headers, body=body)


@given(
    status=st.integers(100, 599),
    body=st.binary(),
    challenge=st.text(st.characters(exclude_characters="\r\n\0", codec="utf-8")),
)
def test_read_document_gives_a_document_or_a_livestorm_error(
    status: int, body: bytes, challenge: str
) -> None:
    """No status, body or challenge raises anything else; success needs a 2xx."""
    try:
        read_document(answer(status, body, challenge), may_be_empty=False)
    except LivestormError as error:
        assert error.status == status  # noqa: PT017
    else:
        assert 200 <= status < 300


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, "protocol_error"),
        (400, "protocol_error"),
        (401, "reauth_required"),
        (402, "config_error"),
        (403, "config_error"),
        (404, "protocol_error"),
        (422, "protocol_error"),
    ],
)
def test_read_document_classifies_by_status(status: int, kind: str) -> None:
    """The status alone decides the outcome."""
    with pytest.raises(LivestormError) as raised:
        read_document(answer(status, b"<html>"), may_be_empty=False)
    assert (raised.value.kind, raised.value.status) == (kind, status)


def test_read_document_explains_a_missing_scope() -> None:
    """A 403 carries the detail of the body and the code of the challenge."""
    body = json.dumps({"errors": [{"title": "Forbidden", "detail": "admin:read"}]}).encode()
    challenge = 'Bearer realm="Doorkeeper", error="insufficient_scope"'
    with pytest.raises(ConfigurationError, match="403: Forbidden, admin:read") as raised:
        read_document(answer(403, body, challenge), may_be_empty=False)
    assert raised.value.code == "insufficient_scope"


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"[]", b'{"data"', b"", b"{}", b'{"id":"1"}', b'{"data":{},"errors":[]}'],
)
def test_read_document_refuses_a_success_that_is_no_document(body: bytes) -> None:
    """Neither a maintenance page with 200 nor an empty one is an empty result."""
    with pytest.raises(ProtocolError):
        read_document(answer(200, body), may_be_empty=False)


def test_read_document_may_be_empty_where_it_is_documented() -> None:
    """/ping answers 200 without a body."""
    assert read_document(answer(200, b""), may_be_empty=True) == {}
    assert read_document(answer(204, b""), may_be_empty=False) == {}
    with pytest.raises(ProtocolError):
        read_document(answer(200, b"{}"), may_be_empty=True)


def test_read_document_gives_the_document() -> None:
    """With `data`, whatever it is, the document is the caller's."""
    assert read_document(answer(201, b'{"data":null}'), may_be_empty=False) == {"data": None}


@pytest.mark.parametrize("document", [{}, {"data": None}, {"data": []}, {"errors": []}])
def test_read_data_needs_an_object(document: dict[str, object]) -> None:
    """A document without a data object is not a user."""
    with pytest.raises(ProtocolError):
        read_data(replace(answer(200, b""), document=document))


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (404, b"", "the API answered 404"),
        (404, b'{"errors": []}', "the API answered 404"),
        (200, b"{}", "the API answered no JSON:API document"),
    ],
)
def test_refusal_without_a_reason_is_named_by_its_status(
    status: int, body: bytes, message: str
) -> None:
    """The message ends there, where the server explains nothing."""
    with pytest.raises(ProtocolError) as raised:
        read_document(answer(status, body), may_be_empty=False)
    assert str(raised.value) == message
