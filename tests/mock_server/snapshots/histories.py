"""What happens to a sandbox, drawn, and what its clients get."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
from hypothesis import strategies as st
from livestorm_mock_server import InvalidInputError, LivestormSandbox
from livestorm_mock_server.scenario import ApplicationEntry
from livestorm_mock_server.scenario_files import read_scenario

Outcome = object
"""What came of an operation, the same for sandboxes that are the same."""

NOON = 1_795_435_200.5
FAULTS: tuple[dict[str, Any], ...] = (
    {"on": "api", "fault": "rate_limited", "times": 2, "after": 1},
    {"on": "api.me", "fault": "html_page", "status": 503, "probability": 0.5, "seed": 3},
    {"on": "token", "fault": "sequence", "steps": ["ok", 500, "ok", 502]},
    {"on": "token.refresh_token", "fault": "token_lifetime", "seconds": 60, "times": 1},
    {"on": "token", "fault": "html_page", "phase": "after", "every": 3, "times": 4},
    {"on": "api", "fault": "api_error", "status": 422, "when": {"number": 30}},
)


SCENARIO = read_scenario(
    """
    [[users]]
    email = "ada.martin@example.test"

    [[users]]
    email = "grace.dupont@example.test"
    first_name = "Grace"

    [[collections]]
    type = "people"
    path = "/v1/people"
    members = true
    items = [{ email = "zoë@example.test", organization_id = "1" }]

    [[collections]]
    type = "events"
    path = "/v1/events"
    relationships = [{ name = "owner", type = "people" }]
    required = ["title"]
    items = [{ title = "Launch", started_at = 0 }]
    """,
    "histories.toml",
    None,
)
"""With two users, and collections of which one has them."""


class Client:
    """A client of a sandbox, and the test around it; each operation gives what came of it."""

    def __init__(self, livestorm: LivestormSandbox, http: httpx.Client) -> None:
        self.livestorm, self._http = livestorm, http
        self._prefix = urlsplit(livestorm.app_url).path
        livestorm.clock.freeze()
        livestorm.clock.set(NOON)

    def twin(self, livestorm: LivestormSandbox) -> "Client":
        """Give the same client at another sandbox, which is what this one's is from now on."""
        livestorm.restore(self.livestorm.state())
        other = object.__new__(Client)
        other.livestorm, other._http = livestorm, self._http
        other._prefix = urlsplit(livestorm.app_url).path
        return other

    def authorize(self, user: int) -> Outcome:
        """Have a user decide."""
        users = self.livestorm.scenario.users
        email = users[user % len(users)].email if users else None
        return self._told(lambda: self.livestorm.authorize(user=email, state="s"))

    def exchange(self, number: int) -> Outcome:
        """Exchange a code, one that was used, too."""
        codes = _texts(self.livestorm.state(), "codes", "code")
        code = codes[number % len(codes)] if codes else "unknown"
        redirect_uri = self.livestorm.redirect_uri
        return self._token(grant_type="authorization_code", code=code, redirect_uri=redirect_uri)

    def refresh(self, number: int) -> Outcome:
        """Refresh with any refresh token that there was."""
        texts = _texts(self.livestorm.state(), "tokens", "refresh_token")
        text = texts[number % len(texts)] if texts else "unknown"
        return self._token(grant_type="refresh_token", refresh_token=text)

    def call(self, number: int) -> Outcome:
        """Call the API, also with a token that is over, or none."""
        texts = [*_texts(self.livestorm.state(), "tokens", "access_token"), "unknown"]
        headers = {"Authorization": f"Bearer {texts[number % len(texts)]}"}
        path = ("me", "ping", "organization")[number % 3]
        return self._answer(self._http.get(f"{self.livestorm.api_url}/{path}", headers=headers))

    def create(self, number: int) -> Outcome:
        """Create an item by the API, or list what there is."""
        token = self._newest("access_token")
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.livestorm.api_url}/events"
        if number % 3 == 0:
            return self._answer(self._http.get(url, headers=headers))
        document = {"data": {"type": "events", "attributes": {"title": "é" * number}}}
        return self._answer(self._http.post(url, json=document, headers=headers))

    def change(self, number: int) -> Outcome:
        """Change, add, plan or delete an item."""
        livestorm = self.livestorm
        items = livestorm.items("events")
        if not items or number % 4 == 0:
            return self._told(lambda: livestorm.add_item("events", {"title": f"{number}"}))
        found = str(items[number % len(items)]["id"])
        if number % 4 == 1:
            return self._told(lambda: livestorm.delete_item("events", found))
        return self._told(lambda: livestorm.change_item("events", found, {"title": "x"}))

    def call_privately(self, number: int) -> Outcome:
        """Call the API with the private token."""
        headers = {"Authorization": self.livestorm.private_token[: None if number % 2 else -2]}
        return self._answer(self._http.get(f"{self.livestorm.api_url}/me", headers=headers))

    def issue(self, number: int) -> Outcome:
        """Issue a pair."""
        return self._told(lambda: self.livestorm.issue_tokens(expires_in=(None, 0, 90)[number % 3]))

    def revoke(self, number: int) -> Outcome:
        """Revoke a pair."""
        return self._of_token(number, self.livestorm.revoke_token)

    def expire(self, number: int) -> Outcome:
        """End the lifetime of an access token."""
        return self._of_token(number, self.livestorm.expire_token)

    def advance(self, number: int) -> Outcome:
        """Move the clock, which stands still, or let it run for a moment."""
        clock = self.livestorm.clock
        clock.advance((0.25, 1, 40, 700, 7_300, -30)[number % 6])
        return clock.now()

    def arm(self, number: int) -> Outcome:
        """Arm a fault."""
        return self._told(
            lambda: self.livestorm.faults.arm_from(FAULTS[number % len(FAULTS)]).as_json()
        )

    def disarm(self, number: int) -> Outcome:
        """Disarm a fault."""
        return self.livestorm.faults.disarm(f"fault-{number}")

    def register(self, number: int) -> Outcome:
        """Register an application."""
        entry = ApplicationEntry(name=f"Other {number}", redirect_uris=("https://a.test/cb",))
        return self._told(lambda: self.livestorm.register_application(entry))

    def rotate_secret(self, number: int) -> Outcome:
        """Give the application another secret."""
        del number
        return self.livestorm.rotate_secret(self.livestorm.client_id)

    def _newest(self, name: str) -> str:
        return ["unknown", *_texts(self.livestorm.state(), "tokens", name)][-1]

    def _of_token(self, number: int, do: Callable[[str], None]) -> Outcome:
        texts = _texts(self.livestorm.state(), "tokens", "access_token")
        return self._told(lambda: do(texts[number % len(texts)])) if texts else None

    def _token(self, **form: str) -> Outcome:
        livestorm = self.livestorm
        form |= {"client_id": livestorm.client_id, "client_secret": livestorm.client_secret}
        return self._answer(self._http.post(f"{livestorm.app_url}/oauth/token", data=form))

    def _answer(self, answer: httpx.Response) -> Outcome:
        return (answer.status_code, answer.headers.multi_items(), self._unprefixed(answer.text))

    def _told(self, do: Callable[[], object]) -> Outcome:
        try:
            return do()
        except InvalidInputError as error:
            return self._unprefixed(str(error))

    def _unprefixed(self, text: str) -> str:
        return re.sub(re.escape(self._prefix), "", text)


def history(livestorm: LivestormSandbox, http: httpx.Client) -> Client:
    """Have something of everything in a sandbox, but for collections; give its client."""
    client = Client(livestorm, http)
    for number in range(3):
        client.authorize(number)
    client.exchange(0)
    client.register(1)
    for number in range(4):
        client.issue(number)
        client.refresh(number)
        client.call(number)
        client.arm(number)
    client.revoke(2)
    client.expire(3)
    client.rotate_secret(0)
    return client


Operation = Callable[[Client], Outcome]

OPERATIONS = (
    Client.authorize,
    Client.exchange,
    Client.refresh,
    Client.refresh,
    Client.call,
    Client.call,
    Client.create,
    Client.change,
    Client.call_privately,
    Client.issue,
    Client.revoke,
    Client.expire,
    Client.advance,
    Client.arm,
    Client.disarm,
    Client.register,
    Client.rotate_secret,
)

operations: st.SearchStrategy[Operation] = st.builds(
    lambda operate, number: lambda client: operate(client, number),
    st.sampled_from(OPERATIONS),
    st.integers(0, 12),
)


def _texts(state: Mapping[str, Any], table: str, name: str) -> list[str]:
    return [str(one[name]) for one in state["store"][table] if one[name] is not None]
