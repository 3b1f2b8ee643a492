"""The API: credentials, scopes, documents, rate limits, declared resources."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm

from .conftest import SendTokenRequest
from .wire import exchange, frame

NOON = 1_795_435_200
DAY = 86_400
LIMIT_HEADERS = (
    "ratelimit-monthly-limit",
    "ratelimit-monthly-remaining",
    "ratelimit-interval-limit",
    "ratelimit-interval-remaining",
)
unlimited = pytest.mark.livestorm(rate_limits=False)

Get = Callable[..., httpx.Response]


@pytest.fixture
def get(livestorm: LivestormSandbox, http: httpx.Client) -> Get:
    """Call the API with a token of these scopes."""

    def call(path: str, *, scope: str | None = None, **headers: str) -> httpx.Response:
        if scope is not None:
            token = livestorm.issue_tokens(scope=scope)["access_token"]
            headers["Authorization"] = f"Bearer {token}"
        return http.get(f"{livestorm.api_url}/{path}", headers=headers)

    return call


@pytest.fixture
def frozen(livestorm: LivestormSandbox) -> LivestormSandbox:
    """The sandbox, with its clock standing at a known moment."""
    livestorm.clock.freeze()
    livestorm.clock.set(NOON)
    return livestorm


def assert_refuses_access_token(answer: httpx.Response, text: str) -> None:
    """Check that an answer is Doorkeeper's 401, with this text and nothing else."""
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["www-authenticate"] == (
        f'Bearer realm="Doorkeeper", error="invalid_token", error_description="{text}"'
    )
    assert answer.headers["content-type"] == "text/html"
    assert answer.headers["cache-control"] == "no-store"


def assert_api_error(answer: httpx.Response, status: int, word: str) -> None:
    """Check that an answer is a JSON:API error, all of whose members are texts."""
    (error,) = answer.json()["errors"]
    assert answer.status_code == status
    assert set(error) == {"title", "detail", "code", "status"}
    assert all(isinstance(value, str) for value in error.values())
    assert error["status"] == word


# Credentials


@unlimited
def test_garbage_bearer_token_is_refused_with_an_empty_body(get: Get) -> None:
    """A bearer token that nobody issued gets Doorkeeper's 401."""
    assert_refuses_access_token(get("me", Authorization="Bearer x"), "The access token is invalid")


@unlimited
def test_garbage_private_token_is_refused_with_a_document(get: Get) -> None:
    """Any other value is a private token, whose 401 is a JSON:API error."""
    assert_api_error(get("me", Authorization="garbage"), 401, "unauthorized")


@unlimited
@pytest.mark.parametrize("path", ["me", "ping", "organization"])
def test_request_without_credentials_is_refused(get: Get, path: str) -> None:
    """Without a token, each endpoint answers 401."""
    assert_refuses_access_token(get(path), "The access token is invalid")


@unlimited
@pytest.mark.parametrize("authorization", ["Bearer", "Bearer ", "Bearer   ", "bearer", " ", ""])
def test_blank_credential_counts_as_none(livestorm: LivestormSandbox, authorization: str) -> None:
    """An empty header or an empty Bearer is no private token."""
    path = urlsplit(f"{livestorm.api_url}/me").path
    answer = exchange(livestorm.api_url, frame("GET", path, [("Authorization", authorization)]))
    assert (answer.status, answer.body) == (401, b"")


@unlimited
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_scheme_of_a_bearer_token_has_any_case(
    get: Get, tokens: dict[str, Any], scheme: str
) -> None:
    """`Bearer` is compared without case."""
    assert get("me", Authorization=f"{scheme} {tokens['access_token']}").status_code == 200


@unlimited
def test_private_token_shows_the_organization(get: Get, livestorm: LivestormSandbox) -> None:
    """With a private token, `/me` is the workspace."""
    data = get("me", Authorization=livestorm.private_token).json()["data"]
    assert data["type"] == "organizations"
    assert set(data["attributes"]) == {"name", "slug"}


@unlimited
@pytest.mark.parametrize("path", ["me", "ping", "organization"])
def test_private_token_may_do_everything(get: Get, livestorm: LivestormSandbox, path: str) -> None:
    """A private token needs no scope."""
    assert get(path, Authorization=livestorm.private_token).status_code == 200


