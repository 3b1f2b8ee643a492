"""How the client is registered, where whoever starts the fake says so."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.doorkeeper.uris import is_valid_redirect_uri
from livestorm_mock_server.reading import InvalidInputError
from livestorm_mock_server.registration import BY_SCENARIO, read_registration
from livestorm_mock_server.scenario import ApplicationEntry

from tests.mock_server.served import Served, assert_wrong_usage, run

PRODUCTION = "https://app.example.com/livestorm/callback"
LOCAL = "http://localhost:4321/auth/callback"
UNREGISTERED = "https://branch-7.preview.example.com/callback"
GIVEN = {"client_id": "our-id", "client_secret": "our-secret", "redirect_uris": [PRODUCTION, LOCAL]}
TWO_APPLICATIONS = """
[[applications]]
name = "Public"
client_id = "public-id"
client_secret = "public-secret"
redirect_uris = ["https://public.test/callback"]
confidential = false

[[applications]]
name = "Confidential"
client_id = "scenario-id"
client_secret = "scenario-secret"
redirect_uris = ["https://scenario.test/callback"]
"""
PUBLIC_ALONE = TWO_APPLICATIONS.partition('\n[[applications]]\nname = "Confidential"')[0]


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    """A client that follows no redirect."""
    with httpx.Client(trust_env=False, timeout=15) as client:
        yield client


@pytest.fixture(scope="module")
def given_server() -> Iterator[MockLivestorm]:
    """A server that was told how the client is registered."""
    with MockLivestorm(**GIVEN, consent="approve", rate_limits=False) as server:  # type: ignore[arg-type]
        yield server


def assert_connects(
    http: httpx.Client,
    app_url: str,
    redirect_uri: str,
    *,
    id: str = "our-id",  # noqa: A002
    secret: str = "our-secret",
) -> None:
    """Check that the whole flow works with these credentials."""
    asked = {"response_type": "code", "client_id": id, "redirect_uri": redirect_uri}
    location = http.get(f"{app_url}/oauth/authorize", params=asked).headers["location"]
    assert location.startswith(redirect_uri)
    body = {
        "grant_type": "authorization_code",
        "client_id": id,
        "client_secret": secret,
        "redirect_uri": redirect_uri,
        "code": parse_qs(urlsplit(location).query)["code"][0],
    }
    assert http.post(f"{app_url}/oauth/token", data=body).status_code == 200


def authorize(http: httpx.Client, livestorm: LivestormSandbox, redirect_uri: str) -> httpx.Response:
    asked = {
        "response_type": "code",
        "client_id": livestorm.client_id,
        "redirect_uri": redirect_uri,
        "state": "0123456789abcdef0123456789abcdef",
    }
    return http.get(f"{livestorm.app_url}/oauth/authorize", params=asked)


def assert_refused(http: httpx.Client, livestorm: LivestormSandbox, redirect_uri: str) -> None:
    """Check that nobody is asked, nor sent anywhere."""
    answer = authorize(http, livestorm, redirect_uri)
    assert "location" not in answer.headers
    assert "<form" not in answer.text
    assert livestorm.journal.entries()[-1].exchange.reason == "redirect_uri is not registered"


def assert_registered(livestorm: LivestormSandbox) -> None:
    """Check that the client is known as it was given."""
    assert (livestorm.client_id, livestorm.client_secret) == ("our-id", "our-secret")
    assert livestorm.redirect_uris == (PRODUCTION, LOCAL)


@pytest.mark.parametrize("redirect_uri", [PRODUCTION, LOCAL])
def test_given_client_connects(
    given_server: MockLivestorm, http: httpx.Client, redirect_uri: str
) -> None:
    """With its own id, secret and each of its redirect URIs."""
    assert_registered(given_server)
    assert_connects(http, given_server.app_url, redirect_uri)


def test_redirect_uri_of_the_scenario_is_registered_no_more(
    given_server: MockLivestorm, http: httpx.Client
) -> None:
    """A client that still has another one is refused, as it would be by Livestorm."""
    assert_refused(http, given_server, "https://client.example.test/callback")


def test_what_is_not_given_stays(http: httpx.Client) -> None:
    """Redirect URIs alone change neither id nor secret."""
    with MockLivestorm(redirect_uris=[LOCAL], consent="approve") as server:
        assert server.client_id == "example-client-id"
        assert_connects(
            http, server.app_url, LOCAL, id="example-client-id", secret="example-client-secret"
        )


@pytest.mark.parametrize("change", ["reset", "name", "toml", "defaults"])
def test_given_client_stays(given_server: MockLivestorm, http: httpx.Client, change: str) -> None:
    """A reset does not touch it, nor does another scenario, whatever applications that has."""
    bodies = {
        "name": {"scenario": "happy_path"},
        "toml": {"toml": TWO_APPLICATIONS},
        "defaults": {"toml": "title = 'nothing'"},
    }
    with given_server.sandbox() as sandbox:
        if change == "reset":
            httpx.post(f"{sandbox.control_url}/reset")
        else:
            answer = httpx.put(f"{sandbox.control_url}/scenario", json=bodies[change])
            assert answer.json()["client_id"] == "our-id"
            assert answer.json()["redirect_uris"] == [PRODUCTION, LOCAL]
            sandbox.put_scenario("happy_path")
        assert_registered(sandbox)


def test_first_confidential_application_is_the_client(given_server: MockLivestorm) -> None:
    """The public one before it stays as the scenario has it."""
    with given_server.sandbox() as sandbox:
        body = {"toml": TWO_APPLICATIONS}
        described = httpx.put(f"{sandbox.control_url}/scenario", json=body).json()
        assert (described["client_id"], described["public_client_id"]) == ("our-id", "public-id")


def test_public_application_is_the_client_where_it_is_alone(given_server: MockLivestorm) -> None:
    """A scenario without a confidential one has a client all the same."""
    with given_server.sandbox() as sandbox:
        body = {"toml": PUBLIC_ALONE}
        described = httpx.put(f"{sandbox.control_url}/scenario", json=body).json()
        assert described["client_id"] == described["public_client_id"] == "our-id"


def test_scenario_in_which_another_has_the_client_id_is_refused() -> None:
    """The sandbox stays as it was."""
    with MockLivestorm(client_id="public-id") as server:
        body = {"toml": TWO_APPLICATIONS}
        answer = httpx.put(f"{server.control_url}/scenario", json=body)
        assert answer.status_code == 422
        assert "client_id is 'public-id'; expected one that no other" in answer.json()["error"]
        assert httpx.get(f"{server.control_url}/scenario").json()["applications"] == []
        server.reset()
        assert server.client_id == "public-id"


def test_sandbox_has_the_client_of_its_server(
    given_server: MockLivestorm, http: httpx.Client
) -> None:
    """Also over HTTP; what is said there goes before, one by one."""
    url = f"{given_server.control_url}/sandboxes"
    made = httpx.post(url, json={"scenario": "happy_path", "auto_approve": True}).json()
    assert_connects(http, made["app_url"], PRODUCTION)
    other = httpx.post(url, json={"client_id": "their-id"}).json()
    assert (other["client_id"], other["client_secret"]) == ("their-id", "our-secret")
    with given_server.sandbox(redirect_uris=[UNREGISTERED]) as sandbox:
        assert sandbox.redirect_uris == (UNREGISTERED,)
        assert sandbox.client_id == "our-id"
        with sandbox.sandbox() as inner:
            assert inner.redirect_uris == (UNREGISTERED,)


@pytest.mark.livestorm(redirect_uris=[LOCAL], client_id="marked", any_redirect_uri=True)
def test_marker_registers_the_client(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """A test says of its own sandbox how the client is registered."""
    assert (livestorm.client_id, livestorm.redirect_uris) == ("marked", (LOCAL,))
    assert authorize(http, livestorm, UNREGISTERED).status_code == 200


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"redirect_uris": [LOCAL, "callback"]}, r"redirect_uris\[1\] is 'callback'; expected an"),
        ({"redirect_uris": ["https://a.test/#x"]}, r"redirect_uris\[0\] is 'https://a.test/#x'"),
        ({"redirect_uris": []}, r"redirect_uris is \[\]"),
        ({"redirect_uris": LOCAL}, "redirect_uris is 'http"),
        ({"client_id": " "}, "client_id is ' '"),
        ({"client_secret": ""}, "client_secret is ''"),
        ({"client_id": 7}, "client_id is 7; expected a text"),
        ({"any_redirect_uri": "yes"}, "any_redirect_uri is 'yes'"),
    ],
)
def test_what_can_not_be_is_refused(
    given_server: MockLivestorm, given: dict[str, Any], told: str
) -> None:
    """In Python and over HTTP, with what was wrong."""
    with pytest.raises(InvalidInputError, match=told):
        MockLivestorm(**given)
    with pytest.raises(InvalidInputError, match=told):
        given_server.sandbox(**given)
    answer = httpx.post(f"{given_server.control_url}/sandboxes", json=given)
    assert answer.status_code == 422
    assert answer.json()["error"].startswith(next(iter(given)))


@given(uri=st.text(max_size=30) | st.from_regex(r"(https?|app):/{1,3}[a-z.:/?#@%]{0,20}"))
def test_uri_is_registered_exactly_where_the_engine_takes_it(uri: str) -> None:
    """There is one rule for what can be registered."""
    try:
        read_registration({"redirect_uris": [uri]})
    except InvalidInputError:
        assert not is_valid_redirect_uri(uri) or not uri.strip()
    else:
        assert is_valid_redirect_uri(uri)


ENTRIES = st.lists(
    st.builds(
        lambda number, confidential: ApplicationEntry(
            name="A",
            client_id=f"id-{number}",
            client_secret="secret",
            redirect_uris=("https://a.test/",),
            confidential=confidential,
        ),
        st.integers(),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.client_id,
)


@given(entries=ENTRIES)
def test_registration_changes_one_application_at_most(entries: list[ApplicationEntry]) -> None:
    """All others stay, and where nothing is said, all do."""
    assert list(BY_SCENARIO.applied_to(entries)) == entries
    changed = list(read_registration({"client_id": "ours"}).applied_to(entries))
    assert [a == b for a, b in zip(changed, entries, strict=True)].count(False) == 1
    ours = next(one for one in changed if one.client_id == "ours")
    assert ours.confidential or not any(one.confidential for one in entries)


# Any redirect URI


@pytest.mark.livestorm(any_redirect_uri=True, consent="approve", rate_limits=False)
@pytest.mark.parametrize("release", ["5.5", "5.9", "6.0"])
def test_any_redirect_uri_is_taken_and_found(
    livestorm: LivestormSandbox, http: httpx.Client, release: str
) -> None:
    """In the authorization request and, exactly the same one, in the token request."""
    with livestorm.sandbox(release=release) as sandbox:
        location = authorize(http, sandbox, UNREGISTERED).headers["location"]
        body = {
            "grant_type": "authorization_code",
            "client_id": sandbox.client_id,
            "client_secret": sandbox.client_secret,
            "code": parse_qs(urlsplit(location).query)["code"][0],
        }
        url = f"{sandbox.app_url}/oauth/token"
        other = http.post(url, data=body | {"redirect_uri": f"{UNREGISTERED}/other"})
        assert (other.status_code, other.json()["error"]) == (400, "invalid_grant")
        assert http.post(url, data=body | {"redirect_uri": UNREGISTERED}).status_code == 200
        (finding,) = [one for one in sandbox.audit() if one.rule == "unregistered_redirect_uri"]
        assert finding.exchanges == (1, 3)
        assert finding.severity == "warning"
        assert f"'{UNREGISTERED}' is not registered for the client" in finding.message


@pytest.mark.livestorm(any_redirect_uri=True, consent="approve", rate_limits=False)
def test_registered_redirect_uri_is_no_finding(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """What Livestorm would take too is not worth a word."""
    assert_connects(
        http,
        livestorm.app_url,
        livestorm.redirect_uri,
        id=livestorm.client_id,
        secret=livestorm.client_secret,
    )
    assert "unregistered_redirect_uri" not in {one.rule for one in livestorm.audit()}


@pytest.mark.livestorm(any_redirect_uri=True, consent="approve", rate_limits=False)
@pytest.mark.parametrize("release", ["5.5", "6.0"])
@pytest.mark.parametrize(
    "uri",
    [
        "",
        "callback",
        "https://a.test/#fragment",
        "https:///callback",
        "mailto:ada@example.test",
        "javascript://a.test/%0aalert(1)",
        "JavaScript://a.test/%0aalert(1)",
        "data://text/html",
    ],
)
def test_what_is_no_redirect_uri_is_refused_all_the_same(
    livestorm: LivestormSandbox, http: httpx.Client, uri: str, release: str
) -> None:
    """Nobody can be sent there, or only to a script in the provider's own page."""
    with livestorm.sandbox(release=release) as sandbox:
        assert_refused(http, sandbox, uri)


