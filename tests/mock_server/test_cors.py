"""Cross-origin requests, answered as rack-cors 1.1.1 was measured to answer them."""

from collections.abc import Callable

import httpx
import pytest
from livestorm_mock_server import InvalidInputError, LivestormSandbox

PAGE = "https://spa.example.test"
FOREIGN = "https://foreign.example.test"
METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS, HEAD"
ALLOWED = {
    "access-control-allow-methods": METHODS,
    "access-control-expose-headers": "",
    "access-control-max-age": "7200",
}

Send = Callable[..., httpx.Response]

any_origin = pytest.mark.livestorm(cors="token_and_api", rate_limits=False)
one_origin = pytest.mark.livestorm(cors="token_and_api", cors_origins=[PAGE], rate_limits=False)


def cors_headers(answer: httpx.Response) -> dict[str, str]:
    """Give what an answer says of other origins."""
    return {n: v for n, v in answer.headers.items() if n.startswith("access-control-")}


@pytest.fixture
def send(livestorm: LivestormSandbox, http: httpx.Client) -> Send:
    """Send a request with these headers; underscores stand for hyphens."""

    def call(method: str, path: str, **headers: str) -> httpx.Response:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return http.request(method, f"{livestorm.app_url}{path}", headers=names)

    return call


@pytest.fixture
def preflight(send: Send) -> Send:
    """Ask, as a browser does for a page, whether a request may be sent."""

    def ask(path: str, method: str = "POST", origin: str = PAGE, **headers: str) -> httpx.Response:
        return send("OPTIONS", path, Origin=origin, Access_Control_Request_Method=method, **headers)

    return ask


@any_origin
@pytest.mark.parametrize("origin", [PAGE, FOREIGN, "null"])
def test_preflight_of_any_origin_is_granted(preflight: Send, origin: str) -> None:
    """The answer is empty, allows all methods, and just the headers that were asked for."""
    answer = preflight(
        "/oauth/token", origin=origin, Access_Control_Request_Headers="authorization,content-type"
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert cors_headers(answer) == ALLOWED | {
        "access-control-allow-origin": "*",
        "access-control-allow-headers": "authorization,content-type",
    }
    assert not {"vary", "x-request-id", "x-runtime"} & set(answer.headers)


@any_origin
def test_preflight_without_headers_gets_none(preflight: Send) -> None:
    """What is not asked is not told."""
    assert "access-control-allow-headers" not in preflight("/oauth/token").headers


@one_origin
@pytest.mark.parametrize(
    "path", ["/oauth/token", "/oauth/token/", "//oauth/token", "/v1/me", "/v1"]
)
def test_preflight_of_a_listed_origin_is_granted_by_its_name(preflight: Send, path: str) -> None:
    """The origin is told back, as it was listed."""
    assert preflight(path).headers["access-control-allow-origin"] == PAGE


@one_origin
@pytest.mark.parametrize(
    ("path", "method", "origin"),
    [
        ("/oauth/token", "POST", FOREIGN),
        ("/oauth/token", "POST", PAGE.upper()),
        ("/oauth/token", "POST", f"{PAGE}:443"),
        ("/oauth/token", "BREW", PAGE),
        ("/oauth/token", "", PAGE),
        ("/oauth/token.json", "POST", PAGE),
        ("/oauth/authorize", "GET", PAGE),
        ("/v2", "GET", PAGE),
    ],
)
def test_other_preflight_is_answered_without_a_grant(
    preflight: Send, path: str, method: str, origin: str
) -> None:
    """The middleware answers each preflight, whatever the path; the browser finds no grant."""
    answer = preflight(path, method, origin)
    assert (answer.status_code, cors_headers(answer)) == (200, {})


@one_origin
def test_method_of_a_preflight_is_compared_without_case(preflight: Send) -> None:
    """A lower-case method is granted."""
    assert cors_headers(preflight("/oauth/token", "post"))


@one_origin
@pytest.mark.parametrize(
    "headers", [{}, {"Origin": PAGE}, {"Access_Control_Request_Method": "GET"}]
)
def test_options_that_is_no_preflight_is_a_404(send: Send, headers: dict[str, str]) -> None:
    """Rails answers it, which has no such route."""
    assert send("OPTIONS", "/oauth/token", **headers).status_code == 404


@one_origin
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/oauth/token", 400),
        ("GET", "/oauth/token", 404),
        ("GET", "/v1/me", 401),
        ("GET", "/v1/nothing/there", 404),
        ("OPTIONS", "/v1/me", 404),
    ],
)
def test_errors_can_be_read_by_a_listed_origin(
    send: Send, method: str, path: str, status: int
) -> None:
    """All answers below the paths have the headers, those of Rails included."""
    answer = send(method, path, Origin=PAGE)
    assert answer.status_code == status
    assert cors_headers(answer) == ALLOWED | {"access-control-allow-origin": PAGE}