@unlimited
def test_private_token_behind_bearer_is_refused_as_an_access_token(
    get: Get, livestorm: LivestormSandbox
) -> None:
    """`Bearer ` decides which kind of token is looked up."""
    answer = get("me", Authorization=f"Bearer {livestorm.private_token}")
    assert_refuses_access_token(answer, "The access token is invalid")


@unlimited
def test_access_token_without_bearer_is_refused_as_a_private_token(
    get: Get, tokens: dict[str, Any]
) -> None:
    """An access token alone is no private token."""
    assert_api_error(get("me", Authorization=tokens["access_token"]), 401, "unauthorized")


def test_private_token_is_a_jwt_with_the_published_claims(livestorm: LivestormSandbox) -> None:
    """HS256, with audience, id, time and workspace, without expiry."""
    token = livestorm.private_token
    claims = jwt.decode(token, options={"verify_signature": False})
    assert jwt.get_unverified_header(token)["alg"] == "HS256"
    assert set(claims) == {"aud", "jti", "iat", "org"}
    assert claims["aud"] == "api.livestorm.co"


@unlimited
@pytest.mark.parametrize("change", ["key", "none", "audience", "organization"])
def test_forged_private_token_is_refused(
    get: Get, livestorm: LivestormSandbox, change: str
) -> None:
    """A token that the sandbox did not sign for one of its workspaces opens nothing."""
    claims = jwt.decode(livestorm.private_token, options={"verify_signature": False})
    key = livestorm._sandbox.signing.key if change in ("audience", "organization") else b"k" * 32
    forged = {
        "key": lambda: jwt.encode(claims, key, algorithm="HS256"),
        "none": lambda: jwt.encode(claims, "", algorithm="none"),
        "audience": lambda: jwt.encode(claims | {"aud": "x"}, key, algorithm="HS256"),
        "organization": lambda: jwt.encode(claims | {"org": "x"}, key, algorithm="HS256"),
    }[change]()
    assert_api_error(get("me", Authorization=forged), 401, "unauthorized")


@pytest.mark.livestorm(rate_limits=False, private_tokens=False)
def test_private_tokens_can_be_switched_off(get: Get, livestorm: LivestormSandbox) -> None:
    """With the option, any other header value is no credential at all."""
    answer = get("me", Authorization=livestorm.private_token)
    assert_refuses_access_token(answer, "The access token is invalid")


@unlimited
def test_expired_token_is_told_as_such(get: Get, livestorm: LivestormSandbox) -> None:
    """The challenge says that the token expired."""
    token = livestorm.issue_tokens()["access_token"]
    livestorm.clock.advance(7201)
    answer = get("me", Authorization=f"Bearer {token}")
    assert_refuses_access_token(answer, "The access token expired")


@unlimited
def test_revoked_token_is_told_as_such(get: Get, livestorm: LivestormSandbox) -> None:
    """The challenge says that the token was revoked, also when it expired as well."""
    token = str(livestorm.issue_tokens()["access_token"])
    livestorm.revoke_token(token)
    livestorm.clock.advance(7201)
    answer = get("me", Authorization=f"Bearer {token}")
    assert_refuses_access_token(answer, "The access token was revoked")


@unlimited
def test_token_in_the_query_is_taken(get: Get, tokens: dict[str, Any]) -> None:
    """`access_token` and `bearer_token` parameters are tokens, too."""
    assert get(f"me?access_token={tokens['access_token']}").status_code == 200
    assert get(f"me?bearer_token={tokens['access_token']}").status_code == 200


@unlimited
def test_wrong_header_is_not_rescued_by_the_query(get: Get, tokens: dict[str, Any]) -> None:
    """The first source that is not blank decides."""
    answer = get(f"me?access_token={tokens['access_token']}", Authorization="Bearer x")
    assert answer.status_code == 401


# Documents


@unlimited
def test_me_shows_the_user_and_the_organization(get: Get) -> None:
    """With OAuth, `/me` is a user with an organization inside."""
    data = get("me", scope="identity:read").json()["data"]
    assert data["type"] == "users"
    assert data["attributes"]["email"] == "ada.martin@example.test"
    assert {"first_name", "last_name", "avatar_link", "created_at"} <= set(data["attributes"])
    assert set(data["attributes"]["organization"]) == {"id", "name"}