def test_any_redirect_uri_stays_with_another_scenario(http: httpx.Client) -> None:
    """What was said at the start holds; a scenario can say it of itself, too."""
    with MockLivestorm(any_redirect_uri=True) as server:
        server.put_scenario("happy_path")
        assert authorize(http, server, UNREGISTERED).status_code == 200
    with MockLivestorm() as server:
        assert_refused(http, server, UNREGISTERED)
        body = {"toml": "[provider]\nany_redirect_uri = true"}
        httpx.put(f"{server.control_url}/scenario", json=body)
        assert authorize(http, server, UNREGISTERED).status_code == 200


# Registered applications

ENTRY = ApplicationEntry(name="Partner", redirect_uris=("https://partner.test/callback",))


def test_registered_application_outlives_a_reset(
    given_server: MockLivestorm, http: httpx.Client
) -> None:
    """Its credentials are good for the whole flow, as are those of the scenario."""
    with given_server.sandbox() as sandbox:
        made = sandbox.register_application(ENTRY)
        sandbox.reset()
        assert_connects(
            http,
            sandbox.app_url,
            made.redirect_uris[0],
            id=str(made.client_id),
            secret=str(made.client_secret),
        )
        assert_registered(sandbox)


def test_registered_application_ends_with_its_scenario(given_server: MockLivestorm) -> None:
    """Another scenario begins with its own applications."""
    with given_server.sandbox() as sandbox:
        made = sandbox.register_application(ENTRY)
        sandbox.put_scenario("happy_path")
        with pytest.raises(InvalidInputError, match="client_id is"):
            sandbox.issue_tokens(client_id=made.client_id)


