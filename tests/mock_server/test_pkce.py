"""Proof Key for Code Exchange."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.doorkeeper.pkce import is_supported_method, s256, verifier_fits
from livestorm_mock_server.rails.errors import InternalServerError
from livestorm_mock_server.store.records import AccessGrant, Application, Organization, User

verifiers = st.text(min_size=1).filter(lambda text: bool(text.strip()))


def grant_with(challenge: str | None, method: str | None) -> AccessGrant:
    """Make a code with a challenge."""
    workspace = Organization(id="w", name="W", slug="w")
    user = User(
        id=1, uuid="u", first_name="A", last_name="M", email="a@b.test", organization=workspace
    )
    application = Application(
        id=1, name="A", client_id="c", client_secret="s", redirect_uris=("https://c.test/",)
    )
    return AccessGrant(
        code="code",
        application=application,
        user=user,
        redirect_uri="https://c.test/",
        scopes=(),
        created_at=0,
        expires_in=600,
        code_challenge=challenge,
        code_challenge_method=method,
    )


def test_s256_derives_the_example_of_the_rfc() -> None:
    """The example of RFC 7636, appendix B, comes out."""
    challenge = s256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@given(verifier=verifiers)
def test_verifier_fits_its_s256_challenge(verifier: str) -> None:
    """A verifier fits the challenge that was derived from it."""
    assert verifier_fits(grant_with(s256(verifier), "S256"), verifier)


@given(verifier=verifiers)
def test_verifier_fits_its_plain_challenge(verifier: str) -> None:
    """Under `plain` the verifier is the challenge."""
    assert verifier_fits(grant_with(verifier, "plain"), verifier)


@given(verifier=verifiers, other=verifiers)
def test_other_verifier_does_not_fit(verifier: str, other: str) -> None:
    """No other verifier fits."""
    fits = verifier_fits(grant_with(s256(verifier), "S256"), other)
    assert fits == (verifier == other)


@given(verifier=verifiers)
def test_padded_challenge_never_fits(verifier: str) -> None:
    """A challenge with base64 padding is not the engine's."""
    assert not verifier_fits(grant_with(f"{s256(verifier)}=", "S256"), verifier)


@given(verifier=verifiers)
def test_verifier_without_a_challenge_does_not_fit(verifier: str) -> None:
    """A verifier for a code that has no challenge is refused."""
    assert not verifier_fits(grant_with(None, None), verifier)


@pytest.mark.parametrize("verifier", [None, "", " "])
def test_blank_verifier_fits_a_code_without_a_challenge(verifier: str | None) -> None:
    """Without a challenge, none is needed."""
    assert verifier_fits(grant_with(None, None), verifier)


@pytest.mark.parametrize("method", [None, "", "s256", "S512", "plain ", "S256\nfoo"])
def test_method_must_be_exactly_one_of_two(method: str | None) -> None:
    """`plain` and `S256` are the methods, letter by letter."""
    assert not is_supported_method(method, multiline=False)


def test_method_on_one_of_several_lines_passed_in_old_releases() -> None:
    """Until 5.8 one line of the method was enough."""
    assert is_supported_method("S256\nfoo", multiline=True)


@pytest.mark.parametrize("verifier", [1, ["a"], {"a": "b"}, True])
def test_verifier_that_is_no_text_is_the_engines_500(verifier: object) -> None:
    """The engine can't digest what is no text."""
    with pytest.raises(InternalServerError):
        verifier_fits(grant_with(s256("a"), "S256"), verifier)