@unlimited
def test_ping_has_no_body(get: Get) -> None:
    """`/ping` says 200 and nothing else."""
    answer = get("ping", scope="events:read")
    assert (answer.status_code, answer.content) == (200, b"")


@unlimited
def test_organization_is_the_workspace(get: Get) -> None:
    """`/organization` has no `included` unless asked."""
    document = get("organization", scope="identity:read").json()
    assert document["data"]["type"] == "organizations"
    assert "included" not in document


@unlimited
@pytest.mark.parametrize("include", ["organization", "a,organization"])
def test_organization_is_included_when_asked_for(get: Get, include: str) -> None:
    """`?include=organization` repeats the workspace under `included`."""
    document = get(f"organization?include={include}", scope="identity:read").json()
    assert document["included"] == [document["data"]]


@unlimited
def test_answers_name_the_same_workspace(get: Get) -> None:
    """`/me` and `/organization` agree on the id."""
    me = get("me", scope="identity:read").json()["data"]["attributes"]["organization"]
    assert get("organization", scope="identity:read").json()["data"]["id"] == me["id"]


@pytest.mark.parametrize(
    "content_type",
    [
        pytest.param(one, marks=pytest.mark.livestorm(rate_limits=False, api_content_type=one))
        for one in (
            "application/vnd.api+json; charset=utf-8",
            "application/vnd.api+json",
            "application/json; charset=utf-8",
            "application/json",
        )
    ],
)
def test_content_type_is_the_one_of_the_option(get: Get, content_type: str) -> None:
    """Documents and errors have the content type that the option says."""
    assert get("me", scope="identity:read").headers["content-type"] == content_type
    assert get("me", Authorization="x").headers["content-type"] == content_type


@pytest.mark.livestorm(rate_limits=False, attribute_case="camelCase")
def test_attributes_can_be_in_camel_case(get: Get) -> None:
    """With the option, attributes are spelt `firstName`."""
    attributes = get("me", scope="identity:read").json()["data"]["attributes"]
    assert {"firstName", "lastName", "avatarLink", "createdAt", "email"} <= set(attributes)
    assert not [name for name in attributes if "_" in name]


@unlimited
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_wrong_verb_is_not_found(
    livestorm: LivestormSandbox, http: httpx.Client, method: str
) -> None:
    """A known path with another verb is a 404, as in Rails."""
    assert http.request(method, f"{livestorm.api_url}/me").status_code == 404


@unlimited
def test_head_is_answered_without_a_body(
    livestorm: LivestormSandbox, http: httpx.Client, bearer: dict[str, str]
) -> None:
    """HEAD is GET without the body."""
    answer = http.head(f"{livestorm.api_url}/me", headers=bearer)
    assert (answer.status_code, answer.content) == (200, b"")


# Scopes


@unlimited
@pytest.mark.parametrize(
    ("path", "scope", "status"),
    [
        ("me", "identity:read", 200),
        ("me", "events:read admin:read", 403),
        ("ping", "webhooks:write", 200),
        ("organization", "identity:read", 200),
        ("organization", "admin:read", 200),
        ("organization", "admin:write", 200),
        ("organization", "events:write", 403),
    ],
)
def test_scope_opens_its_endpoints(get: Get, path: str, scope: str, status: int) -> None:
    """Each endpoint needs its scopes, and write includes read."""
    assert get(path, scope=scope).status_code == status


@unlimited
def test_missing_scope_has_an_empty_body_and_names_the_scope(get: Get) -> None:
    """A 403 says in its challenge what is missing (5.9)."""
    answer = get("me", scope="events:read")
    assert (answer.status_code, answer.content) == (403, b"")
    assert answer.headers["www-authenticate"] == (
        'Bearer realm="Doorkeeper", error="insufficient_scope",'
        ' error_description="Access to this resource requires scope _identity:read_."'
    )


@pytest.mark.livestorm(rate_limits=False, release="5.8")
def test_missing_scope_has_no_challenge_before_5_9(get: Get) -> None:
    """Until 5.8 a 403 has no challenge."""
    assert "www-authenticate" not in get("me", scope="events:read").headers


@pytest.mark.livestorm(rate_limits=False, missing_scope_status=401)
def test_missing_scope_can_be_a_401(get: Get) -> None:
    """With the option, a missing scope is a 401."""
    assert get("me", scope="events:read").status_code == 401


