"""The rules of scopes."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.doorkeeper.releases import RELEASES
from livestorm_mock_server.doorkeeper.scopes import default_scopes, is_valid_scope, split_scope

KNOWN = ("identity:read", "events:read", "events:write", "admin:read")

known = st.lists(st.sampled_from(KNOWN), min_size=1, max_size=6)


@given(scopes=known)
def test_split_scope_keeps_the_order_and_drops_duplicates(scopes: list[str]) -> None:
    """The first mention of each scope stays where it was."""
    assert split_scope(" ".join(scopes)) == tuple(dict.fromkeys(scopes))


@given(text=st.text())
def test_split_scope_is_stable(text: str) -> None:
    """Splitting what was split and joined changes nothing."""
    assert split_scope(" ".join(split_scope(text))) == split_scope(text)


@given(scopes=known)
def test_known_scopes_are_valid_in_any_order(scopes: list[str]) -> None:
    """Any selection of what is allowed is valid."""
    assert is_valid_scope(" ".join(scopes), KNOWN)


@given(scopes=known, stranger=st.text(min_size=1).filter(lambda text: not text.isspace()))
def test_one_unknown_scope_spoils_all(scopes: list[str], stranger: str) -> None:
    """A partly unknown scope is invalid as a whole."""
    asked = " ".join([*scopes, stranger])
    assert is_valid_scope(asked, KNOWN) == (set(split_scope(asked)) <= set(KNOWN))


@pytest.mark.parametrize(
    "scope",
    [
        "",
        " ",
        "identity:read\tevents:read",
        "identity:read\n",
        "identity:read,events:read",
        "Identity:read",
        "identity",
        "identity:read+events:read",
    ],
)
def test_malformed_scope_is_invalid(scope: str) -> None:
    """Only spaces separate, case counts, and something must be there."""
    assert not is_valid_scope(scope, KNOWN)


@given(server=known, application=st.lists(st.sampled_from(KNOWN), max_size=4))
def test_defaults_are_what_server_and_application_share(
    server: list[str], application: list[str]
) -> None:
    """The defaults are the server's, as far as the application may have them."""
    wanted = [scope for scope in server if not application or scope in application]
    assert list(default_scopes(server, application)) == wanted


NO_TEXT: dict[str, object] = {
    "number": 1.5,
    "true": True,
    "array": ["events:read"],
    "array of nothing": [""],
    "object": {"a": "b"},
}
BLANK: dict[str, object] = {"null": None, "false": False, "": "", "no array": [], "nothing": {}}
GRANTS = ("client_credentials", "refresh_token")
FLOWS = ("authorization_code", "client_credentials")


def ask(
    provider: LivestormSandbox, http: httpx.Client, grant: str, scope: object, secret: str = ""
) -> httpx.Response:
    """Ask for tokens in JSON."""
    members = {
        "grant_type": grant,
        "client_id": provider.client_id,
        "client_secret": secret or provider.client_secret,
        "refresh_token": provider.issue_tokens()["refresh_token"],
        "scope": scope,
    }
    return http.post(f"{provider.app_url}/oauth/token", json=members)


@pytest.mark.parametrize("grant", GRANTS)
@pytest.mark.parametrize("release", RELEASES)
def test_scope_that_is_no_text(
    livestorm_server: MockLivestorm, http: httpx.Client, release: str, grant: str
) -> None:
    """It is refused as malformed from 6.0 on; before, only an array is refused, else it fails."""
    with livestorm_server.sandbox(release=release, grant_flows=FLOWS) as provider:
        for scope in NO_TEXT.values():
            answer = ask(provider, http, grant, scope)
            if release == "6.0":
                assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
            elif isinstance(scope, list):
                assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
            else:
                assert answer.status_code == 500
        for scope in BLANK.values():
            assert ask(provider, http, grant, scope).status_code == 200


@pytest.mark.parametrize(
    ("release", "grant", "status"),
    [
        ("5.9", "client_credentials", 500),
        ("6.0", "client_credentials", 400),
        ("5.9", "refresh_token", 401),
        ("6.0", "refresh_token", 401),
    ],
)
def test_client_credentials_read_the_scope_before_the_client(
    livestorm_server: MockLivestorm, http: httpx.Client, release: str, grant: str, status: int
) -> None:
    """There a wrong secret does not show; where a refresh token is used, it does."""
    with livestorm_server.sandbox(release=release, grant_flows=FLOWS) as provider:
        assert ask(provider, http, grant, 1, "wrong").status_code == status


@pytest.mark.parametrize("release", RELEASES)
def test_scope_of_an_authorization_that_is_no_text(
    livestorm_server: MockLivestorm, http: httpx.Client, release: str
) -> None:
    """A number is malformed in 6.0 and fails before; an array and an object are ignored."""
    with livestorm_server.sandbox(release=release, consent="approve") as provider:
        asked = {
            "client_id": provider.client_id,
            "redirect_uri": provider.redirect_uri,
            "response_type": "code",
        }
        url = f"{provider.app_url}/oauth/authorize"
        found = {
            name: http.request("GET", url, params=asked, json={"scope": scope}).status_code
            for name, scope in (NO_TEXT | BLANK).items()
        }
    malformed = {name for name, status in found.items() if status != 302}
    assert malformed == {"number", "true"}
    assert {found[name] for name in malformed} == {400 if release == "6.0" else 500}
