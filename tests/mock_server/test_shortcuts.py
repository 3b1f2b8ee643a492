"""Short cuts are as strict as the wire."""

import re
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server import InvalidInputError, LivestormSandbox, MockLivestorm
from livestorm_mock_server.control_access import ControlAccess
from livestorm_mock_server.scenario import ApplicationEntry

from .authorization_urls import asked, url_of

values = st.one_of(st.none(), st.sampled_from(["", " ", "code", "token", "plain", "S256", "é\0"]))
texts = st.one_of(values, st.text(max_size=20), st.just("events:read"), st.just("a" * 11_000))
changes = st.dictionaries(
    st.sampled_from(
        "response_type redirect_uri state scope code_challenge code_challenge_method client_id"
        " response_mode _method".split()
    ),
    texts,
    max_size=3,
)


@settings(max_examples=60)
@given(changed=changes, junk=st.sampled_from(["", "", "&", "&a[", "&a=%ff", "&scope[]=x", "#x"]))
def test_url_is_approved_just_where_a_browser_is_asked(
    livestorm_server: MockLivestorm, changed: dict[str, str | None], junk: str
) -> None:
    """Whatever a client's URL says: a code comes where the wire shows the page, and only there."""
    with livestorm_server.sandbox() as livestorm:
        query = urlencode(asked(livestorm, **changed), errors="replace")
        url = f"{livestorm.app_url}/oauth/authorize?{query}{junk}"
        page = httpx.get(url, trust_env=False)
        if "Authorization required" not in page.text:
            with pytest.raises(InvalidInputError, match="is refused"):
                livestorm.authorize(url)
            return
        assert livestorm.authorize(url).startswith(livestorm.redirect_uri)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"response_type": None}, "refused: response_type is missing or blank (the answer is 400)"),
        ({"redirect_uri": None}, "refused: redirect_uri is not registered (the answer is 400)"),
        ({"client_id": None}, "refused: client_id is missing or blank (the answer is 400)"),
        ({"client_id": "nobody"}, "refused: there is no application 'nobody' (the answer is 401)"),
        ({"state": "a" * 12_000}, "refused: the query string is longer than 10240 bytes (the an"),
    ],
    ids=["response_type", "redirect_uri", "no-client", "unknown-client", "long-state"],
)
def test_url_that_the_wire_refuses_is_refused_with_its_reason(
    livestorm: LivestormSandbox, changed: dict[str, str | None], words: str
) -> None:
    """Nothing is filled in for a client that made its own URL; the limits are the server's."""
    with pytest.raises(InvalidInputError, match=re.escape(words)):
        livestorm.authorize(url_of(livestorm, **changed))
    with pytest.raises(InvalidInputError, match="is refused"):
        livestorm.authorize(url_of(livestorm, **changed), decision="deny")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://evil.example/wrong/path?{query}", "the origin of url is 'https://evil.example'"),
        ("http://127.0.0.1:1/oauth/authorize?{query}", "the origin of url is 'http://127.0.0.1:1'"),
        ("http://127.0.0.1:x/oauth/authorize", "the origin of url is 'http://127.0.0.1:x'"),
        ("https://{host}{prefix}/oauth/authorize?{query}", "the origin of url is 'https://"),
        ("http://{host}{prefix}/oauth/authorise?{query}", "expected {prefix}/oauth/authorize"),
        ("http://{host}{prefix}/oauth/authorize/native", "the path of url is "),
        ("http://{host}{prefix}oauth/authorize?{query}", "the path of url is "),
        ("http://{host}/oauth/authorize?{query}", "the path of url is '/oauth/authorize'"),
        ("http://{host}/s/other/oauth/authorize?{query}", "the path of url is '/s/other/oauth"),
        ("...", "url is '...'; expected an authorization URL, such as http://{host}{prefix}/oauth"),
        ("", "url is ''; expected an authorization URL"),
        ("http://[", "url is 'http://['; expected an authorization URL"),
        ("/oauth/authorize?{query}", "expected an authorization URL"),
        ("urn:ietf:wg:oauth:2.0:oob", "expected an authorization URL"),
    ],
)
def test_url_that_leads_elsewhere_is_refused(
    livestorm: LivestormSandbox, url: str, words: str
) -> None:
    """Another origin, another path and what is no URL are named, and nothing is sent."""
    parts = urlsplit(livestorm.app_url)
    known = {"host": parts.netloc, "prefix": parts.path, "query": urlencode(asked(livestorm))}
    with pytest.raises(InvalidInputError, match=re.escape(words.format(**known))):
        livestorm.authorize(url.format(**known))
    assert len(livestorm.journal) == 0


@pytest.mark.parametrize("address", ["http://127.0.0.1:{0}", "HTTP://LocalHost:{0}"])
def test_url_at_any_name_of_the_server_is_opened(livestorm: LivestormSandbox, address: str) -> None:
    """The loopback address by its name is the fake's own, as it is to browsers."""
    parts = urlsplit(url_of(livestorm))
    url = f"{address.format(parts.port)}{parts.path}?{parts.query}"
    assert livestorm.authorize(url).startswith(livestorm.redirect_uri)
    request = livestorm.journal.entries()[0].exchange.request
    assert request.header("host") == urlsplit(url).netloc.lower()