@pytest.mark.livestorm(rate_limits=False, bearer_401_body="jsonapi")
def test_refusals_can_have_a_document(get: Get) -> None:
    """With the option, a 401 or 403 of Doorkeeper has the documented body, and its challenge."""
    refused = get("me", Authorization="Bearer x")
    assert_api_error(refused, 401, "unauthorized")
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]
    assert_api_error(get("me", scope="events:read"), 403, "forbidden")


@pytest.mark.livestorm(rate_limits=False, bearer_401_body="jsonapi", missing_scope_status=401)
def test_document_of_a_missing_scope_agrees_with_its_status(get: Get) -> None:
    """Where a missing scope is a 401, its document says so, too."""
    answer = get("me", scope="events:read")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, "401")


# Rate limits


def test_answer_tells_what_remains(get: Get, frozen: LivestormSandbox) -> None:
    """Each answer carries both limits, and what is left of them."""
    headers = get("me", scope="identity:read").headers
    assert [headers[name] for name in LIMIT_HEADERS] == ["10000", "9999", "5", "4"]
    assert "retry-after" not in headers
    assert "ratelimit-reset" not in headers


@pytest.mark.parametrize("authorization", ["Bearer x", "garbage", ""])
def test_refusal_tells_what_remains(get: Get, frozen: LivestormSandbox, authorization: str) -> None:
    """Also a 401 counts and carries the limits."""
    assert set(LIMIT_HEADERS) <= set(get("me", Authorization=authorization).headers)


def test_sixth_request_of_a_second_is_refused(
    get: Get, frozen: LivestormSandbox, bearer: dict[str, str]
) -> None:
    """Five requests per second pass, the sixth is a 429 with Retry-After and RateLimit-Reset."""
    answers = [get("me", **bearer) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    refused = answers[-1]
    assert_api_error(refused, 429, "too_many_requests")
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["ratelimit-interval-remaining"] == "0"
    assert refused.headers["ratelimit-monthly-remaining"] == "9995"


def test_next_second_is_free_again(
    get: Get, frozen: LivestormSandbox, bearer: dict[str, str]
) -> None:
    """After Retry-After the next request passes."""
    [get("me", **bearer) for _ in range(6)]
    frozen.clock.advance(1)
    assert get("me", **bearer).status_code == 200


@pytest.mark.livestorm(monthly_limit=2)
def test_used_up_month_is_refused_until_the_next(
    get: Get, frozen: LivestormSandbox, bearer: dict[str, str]
) -> None:
    """The month counts 30 days from the first request, and Retry-After says how long is left."""
    [get("ping", **bearer) for _ in range(2)]
    frozen.clock.advance(DAY)
    refused = get("ping", **bearer)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == str(29 * DAY)
    assert refused.headers["ratelimit-reset"] == str(NOON + 30 * DAY)
    frozen.clock.advance(29 * DAY)
    assert get("ping", **bearer).status_code != 429


@pytest.mark.livestorm(monthly_limit=1, monthly_period="calendar_month")
def test_month_can_be_the_calendars(
    get: Get, frozen: LivestormSandbox, bearer: dict[str, str]
) -> None:
    """With the option, the month ends with the calendar's, in UTC."""
    get("ping", **bearer)
    refused = get("ping", **bearer)
    reset = datetime.fromtimestamp(int(refused.headers["ratelimit-reset"]), UTC)
    now = datetime.fromtimestamp(NOON, UTC)
    assert reset == datetime(now.year, now.month + 1, 1, tzinfo=UTC)
    assert int(refused.headers["retry-after"]) == int(reset.timestamp()) - NOON


@pytest.mark.parametrize(
    "reset",
    [
        pytest.param(
            value, marks=pytest.mark.livestorm(monthly_limit=1, rate_limit_reset_form=form)
        )
        for form, value in (
            ("unix_seconds", str(NOON + 30 * DAY)),
            ("unix_milliseconds", f"{NOON + 30 * DAY}000"),
            ("iso_8601", f"{datetime.fromtimestamp(NOON + 30 * DAY, UTC):%Y-%m-%dT%H:%M:%SZ}"),
            ("seconds_left", str(30 * DAY)),
        )
    ],
)
def test_reset_has_the_form_of_the_option(
    get: Get, frozen: LivestormSandbox, bearer: dict[str, str], reset: str
) -> None:
    """RateLimit-Reset comes in every plausible form."""
    get("ping", **bearer)
    assert get("ping", **bearer).headers["ratelimit-reset"] == reset


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        pytest.param(*expected, marks=pytest.mark.livestorm(monthly_limit=1, rate_limit_body=kind))
        for kind, expected in (
            ("empty", (None, "")),
            ("plain_text", ("text/plain", "Retry later\n")),
        )
    ],
)
def test_refusal_has_the_body_of_the_option(
    get: Get,
    frozen: LivestormSandbox,
    bearer: dict[str, str],
    content_type: str | None,
    body: str,
) -> None:
    """A 429 without JSON:API still says in its headers when to try again."""
    get("ping", **bearer)
    refused = get("ping", **bearer)
    assert (refused.status_code, refused.text) == (429, body)
    assert refused.headers.get("content-type") == content_type
    assert refused.headers["retry-after"] == str(30 * DAY)


