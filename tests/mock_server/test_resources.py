"""Resources with several answers: by what the query has, and by what the path has."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm, Scenario, ScenarioError
from livestorm_mock_server.reading import InvalidInputError
from livestorm_mock_server.scenario import ResourceEntry
from livestorm_mock_server.scenario_bodies import with_bodies
from livestorm_mock_server.scenario_files import read_scenario, with_options

SCENARIO = """
[provider]
rate_limits = false

[[collections]]
type = "events"
path = "/v1/events"
items = [{ id = "e1" }]

[[resources]]
path = "/v1/plans"
json = { data = "all" }

[[resources]]
path = "/v1/plans"
when = { query = { "filter[name]" = "pro" } }
json = { data = "pro" }

[[resources]]
path = "/v1/plans"
when = { query = { "filter[name]" = "free", "page[number]" = "0" } }
status = 402

[[resources]]
path = "/v1/plans/{id}"
json = { data = { id = "{id}", name = "plan {id}" } }

[[resources]]
path = "/v1/plans/p1"
json = { data = "the first" }

[[resources]]
path = "/v1/plans/{id}/text"
body = "plan {id}"
content_type = "text/plain; charset=utf-8"

[[resources]]
path = "/v1/plans/{id}/page"
body = "<p title='{id}'>{id}</p>"
content_type = "text/html; charset=utf-8"

[[resources]]
path = "/v1/plans/{id}/feed"
body = "<plan id='{id}'/>"
content_type = "application/atom+xml"

[[resources]]
path = "/v1/events"
when = { query = { "filter[email]" = "odd@example.test" } }
status = 500
body = "oops"
content_type = "text/html"

[[resources]]
path = "/v1/ping"
when = { query = { loud = "yes" } }
json = { data = "PING" }

[[resources]]
path = "/v1/search"
when = { query = { q = "x" } }
json = { data = [] }
"""
PLAN = '[[resources]]\npath = "/v1/plans"\n'

Get = Callable[[str], httpx.Response]


@pytest.fixture
def sandbox(livestorm_server: MockLivestorm) -> Iterator[LivestormSandbox]:
    """A sandbox with resources that vary."""
    with livestorm_server.sandbox(read_scenario(SCENARIO, "mine.toml", None)) as sandbox:
        yield sandbox


@pytest.fixture
def get(sandbox: LivestormSandbox, http: httpx.Client) -> Get:
    """Call the API with the private token."""
    headers = {"Authorization": str(sandbox.private_token)}
    return lambda path: http.get(f"{sandbox.api_url}/{path}", headers=headers)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("plans", "all"),
        ("plans?filter[name]=pro", "pro"),
        ("plans?filter%5Bname%5D=pro&page[number]=3", "pro"),
        ("plans?filter[name]=free", "all"),
        ("plans/p1", "the first"),
        ("plans/p2", {"id": "p2", "name": "plan p2"}),
        ("events", [{"id": "e1", "type": "events", "attributes": {}}]),
        ("ping?loud=yes", "PING"),
    ],
)
def test_answer_is_that_of_the_query_and_the_path(get: Get, path: str, data: object) -> None:
    """What has conditions comes first, then what has none, then what the path has otherwise."""
    assert get(path).json()["data"] == data


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("plans?filter[name]=free&page[number]=0", 402),
        ("events?filter[email]=odd@example.test", 500),
        ("events?filter[email]=x", 400),
        ("ping", 200),
        ("search?q=x", 200),
        ("search?q=y", 404),
        ("search", 404),
    ],
)
def test_status_is_that_of_the_query(get: Get, path: str, status: int) -> None:
    """A path for which no condition holds is not there, unless it has something else."""
    assert get(path).status_code == status


def test_what_the_path_has_is_escaped_in_json(get: Get) -> None:
    """The id in the answer is the one in the path, decoded, whatever it holds."""
    assert get("plans/a%22b%C3%A9").json()["data"]["id"] == 'a"bé'
    assert get("plans/7/text").text == "plan 7"


def test_what_the_path_has_is_escaped_in_markup(get: Get) -> None:
    """An id is a text in HTML and XML, whatever it holds."""
    escaped = "&lt;b&gt;&#39;&amp;&quot;"
    assert get("plans/%3Cb%3E'&%22/page").text == f"<p title='{escaped}'>{escaped}</p>"
    assert get("plans/%3Cb%3E'&%22/feed").text == f"<plan id='{escaped}'/>"


def test_query_that_nothing_is_for_is_behind_the_rules(
    livestorm_server: MockLivestorm, http: httpx.Client
) -> None:
    """Where no condition holds, the token is asked for first, and the limits are told."""
    limited = with_options(read_scenario(SCENARIO, "mine.toml", None), {"rate_limits": True})
    with livestorm_server.sandbox(limited) as sandbox:
        url = f"{sandbox.api_url}/search?q=y"
        without = http.get(url)
        answer = http.get(url, headers={"Authorization": str(sandbox.private_token)})
    assert (without.status_code, answer.status_code) == (401, 404)
    assert "RateLimit-Monthly-Remaining" in answer.headers


@pytest.mark.parametrize(
    ("resource", "key"),
    [
        (ResourceEntry(path="/v1/x", json={"a": "\ud800"}), "json"),
        (ResourceEntry(path="/v1/x", body="\ud800"), "body"),
    ],
)
def test_answer_that_cannot_be_sent_is_refused(resource: ResourceEntry, key: str) -> None:
    """What is no Unicode is refused with its place, before any request gets it."""
    with pytest.raises(InvalidInputError, match=rf"^resources\[0\]\.{key} is "):
        with_bodies(Scenario(resources=(resource,)), None)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (PLAN + PLAN, "resources[1].path is '/v1/plans'; expected a path, methods, or conditions"),
        (
            f"{PLAN}{PLAN}when = {{ query = {{ a = 'b' }} }}\nlabel = 'api.other'",
            "resources[1].label is 'api.other'; expected api.plans, as at this path before",
        ),
        (f"{PLAN}when = {{ query = {{ '[]' = 'b' }} }}", "a name as it is on the wire"),
        (f"{PLAN}when = {{ quary = {{}} }}", "unknown key resources[0].when.quary"),
    ],
)
def test_wrong_conditions_are_refused(toml: str, message: str) -> None:
    """Two answers to the same request, and names that nothing can have, are mistakes."""
    with pytest.raises(ScenarioError) as caught:
        read_scenario(toml, "mine.toml", None)
    assert message in str(caught.value)