def test_url_at_the_other_origin_comes_there(livestorm: LivestormSandbox) -> None:
    """The second port is the fake's own; what is sent there is judged as sent there."""
    url = url_of(livestorm).replace(livestorm.app_url, livestorm.other_url)
    assert livestorm.authorize(url + "&code=c").startswith(livestorm.redirect_uri)
    assert "secret_to_other_origin" in [one.rule for one in livestorm.audit()]


def test_url_at_the_public_url_is_opened() -> None:
    """Behind a proxy that speaks TLS, the browser speaks TLS."""
    with MockLivestorm(public_url="https://fake.example.test") as livestorm:
        assert livestorm.authorize(url_of(livestorm)).startswith(livestorm.redirect_uri)
        request = livestorm.journal.entries()[-1].exchange.request
        assert (request.base_url, request.header("origin")) == ("https://fake.example.test",) * 2


@pytest.mark.parametrize(
    ("host", "status"),
    [("fake.example.test", 200), ("fake.example.test:80", 200), ("other.example.test", 422)],
)
def test_url_at_the_address_of_the_control_request_is_opened(host: str, status: int) -> None:
    """Where the fake is known by another name, it is the one by which the test reached it."""
    access = ControlAccess(hosts=frozenset({"fake.example.test", "other.example.test"}))
    with MockLivestorm(access=access) as livestorm:
        url = f"http://fake.example.test:80/oauth/authorize?{urlencode(asked(livestorm))}"
        answer = httpx.post(
            f"{livestorm.control_url}/authorize",
            json={"url": url},
            headers={"Host": host},
            trust_env=False,
        )
    assert answer.status_code == status, answer.text


def test_parameters_replace_those_of_the_url(livestorm: LivestormSandbox) -> None:
    """What is replaced is no longer there; all else is sent byte for byte as the client made it."""
    url = url_of(livestorm, state="a b") + "&extra=%7E~%C3%A9&scope=identity%3Aread"
    livestorm.authorize(url, scope="events:read")
    request = livestorm.journal.entries()[0].exchange.request
    kept = urlsplit(url).query.removesuffix("scope=identity%3Aread")
    assert request.query.decode() == f"{kept}scope=events%3Aread"


def test_url_is_encoded_as_a_browser_encodes_it(livestorm: LivestormSandbox) -> None:
    """Spaces and letters beyond ASCII are no part of a request line."""
    url = url_of(livestorm, state=None) + '&state=a é"<'
    assert parse_qs(urlsplit(livestorm.authorize(url)).query)["state"] == ['a é"<']
    request = livestorm.journal.entries()[0].exchange.request
    assert request.query.decode().endswith("&state=a%20" + quote('é"<'))


@pytest.mark.livestorm(consent="deny")
def test_provider_that_denies_is_not_overruled(livestorm: LivestormSandbox) -> None:
    """Where the scenario's user denies, no short cut approves."""
    assert "error=access_denied" in livestorm.authorize(url_of(livestorm))


@pytest.mark.livestorm(release="6.0", handle_auth_errors="redirect")
def test_error_that_is_redirected_comes_back_to_the_client(livestorm: LivestormSandbox) -> None:
    """Where the provider tells the client of an error, the browser is sent there."""
    location = livestorm.authorize(url_of(livestorm, scope="nope"))
    assert parse_qs(urlsplit(location).query)["error"] == ["invalid_scope"]


@pytest.mark.livestorm(consent="approve")
def test_user_who_is_not_asked_can_not_deny(livestorm: LivestormSandbox) -> None:
    """Without a page there is no button: a denial says so."""
    with pytest.raises(
        InvalidInputError, match="decision is 'deny'; expected approve, as the user"
    ):
        livestorm.authorize(url_of(livestorm), decision="deny")


@pytest.mark.livestorm(rate_limits=False)
def test_user_who_is_remembered_can_not_deny(livestorm: LivestormSandbox) -> None:
    """Who has approved the same scopes is not asked again; with other scopes, they are."""
    livestorm.issue_tokens(scope="events:read")
    with pytest.raises(InvalidInputError, match="a live token of the same scopes"):
        livestorm.authorize(url_of(livestorm, scope="events:read"), decision="deny")
    denied = livestorm.authorize(url_of(livestorm, scope="events:write"), decision="deny")
    assert "error=access_denied" in denied


def test_tokens_have_no_scope_that_the_application_may_not_have(
    livestorm: LivestormSandbox,
) -> None:
    """What no flow grants to an application, the short cut does not issue."""
    entry = ApplicationEntry(
        name="Limited", redirect_uris=(livestorm.redirect_uri,), scopes=("events:read",)
    )
    client_id = livestorm.register_application(entry).client_id
    with pytest.raises(InvalidInputError, match="scope is 'admin:read'"):
        livestorm.issue_tokens(client_id=client_id, scope="admin:read")
    with pytest.raises(InvalidInputError, match="scope is missing"):
        livestorm.issue_tokens(client_id=client_id)
    assert (
        livestorm.issue_tokens(client_id=client_id, scope="events:read")["scope"] == "events:read"
    )


def test_client_that_makes_no_url_is_refused(livestorm: LivestormSandbox) -> None:
    """What it gives in the place of one is no request that the fake makes up."""
    for url in (None, 3):
        with pytest.raises(InvalidInputError, match=f"url is {url}"):
            livestorm.authorize(url)  # type: ignore[arg-type]
    answer = httpx.post(f"{livestorm.control_url}/authorize", json={"url": None})
    assert (answer.status_code, "url is None" in answer.json()["error"]) == (422, True)
