"""Rails' protection against request forgery."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.rails.csrf import (
    Session,
    check_authenticity_token,
    form_token,
    global_token,
    read_session,
    session_cookie,
)
from livestorm_mock_server.rails.errors import UnprocessableEntity
from livestorm_mock_server.rails.request import FORM, Request

SECRET = bytes(range(32))
PATH = "/oauth/authorize"
COOKIE = "_session_id"

masks = st.binary(min_size=32, max_size=32)
secrets = st.binary(min_size=32, max_size=32)


def post(
    token: str | None,
    *,
    method: str = "POST",
    prefix: str = "",
    headers: dict[str, str] | None = None,
) -> Request:
    """Make a request that changes state."""
    body = b"" if token is None else urlencode({"authenticity_token": token}).encode()
    pairs = {"content-type": FORM, "host": "127.0.0.1:8787"} | (headers or {})
    return Request(
        method=method,
        raw_path=PATH,
        query=b"",
        headers=list(pairs.items()),
        body=body,
        prefix=prefix,
    )


def is_accepted(request: Request, session: Session | None = Session(SECRET)) -> bool:  # noqa: B008
    """Tell whether a request passes the check."""
    try:
        check_authenticity_token(request, session)
    except UnprocessableEntity:
        return False
    return True


@given(secret=secrets, pad=masks)
def test_global_token_is_good_for_any_form(secret: bytes, pad: bytes) -> None:
    """The page's own token is accepted, whatever masks it."""
    assert is_accepted(post(global_token(secret, pad)), Session(secret))


@given(pad=masks)
def test_form_token_is_good_for_its_form(pad: bytes) -> None:
    """A form's token is accepted for its path and method."""
    assert is_accepted(post(form_token(SECRET, pad, PATH, "post")))


@given(pad=masks)
def test_form_token_of_another_method_is_refused(pad: bytes) -> None:
    """The token of Deny does not approve."""
    assert not is_accepted(post(form_token(SECRET, pad, PATH, "delete")))


@given(pad=masks, secret=secrets.filter(lambda secret: secret != SECRET))
def test_token_of_another_session_is_refused(pad: bytes, secret: bytes) -> None:
    """A token is bound to its session."""
    assert not is_accepted(post(global_token(secret, pad)))


@given(token=st.text(st.characters(codec="utf-8"), max_size=100))
def test_any_other_token_is_refused(token: str) -> None:
    """A guessed token is refused, whatever it holds."""
    assert not is_accepted(post(token))


@given(secret=secrets, first=masks, second=masks)
def test_masks_hide_the_token(secret: bytes, first: bytes, second: bytes) -> None:
    """Two masks make two texts of one token."""
    assert (global_token(secret, first) == global_token(secret, second)) == (first == second)


def test_token_in_a_header_is_accepted() -> None:
    """A script may send the page's token as X-CSRF-Token."""
    headers = {"x-csrf-token": global_token(SECRET, SECRET)}
    assert is_accepted(post(None, headers=headers))


def test_request_without_a_token_is_refused() -> None:
    """A token is needed."""
    assert not is_accepted(post(None))


def test_request_without_a_session_is_refused() -> None:
    """A session is needed."""
    assert not is_accepted(post(global_token(SECRET, SECRET)), None)


@pytest.mark.parametrize(
    ("origin", "accepted"),
    [
        ("http://127.0.0.1:8787", True),
        ("https://127.0.0.1:8787", False),
        ("http://attacker.example.test", False),
        ("null", False),
    ],
)
def test_origin_must_be_the_providers_own(origin: str, accepted: bool) -> None:
    """A good token from another origin is refused."""
    request = post(global_token(SECRET, SECRET), headers={"origin": origin})
    assert is_accepted(request) == accepted


def test_form_token_of_another_sandbox_is_refused() -> None:
    """The form's path includes the sandbox."""
    token = form_token(SECRET, SECRET, f"/s/one{PATH}", "post")
    assert is_accepted(post(token, prefix="/s/one"))
    assert not is_accepted(post(token, prefix="/s/two"))


@given(secret=secrets, has_notice=st.booleans())
def test_session_survives_its_cookie(secret: bytes, has_notice: bool) -> None:
    """What is set as a cookie is read back."""
    session = Session(secret, has_notice=has_notice)
    cookie = session_cookie(COOKIE, session, "").partition(";")[0]
    assert read_session(post(None, headers={"cookie": f"a=b; {cookie}"}), COOKIE) == session


@given(
    value=st.text(
        st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters=";")
    ).filter(lambda value: len(value) != 43)
)
def test_any_other_cookie_is_no_session(value: str) -> None:
    """A cookie that was not set by the provider is no session."""
    assert read_session(post(None, headers={"cookie": f"{COOKIE}={value}"}), COOKIE) is None
