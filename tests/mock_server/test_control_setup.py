"""What a test sets up through the control API: applications, secrets, scenarios, waiting."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pytest
from livestorm_mock_server import InvalidInputError, LivestormSandbox
from livestorm_mock_server.scenario import ApplicationEntry

REDIRECT_URI = "https://partner.example.test/callback"


def post(livestorm: LivestormSandbox, path: str, body: object = None) -> httpx.Response:
    """Call the control API."""
    return httpx.post(f"{livestorm.control_url}/{path}", json=body)


def exchange(livestorm: LivestormSandbox, client_id: str, secret: str) -> httpx.Response:
    """Get a code for a client and exchange it."""
    callback = httpx.URL(livestorm.authorize(client_id=client_id))
    form = {
        "grant_type": "authorization_code",
        "code": callback.params["code"],
        "redirect_uri": str(callback.copy_with(query=None)),
        "client_id": client_id,
        "client_secret": secret,
    }
    return httpx.post(f"{livestorm.app_url}/oauth/token", data=form)


def test_registered_application_gets_tokens(livestorm: LivestormSandbox) -> None:
    """The credentials that registering gives are good for the whole flow."""
    body = {"name": "Partner", "redirect_uris": [REDIRECT_URI]}
    made = post(livestorm, "applications", body)
    assert made.status_code == 201
    credentials = made.json()
    answer = exchange(livestorm, credentials["client_id"], credentials["client_secret"])
    assert answer.status_code == 200


def test_taken_client_id_is_refused(livestorm: LivestormSandbox) -> None:
    """Two applications never share a client id."""
    body = {
        "name": "Partner",
        "redirect_uris": [REDIRECT_URI],
        "client_id": livestorm.client_id,
    }
    assert post(livestorm, "applications", body).status_code == 422


def test_rotated_secret_replaces_the_old_one(livestorm: LivestormSandbox) -> None:
    """After a rotation only the new secret is right."""
    old = livestorm.client_secret
    answer = post(livestorm, f"applications/{livestorm.client_id}/rotate-secret").json()
    assert exchange(livestorm, livestorm.client_id, old).status_code == 401
    assert exchange(livestorm, livestorm.client_id, answer["client_secret"]).status_code == 200


@pytest.mark.parametrize("client_id", ["a b", "ü", "a/b", "100%", "%C3%BC", "?", "#", "☃", "a+b"])
def test_application_is_found_by_its_id(livestorm: LivestormSandbox, client_id: str) -> None:
    """Whatever the id, its path has it percent-encoded (RFC 3986, section 2.1)."""
    body = {"name": "Partner", "redirect_uris": [REDIRECT_URI], "client_id": client_id}
    old = post(livestorm, "applications", body).json()["client_secret"]
    answer = post(livestorm, f"applications/{quote(client_id, safe='')}/rotate-secret")
    assert answer.status_code == 200
    assert answer.json()["client_secret"] != old


def test_bytes_that_are_no_text_are_no_id(livestorm: LivestormSandbox) -> None:
    """They are refused as any other id that nobody has."""
    assert post(livestorm, "applications/%FF/rotate-secret").status_code == 422


@pytest.mark.parametrize(
    "body",
    [{"scenario": "monthly_limit"}, {"toml": "[provider]\nmonthly_limit = 1\n"}],
    ids=["name", "toml"],
)
def test_put_scenario_takes_effect(livestorm: LivestormSandbox, body: dict[str, str]) -> None:
    """A sandbox starts anew from the scenario that it is given."""
    answer = httpx.put(f"{livestorm.control_url}/scenario", json=body)
    assert answer.status_code == 200
    httpx.get(f"{livestorm.api_url}/ping")
    assert httpx.get(f"{livestorm.api_url}/ping").status_code == 429


@pytest.mark.parametrize(
    ("name", "uri", "key"),
    [
        ("", "https://a.test/", "name is ''"),
        (" ", "https://a.test/", "name is ' '"),
        ("A", "callback", "redirect_uris[0] is 'callback'; expected an absolute URI"),
        ("A", "https://a.test/#x", "redirect_uris[0] is 'https://a.test/#x'"),
        ("A", "https:///callback", "redirect_uris[0] is 'https:///callback'"),
    ],
)
def test_application_that_nobody_could_use_is_refused(
    livestorm: LivestormSandbox, name: str, uri: str, key: str
) -> None:
    """A name says something, and a user can be sent to a redirect URI, over HTTP and in Python."""
    body = {"name": name, "redirect_uris": [uri]}
    answer = httpx.post(f"{livestorm.control_url}/applications", json=body)
    assert answer.status_code == 422
    assert key in answer.json()["error"]
    with pytest.raises(InvalidInputError) as caught:
        livestorm.register_application(ApplicationEntry(name=name, redirect_uris=(uri,)))
    assert key in str(caught.value)


@pytest.mark.parametrize("uri", ["urn:ietf:wg:oauth:2.0:oob", "com.app:/back", "http://[::1]/"])
def test_application_may_be_native(livestorm: LivestormSandbox, uri: str) -> None:
    """The page of the provider, a scheme of its own and the loopback are redirect URIs."""
    made = livestorm.register_application(ApplicationEntry(name="A", redirect_uris=(uri,)))
    assert made.client_id


@pytest.mark.parametrize("body", [{}, {"scenario": "nope"}, {"toml": "["}, {"toml": "x = 1"}])
def test_wrong_scenario_is_refused(livestorm: LivestormSandbox, body: dict[str, str]) -> None:
    """What is no scenario leaves the sandbox as it was."""
    assert httpx.put(f"{livestorm.control_url}/scenario", json=body).status_code == 422
    assert exchange(livestorm, livestorm.client_id, livestorm.client_secret).status_code == 200


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "scenario is missing; expected scenario or toml, or release or provider"),
        ({"provider": {}}, "scenario is missing; expected scenario or toml, or release or"),
        ({"scenario": "happy_path", "toml": "x"}, "toml is 'x'; expected none beside scenario"),
    ],
)
def test_scenario_that_is_missing_is_named(
    livestorm: LivestormSandbox, body: dict[str, object], words: str
) -> None:
    """A refusal tells what is missing, or is too much, in the words of the body."""
    answer = httpx.put(f"{livestorm.control_url}/scenario", json=body)
    assert answer.status_code == 422
    assert answer.json()["error"].startswith(words)


def test_scenario_over_http_reads_no_file(livestorm: LivestormSandbox) -> None:
    """Whoever reaches the port is not given the files of the machine."""
    toml = f'[[resources]]\npath = "/v1/x"\nfile = "{__file__}"'
    answer = httpx.put(f"{livestorm.control_url}/scenario", json={"toml": toml})
    assert answer.status_code == 422
    assert "resources[0].file is" in answer.json()["error"]
    assert "give json or body" in answer.json()["error"]


def test_journal_waits_for_an_exchange(livestorm: LivestormSandbox) -> None:
    """A waiting reader gets the exchange that comes."""
    query = {"wait": "30", "endpoint": "api.ping"}
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(
            httpx.get, f"{livestorm.control_url}/journal", params=query, timeout=40
        )
        httpx.get(f"{livestorm.api_url}/ping")
        exchanges = waiting.result().json()["exchanges"]
    assert [one["response"]["status"] for one in exchanges] == [401]


def test_journal_stops_waiting(livestorm: LivestormSandbox) -> None:
    """Where nothing comes, the list is empty."""
    answer = httpx.get(f"{livestorm.control_url}/journal", params={"wait": "0.01"})
    assert answer.json() == {"exchanges": []}


@pytest.mark.parametrize("wait", ["-1", "61", "x", "1e3", "nan"])
def test_journal_refuses_to_wait_for_ever(livestorm: LivestormSandbox, wait: str) -> None:
    """Only so many seconds can be waited."""
    answer = httpx.get(f"{livestorm.control_url}/journal", params={"wait": wait})
    assert answer.status_code == 422
    assert "wait is" in answer.json()["error"]


def test_journal_keeps_bytes_that_are_no_text(livestorm: LivestormSandbox) -> None:
    """A body that is no UTF-8 is in the journal byte for byte."""
    httpx.post(f"{livestorm.app_url}/oauth/token", content=b"\xff\\xff")
    (entry,) = httpx.get(f"{livestorm.control_url}/journal").json()["exchanges"]
    assert entry["request"]["body_base64"] == "/1x4ZmY="