@pytest.mark.livestorm(rate_limit_reset_on="every_answer")
def test_reset_can_be_on_every_answer(
    get: Get, frozen: LivestormSandbox, bearer: dict[str, str]
) -> None:
    """With the option, also a good answer says when to try again."""
    headers = get("me", **bearer).headers
    assert headers["ratelimit-reset"] == str(NOON + 30 * DAY)
    assert headers["retry-after"] == "1"


def test_limits_belong_to_the_workspace(
    get: Get, frozen: LivestormSandbox, bearer: dict[str, str]
) -> None:
    """Access tokens and the private token of one workspace share its limits."""
    [get("me", **bearer) for _ in range(5)]
    assert get("me", Authorization=frozen.private_token).status_code == 429


def test_strangers_do_not_use_up_a_workspaces_limits(
    get: Get, frozen: LivestormSandbox, bearer: dict[str, str]
) -> None:
    """Requests with a wrong token are counted apart."""
    [get("me", Authorization="Bearer x") for _ in range(6)]
    assert get("me", **bearer).status_code == 200


def test_refused_request_presents_no_token(
    get: Get,
    frozen: LivestormSandbox,
    bearer: dict[str, str],
    tokens: dict[str, Any],
    refresh: SendTokenRequest,
) -> None:
    """A 429 has no effect: the pair that a new token replaces lives on."""
    new = refresh(tokens["refresh_token"]).json()
    [get("ping", Authorization=frozen.private_token) for _ in range(5)]
    assert get("me", Authorization=f"Bearer {new['access_token']}").status_code == 429
    frozen.clock.advance(1)
    assert get("me", **bearer).status_code == 200


@unlimited
def test_limits_can_be_switched_off(get: Get, bearer: dict[str, str]) -> None:
    """With the option, nothing is counted and nothing is told."""
    answers = [get("me", **bearer) for _ in range(12)]
    assert {answer.status_code for answer in answers} == {200}
    assert not [name for name in answers[0].headers if name.startswith("ratelimit")]


def test_token_endpoint_is_not_limited(
    frozen: LivestormSandbox, request_token: SendTokenRequest
) -> None:
    """By default the limits are the API's only."""
    answers = [request_token(grant_type="x") for _ in range(8)]
    assert {answer.status_code for answer in answers} == {400}
    assert not set(LIMIT_HEADERS) & set(answers[0].headers)