def test_reset_undoes_a_rotation(given_server: MockLivestorm) -> None:
    """The secret is the announced one again, of each application."""
    with given_server.sandbox() as sandbox:
        made = sandbox.register_application(ENTRY)
        for client_id in (sandbox.client_id, str(made.client_id)):
            sandbox.rotate_secret(client_id)
        assert sandbox.client_secret != "our-secret"
        sandbox.reset()
        assert_registered(sandbox)
        url = f"{sandbox.app_url}/oauth/token"
        body = {
            "grant_type": "authorization_code",
            "client_id": made.client_id,
            "client_secret": made.client_secret,
            "code": "unknown",
            "redirect_uri": made.redirect_uris[0],
        }
        assert httpx.post(url, data=body).json()["error"] == "invalid_grant"


@pytest.mark.livestorm(seed="the same")
def test_credentials_that_a_reset_keeps_are_not_drawn_again(livestorm: LivestormSandbox) -> None:
    """Also with a seed, by which all else comes out the same."""
    first = livestorm.register_application(ENTRY)
    livestorm.reset()
    second = livestorm.register_application(ENTRY)
    drawn = [first.client_id, first.client_secret, second.client_id, second.client_secret]
    assert len(set(drawn)) == 4


# The command line


def test_serve_takes_the_registration(http: httpx.Client) -> None:
    """Each option says one part of it, `--redirect-uri` several times."""
    served = Served(
        "--json",
        "--auto-approve",
        *("--redirect-uri", PRODUCTION, "--redirect-uri", LOCAL),
        *("--client-id", "our-id", "--client-secret", "our-secret"),
    )
    try:
        described = served.describes_itself()
        assert described["redirect_uris"] == [PRODUCTION, LOCAL]
        assert_connects(http, described["app_url"], LOCAL)
    finally:
        served.kill()


