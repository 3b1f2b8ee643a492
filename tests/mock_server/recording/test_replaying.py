"""What the fake recorded, as a scenario and served, gives the same statuses again."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.recording.scenario import scenario_from
from livestorm_mock_server.scenario_files import read_scenario

SCENARIO = read_scenario(
    """
    [provider]
    rate_limits = false

    [[users]]
    email = "grace.hopper@secret.example"
    first_name = "Grace"

    [[collections]]
    type = "events"
    path = "/v1/events"
    filters = ["title"]
    relationships = [{ name = "owner", type = "people" }]
    items = [{ id = "e1", title = "Board meeting", owner = "p1" }, { id = "e2", title = "B" }]

    [[collections]]
    type = "people"
    path = "/v1/events/{event}/people"
    relationships = [{ name = "event", type = "events" }]
    items = [{ id = "p1", event = "e1", email = "linus@secret.example" }]

    [[resources]]
    path = "/v1/plan"
    methods = ["GET", "POST"]
    status = 202
    body = '{"data": {"note": "call +33 6 12 34 56 78"}}'
    """,
    "recorded.toml",
    None,
)
FAULTS: tuple[dict[str, Any], ...] = (
    {"on": "api", "fault": "rate_limited", "times": 2, "after": 1},
    {"on": "api.events", "fault": "html_page", "status": 502, "times": 1},
    {"on": "api.me", "fault": "api_error", "status": 403, "times": 3},
    {"on": "api", "fault": "rate_limited", "retry_after_form": "http_date", "times": 1},
    {"on": "token", "fault": "html_page", "status": 503, "phase": "after", "times": 1},
    {"on": "token.refresh_token", "fault": "close", "times": 1},
    {"on": "api.events.{id}", "fault": "reset", "times": 2},
    {"on": "token", "fault": "answer", "status": 200, "body": "<p>Sorry</p>", "times": 1},
    {"on": "api.plan", "fault": "sequence", "steps": [500, "ok", 404]},
)
PATHS = ("me", "ping", "organization", "events", "events/{id}", "events/unknown", "plan", "nowhere")
FURTHER = ("events/{id}/people", "events", "events?filter[title]=B", "events?page[size]=1")
"""With the id of an event that was listed."""


Step = Callable[["Player"], None]


class Player:
    """A client that does the same at each sandbox, with what that gave it; notes the statuses."""

    def __init__(self, livestorm: LivestormSandbox, http: httpx.Client) -> None:
        self.livestorm, self.http = livestorm, http
        self.codes: list[str] = []
        self.pairs: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.statuses: list[int] = []

    def play(self, steps: list[Step]) -> None:
        """Connect, and do what was drawn."""
        self.authorize(1)
        self.exchange(0)
        for step in steps:
            step(self)

    def authorize(self, number: int) -> None:
        """Get a code by the browser, or be refused one."""
        query = {"client_id": self.livestorm.client_id, "response_type": "code", "state": "s"}
        redirect_uri = self.livestorm.redirect_uri if number % 4 else "https://evil.test/cb"
        url = f"{self.livestorm.app_url}/oauth/authorize"
        answer = self._send("GET", url, params=query | {"redirect_uri": redirect_uri})
        if answer is not None and "location" in answer.headers:
            self.codes += parse_qs(urlsplit(answer.headers["location"]).query).get("code", [])

    def exchange(self, number: int) -> None:
        """Exchange a code, perhaps one that was used."""
        code = self.codes[number % len(self.codes)] if self.codes else "no-such-code"
        redirect_uri = self.livestorm.redirect_uri
        self._token(grant_type="authorization_code", code=code, redirect_uri=redirect_uri)

    def refresh(self, number: int) -> None:
        """Refresh with a token that there is, or was."""
        tokens = [one["refresh_token"] for one in self.pairs] or ["no-such-token"]
        self._token(grant_type="refresh_token", refresh_token=tokens[number % len(tokens)])

    def call(self, number: int) -> None:
        """Call the API, now and then with a token that is none."""
        paths = (*PATHS, *FURTHER)
        path = paths[number % len(paths)].replace("{id}", self._id(number))
        answer = self._send("GET", f"{self.livestorm.api_url}/{path}", headers=self._bearer(number))
        if path == "events" and answer is not None and answer.status_code == 200:
            self.ids = [one["id"] for one in answer.json()["data"]]

    def _id(self, number: int) -> str:
        return self.ids[number % len(self.ids)] if self.ids else "unknown"

    def write(self, number: int) -> None:
        """Change something by the API."""
        url, headers = f"{self.livestorm.api_url}/events", self._bearer(number)
        document = {"data": {"type": "events", "attributes": {"title": "Secret plan"}}}
        if number % 3 == 0:
            self._send("POST", url, json=document, headers=headers)
        elif number % 3 == 1:
            self._send("POST", f"{self.livestorm.api_url}/plan", headers=headers)
        else:
            self._send("DELETE", f"{url}/{self._id(number)}", headers=headers)

    def _bearer(self, number: int) -> dict[str, str]:
        tokens = [one["access_token"] for one in self.pairs] or ["no-such-token"]
        token = "no-such-token" if number % 7 == 6 else tokens[-1]
        return {"Authorization": f"Bearer {token}"}

    def _token(self, **form: str) -> None:
        livestorm = self.livestorm
        form |= {"client_id": livestorm.client_id, "client_secret": livestorm.client_secret}
        answer = self._send("POST", f"{livestorm.app_url}/oauth/token", data=form)
        if answer is not None and answer.status_code == 200 and "access_token" in answer.text:
            self.pairs.append(answer.json())

    def _send(self, method: str, url: str, **parts: Any) -> httpx.Response | None:
        try:
            answer = self.http.request(method, url, **parts)
        except httpx.HTTPError:
            self.statuses.append(0)
            return None
        self.statuses.append(answer.status_code)
        return answer


OPERATIONS = (Player.authorize, Player.exchange, Player.refresh, Player.call, Player.write)
steps: st.SearchStrategy[Step] = st.builds(
    lambda operate, number: lambda player: operate(player, number),
    st.sampled_from((*OPERATIONS, Player.call, Player.call)),
    st.integers(0, 11),
)


@pytest.mark.parametrize("rotation", ["on_use", "never", "instant", "grace"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    played=st.lists(steps, min_size=5, max_size=25),
    faults=st.lists(st.sampled_from(FAULTS), max_size=3),
)
def test_recorded_scenario_gives_the_same_statuses(
    livestorm_server: MockLivestorm,
    http: httpx.Client,
    rotation: str,
    played: list[Step],
    faults: list[dict[str, Any]],
) -> None:
    """To the same requests in the same order, whatever went wrong in the recording."""
    options = {"consent": "approve", "rotation": rotation}
    with livestorm_server.sandbox(SCENARIO, **options) as recorded:  # type: ignore[arg-type]
        for keys in faults:
            recorded.faults.arm_from(keys)
        one = Player(recorded, http)
        one.play(played)
        raw = json.dumps(recorded.export_har()).encode()
    made = read_scenario(scenario_from(raw, "made.toml").text, "made.toml", None)
    with livestorm_server.sandbox(made) as replayed:
        other = Player(replayed, http)
        other.play(played)
    assert other.statuses == one.statuses