@one_origin
def test_tokens_can_be_read_by_a_listed_origin(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """So can a success."""
    answer = http.post(
        f"{livestorm.app_url}/oauth/token",
        headers={"Origin": PAGE},
        data={
            "grant_type": "refresh_token",
            "refresh_token": str(livestorm.issue_tokens()["refresh_token"]),
            "client_id": livestorm.client_id,
            "client_secret": livestorm.client_secret,
        },
    )
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == PAGE


@one_origin
@pytest.mark.parametrize("headers", [{}, {"Origin": FOREIGN}, {"Origin": "null"}])
def test_answer_to_others_says_that_it_depends_on_the_origin(
    send: Send, headers: dict[str, str]
) -> None:
    """`Vary` has the origin behind what Rails put there, also where nothing is allowed."""
    answer = send("GET", "/v1/me", Accept="*/*", Authorization="garbage", **headers)
    first, *_, last = answer.headers["vary"].split(", ")
    assert (first, last, cors_headers(answer)) == ("Accept", "Origin", {})


@pytest.mark.livestorm(
    cors="api",
    extra_headers=[{"on": "api", "headers": {"Access-Control-Expose-Headers": "Retry-After"}}],
)
def test_headers_can_be_exposed(send: Send) -> None:
    """rack-cors exposes none by itself; `extra_headers` says which, in its place."""
    answer = send("GET", "/v1/me", Origin=PAGE)
    assert answer.headers.get_list("access-control-expose-headers") == ["Retry-After"]


@any_origin
def test_other_paths_say_nothing_of_origins(send: Send) -> None:
    """The pages of the provider are no matter of the option."""
    answer = send("GET", "/oauth/token/info", Origin=PAGE)
    assert cors_headers(answer) == {}
    assert "Origin" not in answer.headers.get("vary", "")


@pytest.mark.parametrize(
    ("token", "api"),
    [
        pytest.param(*expected, marks=pytest.mark.livestorm(cors=value))
        for value, expected in {
            "token": (True, False),
            "api": (False, True),
            "token_and_api": (True, True),
        }.items()
    ],
)
def test_option_says_where_browsers_may_call(send: Send, token: bool, api: bool) -> None:
    """Token endpoint and API are told apart."""
    asked = [send(*one, Origin=PAGE) for one in (("POST", "/oauth/token"), ("GET", "/v1/ping"))]
    assert [bool(cors_headers(one)) for one in asked] == [token, api]


def test_by_default_no_page_of_another_origin_is_let_in(send: Send, preflight: Send) -> None:
    """Without the option a preflight is a 404, and no answer says anything."""
    assert preflight("/oauth/token").status_code == 404
    assert cors_headers(send("GET", "/v1/me", Origin=PAGE)) == {}


@any_origin
def test_answer_of_a_fault_can_be_read_too(livestorm: LivestormSandbox, send: Send) -> None:
    """A refusal that was asked for is meant for the client, which may live in a page."""
    livestorm.faults.arm("token", "oauth_error", error="invalid_grant")
    assert cors_headers(send("POST", "/oauth/token", Origin=PAGE))


@one_origin
def test_preflight_is_no_request_to_the_endpoint(
    livestorm: LivestormSandbox, preflight: Send
) -> None:
    """No fault strikes it, and the journal has it without an endpoint, with its reason."""
    livestorm.faults.arm("token", "html_page", status=502)
    assert preflight("/oauth/token").status_code == 200
    entry = livestorm.journal.entries()[-1].as_json()
    assert (entry["endpoint"], entry["reason"]) == (None, "a preflight, which rack-cors answers")


@pytest.mark.parametrize("origins", [[], ["spa.example.test"], ["https://a.test/"], ["https://"]])
def test_origin_that_is_none_is_refused(livestorm: LivestormSandbox, origins: list[str]) -> None:
    """An origin has a scheme and a host, and no path."""
    with pytest.raises(InvalidInputError, match="cors_origins"):
        livestorm.sandbox(cors="token", cors_origins=origins)


def test_list_of_origins_without_cors_is_refused(livestorm: LivestormSandbox) -> None:
    """A list that could let in nobody says so."""
    with pytest.raises(InvalidInputError, match=r"cors_origins is .*; expected no list"):
        livestorm.sandbox(cors_origins=[PAGE])


@pytest.mark.parametrize(
    ("origin", "written"),
    [
        ("https://APP.example.com", "https://app.example.com"),
        ("https://app.example.com:443", "https://app.example.com"),
        ("http://app.example.com:80", "http://app.example.com"),
    ],
)
def test_origin_that_no_browser_sends_is_refused(
    livestorm: LivestormSandbox, origin: str, written: str
) -> None:
    """It would let in nobody: the error gives the one that was meant."""
    expected = rf"cors_origins\[1\] is .*{written}"
    with pytest.raises(InvalidInputError, match=expected):
        livestorm.sandbox(cors="token", cors_origins=["https://other.example", origin])
