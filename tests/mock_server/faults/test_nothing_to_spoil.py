"""A fault that finds nothing to spoil does not strike, and nothing says that it did."""

import contextlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server import LivestormSandbox, MockLivestorm, grounds

from ..authorization_urls import url_of
from ..conftest import SendTokenRequest
from ..requests import HEADER, last_fault

pytestmark = pytest.mark.livestorm(rate_limits=False)

Send = Callable[[LivestormSandbox, httpx.Client], httpx.Response]


def api(method: str = "GET", path: str = "/me", token: str | None = "") -> Send:
    """Call the API, by default with a token that is good; None is no token."""

    def send(livestorm: LivestormSandbox, http: httpx.Client) -> httpx.Response:
        bearer = livestorm.issue_tokens()["access_token"] if token == "" else token
        headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
        return http.request(method, f"{livestorm.api_url}{path}", headers=headers)

    return send


def refreshes(refresh_token: str | None = None) -> Send:
    """Refresh, by default with a token that is good."""

    def send(livestorm: LivestormSandbox, http: httpx.Client) -> httpx.Response:
        sent = refresh_token or str(livestorm.issue_tokens()["refresh_token"])
        return http.post(
            f"{livestorm.app_url}/oauth/token",
            data={
                "client_id": livestorm.client_id,
                "client_secret": livestorm.client_secret,
                "grant_type": "refresh_token",
                "refresh_token": sent,
            },
        )

    return send


def asks(**changes: str | None) -> Send:
    """Go to the authorization endpoint; what is None is left out."""

    def send(livestorm: LivestormSandbox, http: httpx.Client) -> httpx.Response:
        return http.get(url_of(livestorm, **changes))

    return send


def denies(**changes: str | None) -> Send:
    """Have the user refuse, which leads back to the client."""

    def send(livestorm: LivestormSandbox, http: httpx.Client) -> httpx.Response:
        del http
        url = livestorm.authorize(url_of(livestorm, **changes), decision="deny")
        return httpx.Response(302, headers={"Location": url})

    return send


WITHOUT_TOKEN = api(token=None)
CALLBACK = {"on": "authorize", "fault": "callback"}
FIELDS = {"on": "token", "fault": "token_fields"}

CASES: dict[str, tuple[Mapping[str, Any], Send, Send]] = {
    "callback, of a page": ({**CALLBACK, "variant": "wrong_state"}, asks(), denies()),
    "callback, of an error": (
        {**CALLBACK, "variant": "wrong_state"},
        asks(client_id="stranger"),
        denies(),
    ),
    "token_fields, of an error": ({**FIELDS, "drop": ["scope"]}, refreshes("no"), refreshes()),
    "token_lifetime, of an error": (
        {"on": "token", "fault": "token_lifetime", "expires_in": 60},
        refreshes("no"),
        refreshes(),
    ),
    "expired_token, without one": (
        {"on": "api", "fault": "expired_token"},
        WITHOUT_TOKEN,
        api(),
    ),
    "revoked_grant, without one": (
        {"on": "api", "fault": "revoked_grant"},
        WITHOUT_TOKEN,
        api(),
    ),
    "revoked_grant, of a stranger": (
        {"on": "token", "fault": "revoked_grant"},
        refreshes("no"),
        refreshes(),
    ),
    **{
        f"{kind}, of an empty body": ({"on": "api", "fault": kind, **keys}, WITHOUT_TOKEN, api())
        for kind, keys in {
            "truncated_json": {},
            "short_body": {},
            "reset_in_body": {},
            "hang": {"head": True, "seconds": 0.05},
        }.items()
    },
    **{
        f"{kind}, of HEAD": ({"on": "api", "fault": kind, **keys}, api("HEAD"), api())
        for kind, keys in {
            "truncated_json": {},
            "short_body": {},
            "garbage": {},
            "cut_gzip": {},
            "huge_body": {"megabytes": 1},
        }.items()
    },
}

