"""What published integrations do, against the workspace that comes along."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.declaring.entries import CollectionEntry
from livestorm_mock_server.scenario_files import load_scenario

from ..webhooks.receiver import receiving
from .integration import WAYS, Integration

NOBODY = "nobody@example.test"
ROWS = [
    row.split(" | ")
    for row in (Path(__file__).parents[3] / "docs" / "resources.md")
    .read_text(encoding="utf-8")
    .splitlines()
    if row.startswith("| `/")
]
"""The table of what the workspace has."""


@pytest.fixture
def workspace(
    request: pytest.FixtureRequest, livestorm_server: MockLivestorm
) -> Iterator[LivestormSandbox]:
    """A sandbox with the workspace; a parameter has further provider options."""
    options = getattr(request, "param", {})
    with livestorm_server.sandbox("workspace", **options) as sandbox:
        yield sandbox


@pytest.fixture
def client(workspace: LivestormSandbox, http: httpx.Client) -> Integration:
    """An integration that is connected."""
    client = Integration(workspace, http)
    client.connect("pkce")
    return client


def options(**values: object) -> pytest.MarkDecorator:
    """Open the workspace with these provider options."""
    return pytest.mark.parametrize("workspace", [values], indirect=True, ids=[""])


@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_connect_leads_to_the_events(
    workspace: LivestormSandbox, http: httpx.Client, way: str
) -> None:
    """However an integration connects, it is in the workspace."""
    client = Integration(workspace, http)
    client.connect(way)
    assert client.get("me")["data"]["id"]
    assert len(client.all("events")) == 8


@pytest.mark.parametrize("size", [7, 20, 100])
def test_all_people_are_read_whatever_the_size(client: Integration, size: int) -> None:
    """Pages of any size add up to the same people, each once."""
    path = f"sessions/{client.session('past')}/people"
    pages = list(client.pages(path, size))
    ids = [one["id"] for page in pages for one in page]
    assert len(ids) == len(set(ids)) == client.get(path)["meta"]["record_count"] > 50
    assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)


def test_only_who_is_registered_is_found(client: Integration) -> None:
    """A filter by e-mail finds nobody who is not registered to this session."""
    past, upcoming = client.session("past"), client.session("upcoming")
    assert client.is_registered(past, "søren@example.test")
    assert not client.is_registered(upcoming, "søren@example.test")
    assert not client.is_registered(past, NOBODY)


def test_person_is_registered_and_removed(client: Integration) -> None:
    """A registration is a 201, is found by its address, and a DELETE by it ends it."""
    session = client.session("upcoming")
    answer = client.register(session, email=NOBODY, first_name="Zoë", last_name="Ø")
    assert answer.status_code == 201
    assert answer.json()["data"]["type"] == "people"
    assert client.is_registered(session, NOBODY)
    assert client.register(session, email=NOBODY).status_code == 409
    path = f"sessions/{session}/people"
    assert client.send("DELETE", path, **{"filter[email]": NOBODY}).status_code == 204
    assert not client.is_registered(session, NOBODY)


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        ({"email": NOBODY, "shoe_size": "42"}, "The field 'shoe_size' doesn't exist"),
        ({"first_name": "Zoë"}, "email can't be blank"),
    ],
)
def test_wrong_field_is_named(client: Integration, fields: dict[str, str], detail: str) -> None:
    """A field that there is not, or that is missing, is a 422, for one and for many."""
    session = client.session("upcoming")
    answers = [client.register(session, **fields), client.register_all(session, [fields])]
    assert [(one.status_code, one.json()["errors"][0]["detail"]) for one in answers] == [
        (422, detail),
        (422, detail),
    ]
    assert not client.is_registered(session, NOBODY)


def test_fifty_one_are_registered_in_two_parts(client: Integration) -> None:
    """More than 50 at once are refused; in parts, all are there once both jobs have ended."""
    session = client.session("upcoming")
    people = [{"email": f"guest{n}@example.test"} for n in range(51)]
    assert client.register_all(session, people).status_code == 422
    jobs = [client.register_all(session, part) for part in (people[:50], people[50:])]
    assert [job.status_code for job in jobs] == [202, 202]
    assert not client.is_registered(session, "guest0@example.test")
    assert [client.wait_for(job) for job in jobs] == ["ended", "ended"]
    found = {one["attributes"]["email"] for one in client.all(f"sessions/{session}/people")}
    assert {one["email"] for one in people} <= found


def test_person_of_a_job_comes_at_its_end(workspace: LivestormSandbox, client: Integration) -> None:
    """Who is registered by a job was created when it ended."""
    session = client.session("upcoming")
    ends_at = int(workspace.clock.now()) + 5
    client.wait_for(client.register_all(session, [{"email": NOBODY}]))
    (person,) = client.all(f"sessions/{session}/people", **{"filter[email]": NOBODY})
    assert person["attributes"]["created_at"] == ends_at


@options(active_contacts=123)
def test_team_is_no_contact(client: Integration) -> None:
    """The allowance counts those who are registered, and not the two of the team."""
    session = client.session("upcoming")
    assert client.register_all(session, [{"email": "a@x.test"}, {"email": "b@x.test"}]).is_error
    assert client.register(session, email="a@x.test").status_code == 201
    assert client.register(session, email="b@x.test").status_code == 402


def test_tasks_of_a_job_tell_what_became_of_each(client: Integration) -> None:
    """Who came first meanwhile is not registered twice, and the task says so."""
    session = client.session("upcoming")
    job = client.register_all(session, [{"email": NOBODY}, {"email": "x@example.test"}])
    assert client.register(session, email=NOBODY).status_code == 201
    assert client.wait_for(job) == "ended"
    tasks = client.get(f"jobs/{job.json()['data']['id']}/tasks")
    assert [one["attributes"]["status"] for one in tasks["data"]] == ["failed", "ended"]
    people = client.all(f"sessions/{session}/people", **{"filter[email]": NOBODY})
    assert len(people) == 1


@pytest.mark.parametrize("page", ["page[number]", "page[size]"])
def test_tasks_fail_on_paging(client: Integration, page: str) -> None:
    """Any paging parameter of tasks is a 500, as HTML."""
    job_id = client.register_all(client.session("live"), [{"email": NOBODY}]).json()["data"]["id"]
    answer = client.send("GET", f"jobs/{job_id}/tasks", **{page: 1})
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith("text/html")


@options(job_status="failed", job_seconds=60)
def test_failed_job_registers_nobody(client: Integration) -> None:
    """With the option, jobs fail, after as long as another option says."""
    session = client.session("upcoming")
    job = client.register_all(session, [{"email": NOBODY}])
    assert client.wait_for(job) == "failed"
    assert not client.is_registered(session, NOBODY)


@options(bulk_mistakes="in_tasks", job_status="completed")
def test_mistakes_can_fail_their_task_alone(client: Integration) -> None:
    """With the option, who can be registered is, and the task of the other tells why not."""
    session = client.session("upcoming")
    job = client.register_all(session, [{"emial": "x"}, {"email": NOBODY}])
    assert (job.status_code, client.wait_for(job)) == (202, "completed")
    assert client.is_registered(session, NOBODY)
    failed, _ = client.get(f"jobs/{job.json()['data']['id']}/tasks")["data"]
    assert "The field 'emial' doesn't exist" in failed["attributes"].values()


@pytest.mark.parametrize("tasks", [[], "x", [3], None])
def test_wrong_tasks_are_refused(client: Integration, tasks: object) -> None:
    """What is no list of tasks, or an empty one, begins no job."""
    data = {"type": "jobs", "attributes": {"tasks": tasks}}
    path = f"sessions/{client.session('live')}/people/bulk"
    assert client.send("POST", path, {"data": data}).status_code in (400, 422)


def test_recordings_are_listed(client: Integration) -> None:
    """A recording has its type and where it is."""
    recordings = client.all(f"sessions/{client.session('past')}/recordings")
    assert {one["attributes"]["mime_type"] for one in recordings} == {"video/mp4", "audio/mp4"}
    assert all({"file_type", "url"} <= set(one["attributes"]) for one in recordings)


def test_questions_include_who_asked(client: Integration) -> None:
    """`include=asker,responder` adds the people; an open question has no responder."""
    path = f"sessions/{client.session('past')}/questions"
    found = client.get(path, include="asker,responder")
    assert {one["type"] for one in found["included"]} == {"people"}
    assert found["data"][1]["relationships"]["responder"] == {"data": None}


def test_every_status_is_there(client: Integration) -> None:
    """Events and sessions have each status that is known."""
    events = {one["attributes"]["scheduling_status"] for one in client.all("events")}
    sessions = {one["attributes"]["status"] for one in client.all("sessions")}
    assert events == set(
        "live upcoming on_demand ended not_started draft cancelled not_scheduled".split()
    )
    assert sessions == set("upcoming live on_demand past past_not_started canceled draft".split())


def test_time_that_is_not_set_is_zero(client: Integration) -> None:
    """An upcoming session began at 0, and not at null."""
    session = client.get(f"sessions/{client.session('upcoming')}")["data"]["attributes"]
    assert [session[name] for name in ("started_at", "ended_at", "canceled_at")] == [0, 0, 0]


def test_event_is_created_for_the_connected_user(client: Integration) -> None:
    """The id that `/me` tells is good as `owner_id`, and a PATCH changes the title."""
    owner = client.get("me")["data"]["id"]
    attributes = {"title": "Neu", "owner_id": owner}
    made = client.send("POST", "events", {"data": {"type": "events", "attributes": attributes}})
    assert made.status_code == 201
    data = {"type": "events", "id": made.json()["data"]["id"], "attributes": {"title": "Neuer"}}
    assert client.send("PATCH", f"events/{data['id']}", {"data": data}).status_code == 200
    found = client.get(f"events/{data['id']}", include="owner,organization")
    assert found["data"]["attributes"]["title"] == "Neuer"
    assert [one["type"] for one in found["included"]] == ["people", "organizations"]


def test_users_are_filtered(client: Integration) -> None:
    """Team members are found by address, and invitations apart from the others."""
    ada = client.all("users", **{"filter[email]": "ada.martin@example.test"})
    assert [one["id"] for one in ada] == [client.get("me")["data"]["id"]]
    assert len(client.all("users", **{"filter[pending_invite]": "true"})) == 1
    assert len(client.all("users", **{"filter[pending_invite]": "false"})) == 2


def test_webhook_is_registered_and_removed(client: Integration) -> None:
    """A webhook has a URL and an event that is known."""
    attributes = {"url": "http://127.0.0.1:9/hook", "event": "people.registered"}
    wrong = attributes | {"event": "people.left"}
    made, refused = (
        client.send("POST", "webhooks", {"data": {"type": "webhooks", "attributes": one}})
        for one in (attributes, wrong)
    )
    assert (made.status_code, refused.status_code) == (201, 422)
    webhook_id = made.json()["data"]["id"]
    assert [one["id"] for one in client.all("webhooks")] == [webhook_id]
    assert client.send("DELETE", f"webhooks/{webhook_id}").status_code == 204
    assert client.all("webhooks") == []


def test_webhook_is_received_and_answered(workspace: LivestormSandbox, client: Integration) -> None:
    """Who registered for it is told once somebody is registered, and once the job is over."""
    session = client.session("upcoming")
    with receiving() as receiver:
        for event in ("people.registered", "job.ended"):
            attributes = {"url": receiver.url, "event": event}
            data = {"type": "webhooks", "attributes": attributes}
            assert client.send("POST", "webhooks", {"data": data}).status_code == 201
        job = client.register_all(session, [{"email": NOBODY}])
        assert list(workspace.webhook_deliveries()) == []
        assert client.wait_for(job) == "ended"
        assert client.register(session, email=NOBODY).status_code == 409
        assert [one.state for one in workspace.webhook_deliveries()] == ["delivered"] * 2
        person, ended = (json.loads(body)["data"] for body in receiver.bodies())
    assert person["meta"]["webhook"]["event"] == "people.registered"
    assert client.is_registered(session, person["attributes"]["email"])
    assert ended["meta"]["webhook"]["event"] == "job.ended"
    assert ended["id"] == job.json()["data"]["id"]


def test_events_are_filtered_by_when_they_were_created(client: Integration) -> None:
    """`filter[created_since]` leaves the newer ones."""
    newest = max(one["attributes"]["created_at"] for one in client.all("events"))
    assert len(client.all("events", **{"filter[created_since]": newest})) == 1


def test_people_of_an_event_are_those_of_its_sessions(client: Integration) -> None:
    """Each is shown below the event, too."""
    session = client.get(f"sessions/{client.session('live')}")["data"]
    event = session["relationships"]["event"]["data"]["id"]
    people = client.all(f"events/{event}/people")
    assert people == client.all(f"sessions/{session['id']}/people")
    assert client.get(f"events/{event}/people/{people[0]['id']}")["data"] == people[0]


def test_large_workspace_has_thousands(livestorm_server: MockLivestorm, http: httpx.Client) -> None:
    """There are 5,000 people in hundreds of sessions, the same ones each time."""
    with livestorm_server.sandbox("workspace_large", rate_limits=False) as sandbox:
        assert len([one for one in sandbox.items("people") if one["relationships"]]) == 5_000
        client = Integration(sandbox, http)
        client.connect("private")
        sessions = client.all("sessions")
        assert len(sessions) > 600
        assert sum(map(len, client.pages("events", 50))) == 258


@pytest.mark.parametrize("entry", load_scenario("workspace").collections, ids=lambda it: it.path)
def test_collection_of_the_workspace_is_in_the_documentation(entry: CollectionEntry) -> None:
    """With its path, the scopes that open it, and its filters."""
    path = entry.path.removeprefix("/v1")
    row = " | ".join(next(one for one in ROWS if f"`{path}" in one[0]))
    scopes = {scope.partition(":")[0] for scope in (*entry.read, *entry.write)}
    filters = {one if isinstance(one, str) else one.name for one in entry.filters}
    assert {name for name in scopes | filters if f"`{name}`" not in row} == set()
