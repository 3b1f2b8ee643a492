"""The token endpoint's answers, against the table of outcomes."""

import json
from collections.abc import Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_client import LivestormError, ProtocolError, Tokens
from livestorm_client.answer import Answer, read_lifetime, read_tokens

SENT_AT = 1_800_000_000.0
GRANTED = {"access_token": "abc", "token_type": "Bearer"}
CODES = [
    "invalid_grant",
    "invalid_client",
    "invalid_request",
    "invalid_scope",
    "server_error",
    "temporarily_unavailable",
    "made_up",
    "",
]
JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())
MEMBERS = {
    "access_token": st.just("abc") | JUNK,
    "token_type": st.sampled_from(["Bearer", "bearer", "BEARER", "mac", "N_A"]) | JUNK,
    "expires_in": st.sampled_from([7200, "7200", 7200.0, 0, -1, 10**15, "2 hours"]) | JUNK,
    "refresh_token": st.just("def") | JUNK,
    "scope": st.just("identity:read") | JUNK,
    "error": st.sampled_from(CODES) | JUNK | st.dictionaries(st.text(), JUNK),
    "error_description": JUNK,
    "errors": JUNK | st.lists(st.dictionaries(st.sampled_from(["title", "detail"]), JUNK)),
}
DOCUMENTS = st.fixed_dictionaries({}, optional=MEMBERS).map(lambda d: json.dumps(d).encode())
BODIES = (
    DOCUMENTS
    | st.binary()
    | DOCUMENTS.map(lambda body: body[:-1])
    | JUNK.map(lambda value: json.dumps(value).encode())
)
GRANTS = st.fixed_dictionaries(
    {
        "access_token": st.from_regex(r"[!-~]+", fullmatch=True) | st.just("a" * 9000),
        "token_type": st.sampled_from(["Bearer", "bearer", "BEARER"]),
    },
    optional={name: MEMBERS[name] for name in ("expires_in", "refresh_token", "scope", "errors")},
)
STATUSES = st.sampled_from([200, 201, 204, 302, 307, 400, 401, 403, 404, 429, 500, 502, 503])
TYPES = st.sampled_from(["application/json", "application/json; charset=utf-8", "text/html", ""])


