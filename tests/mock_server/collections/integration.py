"""A small client as published integrations are: how they connect, and how they call the API."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import httpx
from livestorm_mock_server import LivestormSandbox

SCOPES = "identity:read events:read events:write admin:read webhooks:read webhooks:write"
META = {
    "current_page",
    "previous_page",
    "next_page",
    "record_count",
    "page_count",
    "items_per_page",
}
ENDED = {"ended", "failed", "completed"}
VERIFIER = "a-verifier-of-no-secret-at-all-which-is-long-enough"
MIME = "application/vnd.api+json"


class Integration:
    """Calls the API; it waits as long as a 429 says, by the fake's clock."""

    def __init__(self, sandbox: LivestormSandbox, http: httpx.Client) -> None:
        self._sandbox, self._http = sandbox, http
        self._authorization = ""
        sandbox.clock.freeze()

    # Connecting

    def connect(self, way: str) -> None:
        """Get a token in one of the ways that are in the field."""
        WAYS[way](self)

    def connect_with_pkce(self) -> None:
        """Connect as a confidential client with S256 and a form body."""
        digest = hashlib.sha256(VERIFIER.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        asked = {"state": "s", "code_challenge": challenge, "code_challenge_method": "S256"}
        self._exchange(data=self._grant(asked) | {"code_verifier": VERIFIER})

    def connect_with_json(self) -> None:
        """Connect without PKCE, and send the token request as JSON."""
        self._exchange(json=self._grant({"state": "s"}))

    def connect_in_query(self) -> None:
        """Connect without state, and send all of the token request in the query."""
        self._exchange(params=self._grant({}))

    def connect_with_private_token(self) -> None:
        """Take a private token, without any flow."""
        self._authorization = str(self._sandbox.private_token)

    def _grant(self, asked: Mapping[str, str]) -> dict[str, str]:
        sandbox = self._sandbox
        known = {"client_id": sandbox.client_id, "redirect_uri": sandbox.redirect_uri}
        query = httpx.QueryParams(response_type="code", scope=SCOPES, **known, **asked)
        url = sandbox.authorize(f"{sandbox.app_url}/oauth/authorize?{query}")
        secret = {"client_secret": sandbox.client_secret, "grant_type": "authorization_code"}
        return known | secret | {"code": httpx.URL(url).params["code"]}

    def _exchange(self, **sent: Any) -> None:
        answer = self._http.post(f"{self._sandbox.app_url}/oauth/token", **sent)
        self._authorization = f"Bearer {answer.json()['access_token']}"

    # Calling

    def send(
        self, method: str, path: str, body: object = None, /, **query: object
    ) -> httpx.Response:
        """Send a request, again and again while there is a 429."""
        headers = {"Authorization": self._authorization, "Accept": MIME, "Content-Type": MIME}
        content = None if body is None else json.dumps(body)
        url, parameters = f"{self._sandbox.api_url}/{path}", {k: str(v) for k, v in query.items()}
        while True:
            answer = self._http.request(
                method, url, headers=headers, params=parameters, content=content
            )
            if answer.status_code != 429:
                return answer
            self._sandbox.clock.advance(int(answer.headers["Retry-After"]))

    def get(self, path: str, /, **query: object) -> Any:
        """Give a document, of which there must be one."""
        answer = self.send("GET", path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def pages(self, path: str, size: int, /, **query: object) -> Iterator[list[dict[str, Any]]]:
        """Give the pages of a list; a `meta` that lacks a member is no page."""
        number: int | None = 0
        while number is not None:
            page = {"page[number]": number, "page[size]": size}
            found = self.get(path, **page, **query)
            assert set(found["meta"]) == META
            yield found["data"]
            number = found["meta"]["next_page"]

    def all(self, path: str, size: int = 100, /, **query: object) -> list[dict[str, Any]]:
        """Give all items of a list."""
        return [one for page in self.pages(path, size, **query) for one in page]

    def session(self, status: str) -> str:
        """Give the id of a session in a status."""
        return str(self.all("sessions", **{"filter[status]": status})[0]["id"])

    def is_registered(self, session_id: str, email: str) -> bool:
        """Tell whether somebody is registered, by their e-mail address."""
        return self.all(f"sessions/{session_id}/people", **{"filter[email]": email}) != []

    def register(self, session_id: str, **fields: str) -> httpx.Response:
        """Register somebody."""
        data = {"type": "people", "attributes": {"fields": as_fields(fields)}}
        return self.send("POST", f"sessions/{session_id}/people", {"data": data})

    def register_all(self, session_id: str, people: Sequence[Mapping[str, str]]) -> httpx.Response:
        """Register many by a job."""
        tasks = [{"fields": as_fields(one)} for one in people]
        data = {"type": "jobs", "attributes": {"tasks": tasks}}
        return self.send("POST", f"sessions/{session_id}/people/bulk", {"data": data})

    def wait_for(self, job: httpx.Response) -> str:
        """Poll a job, once a second, until it is over; give its status."""
        job_id = job.json()["data"]["id"]
        for _ in range(100):
            status = str(self.get(f"jobs/{job_id}")["data"]["attributes"]["status"])
            if status in ENDED:
                return status
            self._sandbox.clock.advance(1)
        raise AssertionError("the job does not end")


WAYS: Mapping[str, Callable[[Integration], None]] = {
    "pkce": Integration.connect_with_pkce,
    "json": Integration.connect_with_json,
    "query": Integration.connect_in_query,
    "private": Integration.connect_with_private_token,
}


def as_fields(values: Mapping[str, str]) -> list[dict[str, str]]:
    """Give registration fields as they are sent."""
    return [{"id": name, "value": value} for name, value in values.items()]
