"""Headers that the provider adds to its own answers: `extra_headers`."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from livestorm_mock_server import InvalidInputError, LivestormSandbox

from .requests import ENDPOINTS
from .wire import Answer

Send = Callable[..., Answer]

ON_TOKENS = [{"on": "token", "headers": {"X-Served-By": "edge-1", "cache-control": "no-cache"}}]


@pytest.mark.livestorm(extra_headers=ON_TOKENS)
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_headers_are_on_the_answers_of_their_endpoint(send: Send, endpoint: str) -> None:
    """`token` stands for both grants, as for faults; other endpoints have nothing of it."""
    answer = send(endpoint)
    expected = "edge-1" if endpoint.startswith("token.") else None
    assert answer.header("x-served-by") == expected


@pytest.mark.livestorm(extra_headers=ON_TOKENS)
def test_header_takes_the_place_of_the_one_of_its_name(send: Send) -> None:
    """There is one `Cache-Control`, in whatever case it was written."""
    answer = send("token.refresh_token")
    assert [value for name, value in answer.headers if name == "cache-control"] == ["no-cache"]


@pytest.mark.livestorm(
    extra_headers=[
        {"on": "api", "headers": {"Server": "cloudflare", "Date": "then"}},
        {"on": "api.me", "headers": {"Server": "nginx"}},
    ]
)
def test_later_entry_wins(send: Send) -> None:
    """Entries are applied in order, behind what the fake itself adds."""
    names = ("server", "date")
    assert [send("api.ping").header(name) for name in names] == ["cloudflare", "then"]
    assert send("api.me").header("server") == "nginx"


@pytest.mark.livestorm(extra_headers=[{"on": "api", "headers": {"X-Edge": "é"}}])
def test_headers_are_on_errors_too(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """Whatever the endpoint answers carries them, in UTF-8."""
    answer = http.get(f"{livestorm.api_url}/me")
    assert (answer.status_code, answer.headers["x-edge"]) == (401, "é")


@pytest.mark.livestorm(extra_headers=[{"on": "api", "headers": {"X-Edge": "1"}}])
def test_unknown_path_has_no_extra_header(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """What is no endpoint has no label that could be meant."""
    assert "x-edge" not in http.get(f"{livestorm.api_url}/nothing").headers


@pytest.mark.livestorm(extra_headers=[{"on": "authorize", "headers": {"set-cookie": "edge=1"}}])
def test_extra_cookie_leaves_the_session_alone(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """A header that may come twice does."""
    parameters = {
        "client_id": livestorm.client_id,
        "redirect_uri": livestorm.redirect_uri,
        "response_type": "code",
    }
    answer = http.get(f"{livestorm.app_url}/oauth/authorize", params=parameters)
    cookies = answer.headers.get_list("set-cookie")
    assert (len(cookies), cookies[-1]) == (2, "edge=1")


def test_headers_can_be_asked_for_over_http(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """A sandbox takes them under `provider`, and shows them in what it starts from."""
    url, provider = f"{livestorm.control_url}/sandboxes", {"extra_headers": ON_TOKENS}
    opened = http.post(url, json={"provider": provider}).json()
    shown = http.get(f"{opened['control_url']}/scenario").json()
    assert shown["provider"]["extra_headers"] == ON_TOKENS
    answer = http.post(f"{opened['app_url']}/oauth/token")
    assert answer.headers["x-served-by"] == "edge-1"


def test_wrong_headers_are_refused_over_http(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """The error names the key and the nearest label."""
    provider = {"extra_headers": [{"on": "tokn", "headers": {"X-A": "1"}}]}
    answer = http.post(f"{livestorm.control_url}/sandboxes", json={"provider": provider})
    assert answer.status_code == 422
    assert "extra_headers[0].on is 'tokn'" in answer.json()["error"]
    assert "did you mean 'token'?" in answer.json()["error"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"on": "nothing", "headers": {"X-A": "1"}}, r"extra_headers\[0\]\.on is 'nothing'"),
        ({"headers": {"X-A": "1"}}, r"extra_headers\[0\]\.on is missing"),
        ({"on": "api"}, r"extra_headers\[0\]\.headers is missing"),
        ({"on": "api", "headers": {}}, r"extra_headers\[0\]\.headers is \{\}"),
        ({"on": "api", "headers": {"X A": "1"}}, "expected the name of a header"),
        ({"on": "api", "headers": {"X-A:": "1"}}, "expected the name of a header"),
        ({"on": "api", "headers": {"X-A": "1\r\nX-B: 2"}}, "expected a text on one line"),
        ({"on": "api", "headers": {"Content-Length": "1"}}, "no header that frames the answer"),
        ({"on": "api", "headers": {"transfer-encoding": "x"}}, "no header that frames the answer"),
        ({"on": "api", "headers": {"X-A": "1"}, "times": 1}, r"unknown key extra_headers\[0\]"),
    ],
)
def test_entry_that_can_not_be_is_refused(
    livestorm: LivestormSandbox, entry: dict[str, Any], message: str
) -> None:
    """The message leads to what is wrong."""
    with pytest.raises(InvalidInputError, match=message):
        livestorm.sandbox(extra_headers=[entry])