VOLATILE = ("date", "x-request-id", "x-runtime", "set-cookie", "etag")


def as_seen(answer: httpx.Response) -> object:
    """Give what the client has, but for what is new each time."""
    return answer.status_code, [one for one in answer.headers.items() if one[0] not in VOLATILE]


def told_last(livestorm: LivestormSandbox) -> dict[str, Any]:
    """Give the last exchange's part in the journal."""
    return livestorm.journal.entries()[-1].as_json()


@pytest.mark.parametrize("name", CASES)
def test_request_with_nothing_to_spoil_is_not_struck(
    livestorm: LivestormSandbox, http: httpx.Client, name: str
) -> None:
    """It is answered and told as without the fault, which waits for the next request."""
    keys, blank, spoilable = CASES[name]
    clean, told = as_seen(blank(livestorm, http)), told_last(livestorm)
    armed = livestorm.faults.arm_from({**keys, "times": 1})
    assert as_seen(blank(livestorm, http)) == clean
    now = told_last(livestorm)
    assert (now["fault"], now["reason"], now["ground"]) == (None, told["reason"], told["ground"])
    assert armed.hits == 0
    with contextlib.suppress(httpx.HTTPError):
        spoilable(livestorm, http)
    assert armed.hits == 1
    struck = [one for one in livestorm.journal if one.strike is not None]
    assert len(struck) == 1


def test_state_is_wrong_behind_the_consent_page(livestorm: LivestormSandbox) -> None:
    """A fault of one redirection spoils it, whatever page the user sees first."""
    armed = livestorm.faults.arm("authorize", "callback", variant="wrong_state", times=1)
    url = livestorm.authorize(url_of(livestorm))
    assert parse_qs(urlsplit(url).query)["state"] == ["of-another-flow"]
    page, redirection = livestorm.journal.entries()[-2:]
    assert (page.strike, redirection.strike is not None, armed.hits) == (None, True, 1)


