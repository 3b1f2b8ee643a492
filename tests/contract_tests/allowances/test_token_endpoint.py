"""The rows of the table, one answer at a time."""

import json

import pytest
from hypothesis import Phase, find, settings
from livestorm_contract_tests.allowances.allowance import Allowance, Grant
from livestorm_contract_tests.allowances.token_endpoint import allow_after_token_answer
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.properties.answers.answer import Answer
from livestorm_contract_tests.properties.answers.token_answers import token_answers

TOKEN = {"access_token": "drawn-access-token", "token_type": "Bearer", "expires_in": 7200}
ERROR = {"error": "invalid_grant"}

OK = {Kind.OK}
REAUTH = {Kind.REAUTH_REQUIRED}
CONFIG = {Kind.CONFIG_ERROR}
LATER = {Kind.RETRY_LATER}
PROTOCOL = {Kind.PROTOCOL_ERROR}
REFUSED = {Kind.PROTOCOL_ERROR, Kind.CONFIG_ERROR}


def read(status: int | None, document: object, content_type: str = "application/json") -> Allowance:
    """Judge an answer; a document that is not bytes is sent as JSON."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return allow_after_token_answer(status, content_type, body)


@pytest.mark.parametrize(
    ("status", "document", "kinds"),
    [
        pytest.param(200, TOKEN, OK, id="token"),
        pytest.param(200, {**TOKEN, "token_type": "BEARER"}, OK, id="token-type-in-capitals"),
        pytest.param(200, {**TOKEN, "expires_in": "7200"}, OK, id="lifetime-in-a-string"),
        pytest.param(200, {**TOKEN, "expires_in": 0}, OK, id="no-lifetime-left"),
        pytest.param(200, {**TOKEN, "expires_in": []}, OK | PROTOCOL, id="lifetime-is-a-list"),
        pytest.param(200, {**TOKEN, "expires_in": -1}, OK | PROTOCOL, id="negative-lifetime"),
        pytest.param(200, {**TOKEN, "expires_in": True}, OK | PROTOCOL, id="lifetime-is-true"),
        pytest.param(200, {**TOKEN, "refresh_token": 7}, OK | PROTOCOL, id="refresh-token-is-7"),
        pytest.param(200, {**TOKEN, "refresh_token": None}, OK, id="refresh-token-is-null"),
        pytest.param(200, {**TOKEN, "scope": []}, OK | PROTOCOL, id="scope-is-a-list"),
        pytest.param(200, {**TOKEN, "extra": {}}, OK, id="unknown-member"),
        pytest.param(201, TOKEN, OK | PROTOCOL, id="token-with-201"),
        pytest.param(200, {**TOKEN, "access_token": ""}, PROTOCOL, id="empty-access-token"),
        pytest.param(200, {**TOKEN, "access_token": 7}, PROTOCOL, id="access-token-is-7"),
        pytest.param(200, {**TOKEN, "token_type": "mac"}, PROTOCOL, id="unknown-token-type"),
        pytest.param(200, {"access_token": "drawn"}, PROTOCOL, id="no-token-type"),
        pytest.param(200, {**TOKEN, "error": None}, PROTOCOL, id="token-and-error"),
        pytest.param(200, ERROR, PROTOCOL | REAUTH, id="invalid-grant-with-200"),
        pytest.param(200, {"error": "invalid_scope"}, PROTOCOL | CONFIG, id="error-with-200"),
        pytest.param(200, {"error": "server_error"}, PROTOCOL | LATER, id="server-error-200"),
        pytest.param(200, {"error": "slow_down"}, PROTOCOL, id="unknown-code-with-200"),
        pytest.param(200, [TOKEN], PROTOCOL, id="array"),
        pytest.param(200, None, PROTOCOL, id="null"),
        pytest.param(200, b"", PROTOCOL, id="empty"),
        pytest.param(204, b"", PROTOCOL, id="204"),
        pytest.param(200, b"<html></html>", PROTOCOL, id="html-labelled-json"),
        pytest.param(200, json.dumps(TOKEN).encode()[:-1], PROTOCOL, id="cut"),
        pytest.param(200, b"access_token=drawn&token_type=bearer", PROTOCOL, id="form"),
        pytest.param(302, TOKEN, PROTOCOL | {Kind.SECURITY_ERROR}, id="token-with-302"),
        pytest.param(400, ERROR, REAUTH, id="invalid-grant-400"),
        pytest.param(401, ERROR, REAUTH, id="invalid-grant-401"),
        pytest.param(403, ERROR, REAUTH | REFUSED, id="invalid-grant-403"),
        pytest.param(401, {"error": "invalid_client"}, CONFIG, id="invalid-client"),
        pytest.param(400, {"error": "unauthorized_client"}, CONFIG, id="unauthorized-client"),
        pytest.param(400, {"error": "unsupported_grant_type"}, CONFIG, id="unsupported-grant"),
        pytest.param(400, {"error": "invalid_request"}, CONFIG, id="invalid-request"),
        pytest.param(400, {"error": "invalid_scope"}, CONFIG, id="invalid-scope"),
        pytest.param(400, {"error": "temporarily_unavailable"}, LATER, id="unavailable-400"),
        pytest.param(400, {"error": "server_error"}, LATER, id="server-error-400"),
        pytest.param(400, {"error": "slow_down"}, REFUSED, id="unknown-code"),
        pytest.param(400, {"error": ["invalid_grant"]}, REFUSED, id="code-is-a-list"),
        pytest.param(400, {"errors": [{"status": "429"}]}, REFUSED, id="jsonapi-400"),
        pytest.param(404, b"<html></html>", REFUSED, id="html-404"),
        pytest.param(400, TOKEN, REFUSED, id="token-with-400"),
        pytest.param(408, b"", REFUSED | LATER, id="408"),
        pytest.param(429, ERROR, LATER, id="invalid-grant-429"),
        pytest.param(500, TOKEN, LATER, id="token-with-500"),
        pytest.param(503, b"<html></html>", LATER, id="html-503"),
        pytest.param(None, b"", LATER | {Kind.TRANSPORT_ERROR}, id="no-answer"),
    ],
)
def test_answer_allows_the_kinds_of_its_row(
    status: int | None, document: object, kinds: set[Kind]
) -> None:
    """The table and RFC 6749, section 5, say which kinds go with which answer."""
    assert read(status, document).kinds == kinds


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + json.dumps(TOKEN).encode(),
        json.dumps(TOKEN).encode().replace(b"}", b', "note": "\xe9"}'),
        json.dumps(TOKEN).encode().replace(b"7200", b"NaN"),
        json.dumps(TOKEN).encode().replace(b"{", b'{"token_type": "mac", '),
    ],
    ids=["byte-order-mark", "latin-1", "nan", "member-twice"],
)
def test_doubtful_token_may_be_taken_or_refused(body: bytes) -> None:
    """Where RFC 8259 leaves it to the reader, either verdict is right, and nothing else is."""
    assert read(200, body).kinds == OK | PROTOCOL


@pytest.mark.parametrize(
    "content_type", ["text/html", "", "application/json; charset=iso-8859-1", "text/json"]
)
def test_mislabelled_answer_may_be_read_or_not(content_type: str) -> None:
    """C13: a client may insist on application/json, or not."""
    assert read(200, TOKEN, content_type).kinds == OK | PROTOCOL
    assert read(400, ERROR, content_type).kinds == REAUTH | REFUSED


@pytest.mark.parametrize("content_type", ["Application/JSON", 'application/json; charset="UTF-8"'])
def test_label_is_read_without_regard_to_case(content_type: str) -> None:
    """RFC 9110, section 8.3.1: types, parameter names and charsets are case-insensitive."""
    assert read(200, TOKEN, content_type).kinds == OK


@pytest.mark.parametrize(
    ("refresh_token", "kept"),
    [
        ("drawn-refresh-token", {"drawn-refresh-token"}),
        ("", {None}),
        (None, {None}),
        (7200, {None}),
        ("nul\0", {"nul\0", None}),
    ],
    ids=["good", "empty", "null", "number", "nul"],
)
def test_success_brings_its_tokens(refresh_token: object, kept: set[str | None]) -> None:
    """What may be stored is what the answer says, and no refresh token that is none."""
    grants = {Grant(access_token="drawn-access-token", refresh_token=one) for one in kept}
    assert read(200, {**TOKEN, "refresh_token": refresh_token}).grants == grants


@pytest.mark.parametrize(
    ("status", "document"), [(200, ERROR), (400, TOKEN), (500, TOKEN), (302, TOKEN), (204, b"")]
)
def test_failure_brings_no_tokens(status: int, document: object) -> None:
    """INV-1: no status but a 2xx, and no answer with an error, brings tokens."""
    assert not read(status, document).brings_tokens


@pytest.mark.parametrize(
    "kinds",
    [OK, REAUTH, CONFIG, LATER, PROTOCOL, REFUSED, OK | PROTOCOL, REAUTH | REFUSED],
    ids=lambda kinds: "-or-".join(sorted(kinds)),
)
def test_drawn_answers_reach_each_row(kinds: set[Kind]) -> None:
    """The strategy draws answers for every row of the table."""

    def is_in_row(answer: Answer) -> bool:
        allowed = allow_after_token_answer(answer.status, answer.content_type, answer.body)
        return allowed.kinds == kinds

    many = settings(max_examples=5_000, derandomize=True, database=None, phases=[Phase.generate])
    assert find(token_answers(), is_in_row, settings=many)