def test_serve_takes_any_redirect_uri(http: httpx.Client) -> None:
    """And the audit tells of it."""
    served = Served("--json", "--any-redirect-uri", "--auto-approve")
    try:
        described = served.describes_itself()
        id_, secret = described["client_id"], described["client_secret"]
        assert_connects(http, described["app_url"], UNREGISTERED, id=id_, secret=secret)
        found = http.get(f"{described['control_url']}/audit").json()["findings"]
        assert "unregistered_redirect_uri" in {one["rule"] for one in found}
    finally:
        served.kill()


def test_run_takes_the_registration() -> None:
    """The command finds it in its environment."""
    options = ("--redirect-uri", PRODUCTION, "--client-id", "our-id", "--client-secret", "ours")
    told = "echo $LIVESTORM_CLIENT_ID $LIVESTORM_CLIENT_SECRET $LIVESTORM_REDIRECT_URIS"
    done = run("run", *options, "--", "sh", "-c", told)
    assert done.stdout == f"our-id ours {PRODUCTION}\n"


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("run",)], ids=["serve", "run"])
@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--redirect-uri", "callback", "--redirect-uri is 'callback'; expected an absolute URI"),
        ("--redirect-uri", "", "--redirect-uri is ''"),
        ("--client-id", "", "--client-id is ''"),
        ("--client-secret", " ", "--client-secret is ' '"),
        ("--client-id", "example-public-client-id", "expected one that no other application"),
    ],
)
def test_wrong_option_is_named(
    command: tuple[str, ...], option: str, value: str, told: str
) -> None:
    """What can't be registered is wrong usage."""
    rest = ("--", "true") if command == ("run",) else ()
    assert_wrong_usage(run(*command, option, value, *rest), told)