def test_members_that_stay_are_no_strike(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """A member that has the value anyway has not been changed."""
    armed = livestorm.faults.arm("token", "token_fields", set={"token_type": "Bearer"}, times=1)
    refreshes()(livestorm, http)
    assert (armed.hits, last_fault(livestorm)) == (0, None)


def test_state_that_is_missing_is_not_taken_away(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """A redirection without a state has none to lose."""
    armed = livestorm.faults.arm("authorize", "callback", variant="missing_state", times=1)
    denies(state=None)(livestorm, http)
    assert (armed.hits, last_fault(livestorm)) == (0, None)


def test_step_waits_for_what_it_spoils(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """A place in a sequence is used up by a strike, or by a step that passes."""
    livestorm.faults.arm("api", "sequence", steps=["truncated_json", 503, "ok"])
    statuses = [WITHOUT_TOKEN(livestorm, http).status_code for _ in range(3)]
    api()(livestorm, http)
    assert last_fault(livestorm) == {"id": "fault-1", "fault": "truncated_json", "phase": "before"}
    assert (statuses, WITHOUT_TOKEN(livestorm, http).status_code) == ([401] * 3, 503)


def test_next_fault_strikes_where_the_first_finds_nothing(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """Of several faults the first that finds something strikes, before the effect, too."""
    first = livestorm.faults.arm("token", "token_fields", drop=["scope"])
    second = livestorm.faults.arm("token", "api_error", status=503, times=1)
    assert refreshes("no")(livestorm, http).status_code == 503
    assert (first.hits, second.hits) == (0, 1)


def test_fault_of_the_request_itself_finds_nothing_either(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """What a request asks for in the header and can't have is not in the journal."""
    answer = http.get(f"{livestorm.api_url}/me", headers={HEADER: "truncated_json"})
    assert (answer.status_code, last_fault(livestorm)) == (401, None)


@pytest.mark.livestorm(rate_limits=False, rotation="instant")
def test_request_that_was_held_until_there_was_nothing_to_spoil_is_no_hit(
    livestorm: LivestormSandbox, refresh: SendTokenRequest
) -> None:
    """Of two that wait with one refresh token, one gets tokens to be spoiled; so it is counted."""
    armed = livestorm.faults.arm("token", "token_fields", drop=["scope"], delay=0.3)
    token = str(livestorm.issue_tokens()["refresh_token"])
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(refresh, [token, token]))
    assert sorted(one.status_code for one in answers) == [200, 400]
    assert (armed.hits, armed.seen) == (1, 1)
    (refused,) = [one for one in livestorm.journal if one.strike is None]
    assert refused.exchange.ground is grounds.REFRESH_TOKEN_SUPERSEDED


@pytest.mark.parametrize("phase", ["before", "after"])
def test_request_whose_token_expired_while_it_was_held_passes(
    livestorm: LivestormSandbox, http: httpx.Client, phase: str
) -> None:
    """What is found when its turn comes decides, and the next request is struck."""
    armed = livestorm.faults.arm("api", "truncated_json", phase=phase, delay=0.5, times=1)
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(api(), livestorm, http)
        while not armed.hits:
            pass
        livestorm.clock.advance(8000)
        assert held.result().status_code == 401
    (entry,) = livestorm.journal
    assert (armed.hits, entry.strike) == (0, None)
    assert entry.exchange.ground is grounds.ACCESS_TOKEN_EXPIRED
    api()(livestorm, http)
    assert armed.hits == 1


@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize("kind", ["cut_gzip", "close"])
def test_refusal_that_is_spoiled_keeps_its_reason(
    livestorm: LivestormSandbox, http: httpx.Client, kind: str, phase: str
) -> None:
    """The journal says which fault it was, and by which rule the provider refused."""
    WITHOUT_TOKEN(livestorm, http)
    clean = told_last(livestorm)
    livestorm.faults.arm("api", kind, phase=phase)
    with contextlib.suppress(httpx.HTTPError):
        WITHOUT_TOKEN(livestorm, http)
    told = told_last(livestorm)
    assert told["reason"] == f"fault fault-1 ({kind}, {phase} the effect): {clean['reason']}"
    assert told["ground"] == clean["ground"]


def test_refusal_that_is_replaced_has_no_rule(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """The answer of a gateway is not the provider's."""
    livestorm.faults.arm("api", "html_page", phase="after")
    WITHOUT_TOKEN(livestorm, http)
    told = told_last(livestorm)
    assert (told["reason"], told["ground"]) == ("fault fault-1 (html_page, after the effect)", None)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    are_spoilable=st.lists(st.booleans(), max_size=12),
    after=st.integers(0, 3),
    every=st.integers(1, 3),
    times=st.none() | st.integers(1, 3),
    phase=st.sampled_from(["before", "after"]),
)
def test_requests_with_nothing_to_spoil_count_for_nothing(
    livestorm_server: MockLivestorm,
    are_spoilable: list[bool],
    after: int,
    every: int,
    times: int | None,
    phase: str,
) -> None:
    """The others are struck as if those had not been there."""
    with (
        livestorm_server.sandbox(rate_limits=False) as livestorm,
        httpx.Client(trust_env=False) as http,
    ):
        armed = livestorm.faults.arm(
            "api", "truncated_json", after=after, every=every, times=times, phase=phase
        )
        for is_spoilable in are_spoilable:
            (api() if is_spoilable else WITHOUT_TOKEN)(livestorm, http)
        struck = [one.strike is not None for one in livestorm.journal]
    meant = [n >= after and (n - after) % every == 0 for n in range(sum(are_spoilable))]
    allowed = sum(meant) if times is None else times
    meant = [one and sum(meant[: n + 1]) <= allowed for n, one in enumerate(meant)]
    assert [one for one, told in zip(struck, are_spoilable, strict=True) if told] == meant
    assert not any(one for one, told in zip(struck, are_spoilable, strict=True) if not told)
    assert armed.hits == sum(meant)
