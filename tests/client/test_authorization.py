"""The authorization request and its callback."""

import base64
import hashlib
import threading
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_client import (
    AccessDenied,
    AuthorizationRequest,
    LivestormClient,
    LivestormError,
    ProtocolError,
    SecurityError,
)
from livestorm_client.authorization import (
    read_callback,
)

ISSUER = "https://app.livestorm.co"
CLIENT = LivestormClient(
    client_id="client-id",
    client_secret="client-secret",
    redirect_uri="https://example.com/callback?tenant=a%20b&x=1",
)
NAMES = st.sampled_from(["state", "code", "error", "error_description", "iss", "extra"])
PAIRS = st.lists(st.tuples(NAMES, st.text(max_size=20)), max_size=5)


def start() -> AuthorizationRequest:
    """Make a request."""
    return CLIENT.authorization_request(["identity:read", "events:write"])


def callback(pairs: list[tuple[str, str]]) -> str:
    """Write a callback URL."""
    return f"https://example.com/callback?{urlencode(pairs, errors='replace')}"


def challenge_of(verifier: str) -> str:
    """Give the S256 challenge of a verifier by the words of RFC 7636, section 4.2."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.b64encode(digest).decode().translate(str.maketrans("+/", "-_", "="))


@given(pairs=PAIRS)
def test_callback_without_the_state_is_a_security_error(pairs: list[tuple[str, str]]) -> None:
    """No callback that lacks our state gives a code or uses the request up."""
    request = start()
    with pytest.raises(SecurityError):
        read_callback(request, callback(pairs), issuer=None)
    own = [("state", request.state), ("code", "c")]
    assert read_callback(request, callback(own), issuer=None) == "c"


@given(pairs=PAIRS)
def test_callback_with_the_state_gives_its_code_or_an_error(pairs: list[tuple[str, str]]) -> None:
    """A code comes only from a callback with one state, one code and no error."""
    request = start()
    pairs = [("state", request.state), *pairs]
    try:
        code = read_callback(request, callback(pairs), issuer=None)
    except LivestormError:
        return
    names = [name for name, _ in pairs]
    assert names.count("state") == names.count("code") == 1
    assert dict(pairs)["code"] == code
    assert "error" not in names


@given(url=st.text())
def test_callback_that_is_any_text_is_a_security_error(url: str) -> None:
    """Text that is no URL is refused like a forged callback."""
    with pytest.raises(SecurityError):
        read_callback(start(), url, issuer=None)


def test_callback_with_a_state_of_no_characters_is_a_security_error() -> None:
    """A state that cannot be encoded is a wrong one."""
    with pytest.raises(SecurityError, match=r"^the callback's state is not the request's$"):
        read_callback(start(), "https://example.com/callback?state=\ud800", issuer=None)


def test_refusal_says_what_the_server_said_without_the_code() -> None:
    """The error and its description are repeated, a code in them is not."""
    request = start()
    pairs = [("state", request.state), ("code", "the-code"), ("error", "access_denied")]
    with pytest.raises(AccessDenied) as raised:
        read_callback(request, callback([*pairs, ("error_description", "no the-code")]), None)
    assert str(raised.value) == "the user was sent back with access_denied: no ***"


def test_second_callback_is_a_security_error() -> None:
    """A request that was used up says so."""
    request = start()
    request.spend()
    with pytest.raises(SecurityError, match=r"^the authorization request was used before$"):
        request.spend()


def test_callback_with_a_broken_host_is_a_security_error() -> None:
    """A URL that cannot be split is refused."""
    with pytest.raises(SecurityError, match=r"^the callback is not a URL$"):
        read_callback(start(), "https://[half/?code=c", issuer=None)


@pytest.mark.parametrize("name", ["state", "code", "error", "iss", "error_description"])
def test_repeated_parameter_is_a_security_error(name: str) -> None:
    """A parameter that matters must not stand in the callback twice."""
    request = start()
    pairs = [("state", request.state), (name, "a"), (name, "a")]
    with pytest.raises(SecurityError, match=f"more than one {name}"):
        read_callback(request, callback(pairs), issuer=None)


@pytest.mark.parametrize("iss", ["https://evil.example", f"{ISSUER}/", "", None])
def test_other_issuer_than_the_configured_is_a_security_error(iss: str | None) -> None:
    """The issuer is compared as a string, and one is needed."""
    request = start()
    pairs = [("state", request.state), ("code", "c"), *([("iss", iss)] if iss is not None else [])]
    with pytest.raises(
        SecurityError, match=r"^the callback does not come from the configured issuer$"
    ):
        read_callback(request, callback(pairs), issuer=ISSUER)


@pytest.mark.parametrize(("iss", "issuer"), [(ISSUER, ISSUER), ("https://evil.example", None)])
def test_issuer_is_taken_as_configured(iss: str, issuer: str | None) -> None:
    """The right issuer is accepted, and without a configured one `iss` means nothing."""
    request = start()
    pairs = [("state", request.state), ("code", "c"), ("iss", iss)]
    assert read_callback(request, callback(pairs), issuer=issuer) == "c"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("access_denied", "denied"),
        ("server_error", "retry_later"),
        ("temporarily_unavailable", "retry_later"),
        ("invalid_scope", "config_error"),
        ("unauthorized_client", "config_error"),
        ("made_up", "protocol_error"),
        ("", "protocol_error"),
    ],
)
def test_error_wins_over_a_code(error: str, kind: str) -> None:
    """An error in the callback is reported by its code, whatever else is there."""
    request = start()
    pairs = [("state", request.state), ("code", "c"), ("error", error)]
    with pytest.raises(LivestormError) as raised:
        read_callback(request, callback(pairs), issuer=None)
    assert (raised.value.kind, raised.value.code) == (kind, error or None)


@given(description=st.text())
def test_error_description_is_shown_in_one_short_line(description: str) -> None:
    """Line breaks, control characters and masses of text do not reach a log."""
    request = start()
    pairs = [("state", request.state), ("error", "x"), ("error_description", description * 300)]
    with pytest.raises(ProtocolError) as raised:
        read_callback(request, callback(pairs), issuer=None)
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 300


def test_error_description_of_a_forged_callback_is_not_shown() -> None:
    """With a wrong state nothing of the callback is repeated."""
    pairs = [("state", "no"), ("error", "access_denied"), ("error_description", "<script>")]
    with pytest.raises(SecurityError) as raised:
        read_callback(start(), callback(pairs), issuer=None)
    assert "script" not in str(raised.value)


@pytest.mark.parametrize("pairs", [[], [("code", "")], [("code", "a\nb")]])
def test_callback_without_a_usable_code_is_a_protocol_error(pairs: list[tuple[str, str]]) -> None:
    """With the right state but nothing to exchange there is nothing to send."""
    request = start()
    with pytest.raises(ProtocolError, match=r"^the callback has no usable code$"):
        read_callback(request, callback([("state", request.state), *pairs]), issuer=None)


def test_request_counts_once_even_for_threads() -> None:
    """Of many simultaneous deliveries of one callback exactly one gets through."""
    request = start()
    url = callback([("state", request.state), ("code", "c")])
    barrier, outcomes = threading.Barrier(8), list[str]()

    def deliver() -> None:
        barrier.wait()
        try:
            outcomes.append(read_callback(request, url, issuer=None))
        except SecurityError:
            outcomes.append("refused")

    threads = [threading.Thread(target=deliver) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["c"] + ["refused"] * 7


def test_url_carries_the_request_and_nothing_secret() -> None:
    """The browser gets the registered redirect_uri, the scopes with one space, and S256."""
    request = start()
    parts = urlsplit(request.url)
    query = dict(parse_qsl(parts.query))
    assert request.url.startswith("https://app.livestorm.co/oauth/authorize?")
    assert query == {
        "response_type": "code",
        "client_id": "client-id",
        "redirect_uri": CLIENT.redirect_uri,
        "scope": "identity:read events:write",
        "state": request.state,
        "code_challenge": challenge_of(request.code_verifier),
        "code_challenge_method": "S256",
    }
    assert "identity%3Aread%20events%3Awrite" in parts.query
    assert request.redirect_uri == CLIENT.redirect_uri


def test_url_without_scope_leaves_the_parameter_out() -> None:
    """The application's default scopes are asked for by saying nothing."""
    assert "scope" not in parse_qs(urlsplit(CLIENT.authorization_request().url).query)


def test_requests_are_unguessable_and_never_alike() -> None:
    """State has 256 bits, the verifier the length of RFC 7636, and both are fresh each time."""
    requests = [start() for _ in range(20)]
    assert len({request.state for request in requests}) == 20
    assert len({request.code_verifier for request in requests}) == 20
    assert {len(request.state) for request in requests} == {43}
    assert {len(request.code_verifier) for request in requests} == {43}


def test_repr_hides_the_verifier() -> None:
    """A logged request does not give the code away."""
    request = start()
    assert request.code_verifier not in repr(request)