def answer(
    status: int,
    body: object,
    content_type: str = "application/json",
    secrets: tuple[str, ...] = (),
) -> Answer:
    """Make an answer; a body that is not bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = httpx.Headers({"content-type": content_type})
    return Answer(status, headers, content, SENT_AT, secrets)


def read_available(received: Answer) -> Tokens:
    """Read an answer as the client does."""
    received.check_available(SENT_AT)
    return read_tokens(received)


def is_token(status: int, body: bytes) -> bool:
    """Tell by the definition of the invariant whether an answer grants a token."""
    try:
        document = json.loads(body.decode(errors="replace"))
    except ValueError:
        return False
    return (
        200 <= status < 300
        and isinstance(document, dict)
        and isinstance(document.get("access_token"), str)
        and document["access_token"] != ""
        and str(document.get("token_type")).lower() == "bearer"
        and "error" not in document
    )


def allowed_kinds(status: int, code: object) -> set[str]:
    """Give the outcomes that the table allows for an answer without a token."""
    if status == 429 or status >= 500:
        return {"retry_later"}
    if status < 400:
        return {"protocol_error"}
    if code == "invalid_grant" and status in (400, 401):
        return {"reauth_required"}
    if code in ("server_error", "temporarily_unavailable"):
        return {"retry_later"}
    if code in ("invalid_client", "invalid_request", "invalid_scope"):
        return {"config_error"}
    return {"protocol_error", "config_error"}


@given(status=STATUSES, body=BODIES, content_type=TYPES)
def test_no_phantom_token(status: int, body: bytes, content_type: str) -> None:
    """Only a complete 2xx JSON object with a Bearer access_token and no error is a token."""
    try:
        read_tokens(answer(status, body, content_type))
    except LivestormError as error:
        assert error.status == status  # noqa: PT017
        return
    assert is_token(status, body)


@given(status=STATUSES, code=st.sampled_from(CODES) | JUNK)
def test_refusal_is_classified_by_the_table(status: int, code: object) -> None:
    """The status decides first, then the error code."""
    with pytest.raises(LivestormError) as raised:
        read_available(answer(status, {"error": code}))
    assert raised.value.kind in allowed_kinds(status, code)


@given(document=GRANTS)
def test_grant_is_accepted_whatever_the_other_members_are(document: dict[str, object]) -> None:
    """A valid token is a token, however odd its lifetime, scope or refresh token."""
    tokens = read_tokens(answer(200, document))
    assert tokens.access_token == document["access_token"]


@given(refresh_token=JUNK)
def test_refresh_token_is_kept_unless_a_usable_one_comes(refresh_token: object) -> None:
    """After a refresh the token is the one sent or one that can be sent."""
    previous = Tokens(access_token="a", refresh_token="kept", scope=("identity:read",))
    document = {**GRANTED, "refresh_token": refresh_token}
    tokens = read_tokens(answer(200, document), previous=previous)
    assert tokens.refresh_token in ("kept", refresh_token)
    assert tokens.refresh_token
    assert tokens.scope == ("identity:read",)


@given(seconds=st.integers(0, 10**15), form=st.sampled_from([int, float, str, "{}.0".format]))
def test_lifetime_counts_from_the_request(seconds: int, form: Callable[[int], object]) -> None:
    """Whole numbers in any spelling are seconds from the moment the request was sent."""
    document = {**GRANTED, "expires_in": form(seconds)}
    tokens = read_tokens(answer(200, document))
    assert tokens.expires_at == SENT_AT + seconds


@given(seconds=st.integers(max_value=0))
def test_lifetime_of_zero_or_less_is_over(seconds: int) -> None:
    """Such a token is expired, not eternal."""
    tokens = read_tokens(answer(200, {**GRANTED, "expires_in": seconds}))
    assert tokens.due(SENT_AT, leeway=0)


@pytest.mark.parametrize(
    "value",
    [None, True, "", "2 hours", "7200.", float("inf"), 1e300, [7200], {}, "٣", "0x1"],
)
def test_lifetime_of_junk_is_unknown(value: object) -> None:
    """What is no whole number says nothing about expiry."""
    assert read_lifetime(value) is None


@pytest.mark.parametrize("value", [10**400, 10**15 + 1, "9" * 400])
def test_lifetime_of_ages_does_not_overflow(value: object) -> None:
    """An absurd lifetime is a very long one."""
    assert read_lifetime(value) == 1e15


@pytest.mark.parametrize(("value", "seconds"), [("0.5", 0.5), (10**15, 1e15), ("-7.25", 0.0)])
def test_lifetime_may_be_any_plain_number(value: object, seconds: float) -> None:
    """Fractions, and whole ages, are numbers of seconds, and none of them is negative."""
    assert read_lifetime(value) == seconds


@pytest.mark.parametrize("access_token", ["", " ", "a\nb", "é", "\ud800", "a\0", 7, None, ["a"]])
def test_unsendable_access_token_is_a_protocol_error(access_token: object) -> None:
    """A value that cannot stand in an Authorization header is no token."""
    with pytest.raises(ProtocolError):
        read_tokens(answer(200, {**GRANTED, "access_token": access_token}))


def test_error_in_a_success_keeps_its_code() -> None:
    """A 200 with an error is a failure that carries the server's code."""
    document = {**GRANTED, "error": "invalid_grant"}
    with pytest.raises(ProtocolError) as raised:
        read_tokens(answer(200, document))
    assert raised.value.code == "invalid_grant"


def test_json_api_error_is_explained() -> None:
    """A gateway's JSON:API error is no OAuth error, but its text helps."""
    with pytest.raises(ProtocolError, match="answered 403 without a token: Workspace blocked"):
        read_tokens(answer(403, {"errors": [{"title": "Workspace blocked"}]}))


@given(secret=st.uuids().map(str), status=STATUSES, member=st.sampled_from(sorted(MEMBERS)))
def test_refusal_never_repeats_a_secret(secret: str, status: int, member: str) -> None:
    """An answer that echoes a secret anywhere does not get it into the error."""
    document = {"error": "invalid_request", member: f"bad {secret}"}
    with pytest.raises(LivestormError) as raised:
        read_tokens(answer(status, document, secrets=(secret,)))
    assert secret not in f"{raised.value!r}{raised.value.code}"


def test_granted_scope_is_exposed() -> None:
    """The scope is what the server says it granted, in its order."""
    document = {**GRANTED, "scope": "webhooks:read  identity:read"}
    tokens = read_tokens(answer(200, document))
    assert tokens.scope == ("webhooks:read", "identity:read")


def test_granted_lifetime_is_exposed() -> None:
    """It decides how early the tokens are due."""
    body = json.dumps({**GRANTED, "expires_in": 7200}).encode()
    assert read_tokens(answer(201, body)).lifetime == 7200


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (302, b"", "the token endpoint answered 302 without a token"),
        (404, b"", "the token endpoint answered 404 without a token"),
        (200, b'{"token_type": "Bearer"}', "the token endpoint answered no Bearer access_token"),
    ],
)
def test_answer_without_tokens_says_so(status: int, body: bytes, message: str) -> None:
    """And nothing else, where the server explains nothing."""
    with pytest.raises(ProtocolError) as raised:
        read_tokens(answer(status, body))
    assert str(raised.value) == message