@pytest.mark.livestorm(rate_limits_cover_token_endpoint=True)
def test_token_endpoint_can_be_limited(
    frozen: LivestormSandbox, refresh: SendTokenRequest, tokens: dict[str, Any]
) -> None:
    """With the option, the token endpoint counts, refuses and tells as the API does."""
    answers = [refresh(tokens["refresh_token"]) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert set(LIMIT_HEADERS) <= set(answers[0].headers)
    assert answers[-1].headers["retry-after"] == "1"


@pytest.mark.livestorm(rate_limits_cover_token_endpoint=True)
def test_limits_of_the_token_endpoint_belong_to_the_client(
    frozen: LivestormSandbox, http: httpx.Client
) -> None:
    """A client that authenticates by HTTP Basic does not use up another's limit."""

    def send(client_id: str) -> int:
        url, grant = f"{frozen.app_url}/oauth/token", {"grant_type": "refresh_token"}
        return http.post(url, data=grant, auth=(client_id, "secret")).status_code

    assert [send("one") for _ in range(6)][-1] == 429
    assert send("two") != 429


# Declared resources

RESOURCES = """
[provider]
rate_limits = false

[[resources]]
path = "/v1/events"
methods = ["GET", "POST"]
scopes = ["events:read"]
json = {data = [{id = "1"}]}

[[resources]]
path = "/v1/sessions"
scopes = ["events:write", "admin:read"]
status = 202
body = "a text"
content_type = "text/plain; charset=utf-8"

[[resources]]
path = "/v1/people"
file = "people.json"

[[resources]]
path = "/v1/nothing"
status = 204

[[resources]]
path = "/v1/events/{id}"
scopes = ["events:read"]
json = {data = {id = "1"}}

[[resources]]
path = "/v1/ping"
json = {own = true}
"""


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockLivestorm]:
    """A server whose scenario declares resources of its own."""
    folder: Path = tmp_path_factory.mktemp("scenario")
    (folder / "people.json").write_text('{"data": []}', encoding="utf-8")
    (folder / "own.toml").write_text(RESOURCES, encoding="utf-8")
    with MockLivestorm(folder / "own.toml") as livestorm:
        yield livestorm


@pytest.fixture
def get_declared(declared: MockLivestorm, http: httpx.Client) -> Get:
    """Call a declared resource with a token of these scopes."""

    def call(path: str, scope: str, method: str = "GET") -> httpx.Response:
        token = declared.issue_tokens(scope=scope)["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        return http.request(method, f"{declared.api_url}/{path}", headers=headers)

    return call


def test_resource_answers_its_json(get_declared: Get) -> None:
    """`json` is the body, with the API's content type."""
    answer = get_declared("events", "events:read")
    assert answer.text == '{"data":[{"id":"1"}]}'
    assert answer.headers["content-type"] == "application/vnd.api+json; charset=utf-8"


def test_resource_answers_its_methods_only(get_declared: Get) -> None:
    """A declared method answers, another is a 404."""
    statuses = [get_declared("events", "events:read", verb).status_code for verb in ("POST", "PUT")]
    assert statuses == [200, 404]


def test_resource_answers_its_status_text_and_content_type(get_declared: Get) -> None:
    """`status`, `body` and `content_type` are sent as they are."""
    answer = get_declared("sessions", "admin:read")
    assert (answer.status_code, answer.text) == (202, "a text")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_resource_answers_its_file(get_declared: Get) -> None:
    """`file` is the body."""
    assert get_declared("people", "identity:read").json() == {"data": []}


def test_resource_without_content_is_empty(get_declared: Get) -> None:
    """A 204 has neither body nor length."""
    answer = get_declared("nothing", "identity:read")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-length" not in answer.headers


@pytest.mark.parametrize(
    ("path", "scope", "status"),
    [
        ("events", "events:read", 200),
        ("events", "events:write", 200),
        ("events", "identity:read", 403),
        ("sessions", "events:write", 202),
        ("sessions", "events:read", 403),
        ("people", "identity:read", 200),
        ("people", "events:read", 403),
    ],
)
def test_resource_needs_any_one_of_its_scopes(
    get_declared: Get, path: str, scope: str, status: int
) -> None:
    """Any one scope opens it, and without scopes any default one."""
    assert get_declared(path, scope).status_code == status


def test_resource_replaces_a_built_in_endpoint(get_declared: Get) -> None:
    """A declared path comes before the API's own."""
    assert get_declared("ping", "identity:read").json() == {"own": True}


def test_resource_with_a_placeholder_answers(get_declared: Get) -> None:
    """`{id}` stands for one segment of the path."""
    assert get_declared("events/5", "events:read").json() == {"data": {"id": "1"}}


def test_resource_has_a_label_for_faults(declared: MockLivestorm, get_declared: Get) -> None:
    """A fault can be armed for a declared resource by its path."""
    armed = declared.faults.arm("api.events", "api_error", status=503, times=1)
    statuses = [get_declared("events", "events:read").status_code for _ in range(2)]
    declared.faults.disarm(armed.id)
    assert statuses == [503, 200]
