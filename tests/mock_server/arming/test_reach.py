"""What could strike no request is refused when it is armed, wherever it comes from."""

from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.arming.kinds import KINDS
from livestorm_mock_server.faults.fault import CONNECTION, is_within
from livestorm_mock_server.reading import InvalidInputError
from livestorm_mock_server.scenario_files import ScenarioError, read_scenario

from ..failure_log import FailureLog
from ..requests import ENDPOINTS, HEADER, PARAMETERS, Ping, kinds_at, last_fault
from ..wire import Wire, frame

HTML: dict[str, Any] = {"fault": "html_page"}
PAGE: dict[str, Any] = {"on": "api.ping", **HTML}
TOKEN: dict[str, Any] = {"on": "token", **HTML}

UNREACHABLE: list[tuple[dict[str, Any], str]] = [
    (
        {**PAGE, "when": {"method": "get"}},
        "when.method is 'get'; expected one of: GET, HEAD (did you mean 'GET'?)",
    ),
    ({**PAGE, "when": {"method": "GTE"}}, "when.method is 'GTE'; expected one of: GET, HEAD"),
    ({**PAGE, "when": {"method": "POST"}}, "when.method is 'POST'; expected one of: GET, HEAD"),
    ({**TOKEN, "when": {"method": "GET"}}, "when.method is 'GET'; expected one of: POST"),
    (
        {**TOKEN, "when": {"grant_type": "refresh_tokn"}},
        "when.grant_type is 'refresh_tokn'; expected one of: authorization_code, ",
    ),
    (
        {**PAGE, "when": {"grant_type": "refresh_token"}},
        "when.grant_type is 'refresh_token'; expected none at api.ping",
    ),
    (
        {**TOKEN, "on": "token.refresh_token", "when": {"grant_type": "authorization_code"}},
        "when.grant_type is 'authorization_code'; expected one of: refresh_token",
    ),
    (
        {**TOKEN, "on": "token.refresh_token", "when": {"parameter": {"grant_type": "password"}}},
        "when.parameter.grant_type is 'password'; expected one of: refresh_token",
    ),
    (
        {
            **TOKEN,
            "when": {"grant_type": "password", "parameter": {"grant_type": "refresh_token"}},
        },
        "when.parameter.grant_type is 'refresh_token'; expected one of: password",
    ),
    (
        {**PAGE, "when": {"header": {"X Mark": "a"}}},
        "a key of when.header is {'X Mark': 'a'}; expected the name of a header",
    ),
    (
        {**PAGE, "when": {"header": {"X-Mark": "a\nb"}}},
        "a value of when.header is {'X-Mark': 'a\\nb'}; expected the value of a header",
    ),
    ({**PAGE, "when": {"header": {"X-Mark": " a"}}}, "expected the value of a header"),
    ({**PAGE, "when": {"header": {"X-Mark": "\u20ac"}}}, "expected the value of a header"),
    (
        {**PAGE, "when": {"header": {"X-Mark": "a", "x-mark": "b"}}},
        "when.header.x-mark is 'b'; expected 'a', as before",
    ),
    ({**PAGE, "when": {"header": {HEADER: "reset"}}}, f"when.header.{HEADER} is 'reset'"),
    (
        {**PAGE, "when": {"parameter": {"": "a"}}},
        "when.parameter. is 'a'; expected a name as it is on the wire, such as filter[email]",
    ),
    ({**PAGE, "when": {"parameter": {"[]": "a"}}}, "when.parameter.[] is 'a'; expected a name"),
    ({**PAGE, "when": {"parameter": {"100%": "a"}}}, "when.parameter.100% is 'a'; expected a name"),
    ({**PAGE, "when": {"parameter": {"a": {"b": "c"}}}}, "when.parameter is {'a': {'b': 'c'}}"),
    (
        {"on": "token.refresh_token", **HTML, "when": {"parameter": {"%67rant_type": "password"}}},
        "when.parameter.%67rant_type is 'password'; expected one of: refresh_token",
    ),
    (
        {**TOKEN, "when": {"parameter": {"scope": "a", "s%63ope": "b"}}},
        "when.parameter.s%63ope is 'b'; expected 'a', as before",
    ),
    (
        {**PAGE, "when": {"header": {"x" * 257: "a"}}},
        f"when.header.{'x' * 257} is 'a'; expected a name of 256 bytes at most",
    ),
    ({**PAGE, "when": {"header": {"x": "a" * 81_921}}}, "expected 81920 bytes at most"),
    ({**PAGE, "when": {"header": {"x": "a, " * 50_000 + "a"}}}, "expected 81920 bytes at most"),
    (
        {**PAGE, "when": {"header": {"Transfer-Encoding": "nope"}}},
        "when.header.Transfer-Encoding is 'nope'; expected one that the server takes: it refuses",
    ),
    (
        {
            **PAGE,
            "when": {"header": {"Transfer-Encoding": "gzip, deflate", "Content-Length": "abc"}},
        },
        "when.header.Content-Length is 'abc'; expected one that the server takes: it refuses",
    ),
    ({**PAGE, "when": {"number": 3}, "after": 1}, "after is 1; expected no such key beside"),
    ({**PAGE, "probability": 0}, "probability is 0; expected a number > 0"),
    (
        {"on": "api.ping", "fault": "callback", "variant": "twice"},
        "on is 'api.ping'; expected where callback can strike: authorize",
    ),
    (
        {"on": "token", "fault": "revoked_grant", "when": {"grant_type": "authorization_code"}},
        "on is 'token.authorization_code'; expected where revoked_grant can strike: api, ",
    ),
    (
        {"on": "api", "fault": "sequence", "steps": ["ok", {"fault": "expired_token"}, "callback"]},
        "steps[2].variant is missing",
    ),
    (
        {
            "on": "api",
            "fault": "sequence",
            "steps": [500, {"fault": "callback", "variant": "twice"}],
        },
        "steps[1].on is 'api'; expected where callback can strike: authorize",
    ),
    ({"on": "api", "fault": "sequence", "steps": ["ok"]}, "steps is ['ok']; expected a step"),
    ({"on": "api", "fault": "sequence", "steps": [500, 502], "times": 1}, "times is 1; expected"),
    ({"on": "api", "fault": "sequence", "steps": [500] * 1001}, "expected a list of length <= 100"),
    ({"on": "token", "fault": "token_fields"}, "set is {}; expected a member in set, null, echo,"),
    (
        {"on": "token", "fault": "token_fields", "drop": ["scope", "refresh_tokn"]},
        "drop[1] is 'refresh_tokn'; expected one of: access_token, token_type, expires_in, "
        "refresh_token, scope, created_at (did you mean 'refresh_token'?)",
    ),
    (
        {"on": "token", "fault": "token_fields", "echo": ["id_token"]},
        "echo[0] is 'id_token'; expected one of: access_token",
    ),
    *(
        ({"on": "api", **keys, "status": status}, f"status is {status}; expected a status whose")
        for status in (204, 304)
        for keys in (
            {"fault": "html_page"},
            {"fault": "oauth_error", "error": "invalid_grant"},
            {"fault": "answer", "body": "x"},
            {"fault": "answer", "body_base64": "eA=="},
        )
    ),
    (
        {"on": "api", "fault": "sequence", "steps": ["ok", 204]},
        "steps[1].status is 204; expected a status whose answer has a body",
    ),
    (
        {"on": "api", "fault": "api_error", "status": 500, "without": ["titel"]},
        "without[0] is 'titel'; expected one of: code, detail, status, title (did you mean",
    ),
    (
        {"on": "api", "fault": "answer", "body": "x", "body_base64": "eA=="},
        "body_base64 is 'eA=='; expected one body only",
    ),
    ({"on": "api", "fault": "insufficient_scope", "scope": ["a\r\nb"]}, "expected a scope"),
    ({"on": "api", "fault": "html_page", "content_type": "a\n"}, "expected a text on one line"),
]


@pytest.mark.parametrize(("keys", "message"), UNREACHABLE)
def test_fault_that_can_strike_nothing_is_refused_over_http(
    livestorm: LivestormSandbox, http: httpx.Client, keys: dict[str, Any], message: str
) -> None:
    """The control API says which key forbids it, and what it takes; nothing is armed."""
    answer = http.post(f"{livestorm.control_url}/faults", json=keys)
    assert answer.status_code == 422
    assert message in answer.json()["error"]
    assert livestorm.faults.armed() == []


@pytest.mark.parametrize(("keys", "message"), UNREACHABLE)
def test_fault_that_can_strike_nothing_is_refused_in_python(
    livestorm: LivestormSandbox, keys: dict[str, Any], message: str
) -> None:
    """`faults.arm` raises with the same words."""
    with pytest.raises(InvalidInputError) as caught:
        livestorm.faults.arm(**keys)
    assert message in str(caught.value)


def as_toml(value: object) -> str:
    """Write a value as TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_toml(k)} = {as_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\u{ord(c):04x}" for c in value) + '"'
    return str(value)


@pytest.mark.parametrize(("keys", "message"), UNREACHABLE)
def test_fault_that_can_strike_nothing_is_refused_in_a_scenario(
    keys: dict[str, Any], message: str
) -> None:
    """A scenario says in which entry."""
    text = "[[faults]]\n" + "".join(f"{name} = {as_toml(value)}\n" for name, value in keys.items())
    with pytest.raises(ScenarioError) as caught:
        read_scenario(text, "mine.toml", None)
    expected = message.replace("a key of ", "a key of faults[0].")
    assert expected.removeprefix("a key of faults[0].").removeprefix("a value of ") in str(
        caught.value
    )
    assert "faults[0]." in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("callback; variant=twice", "on is 'api.ping'; expected where callback can strike: auth"),
        ("token_body; variant=array", "on is 'api.ping'; expected where token_body can strike"),
        ("reset; times=1", "unknown key X-Livestorm-Mock-Fault: times; expected a key of reset"),
        ("reset; probability=0.5", "probability; expected a key of reset: the header is for this"),
        ("reset; on=api", "on; expected a key of reset"),
        ("insufficient_scope; scope=x", "scope is 'x'; expected a list"),
    ],
)
def test_fault_that_can_strike_nothing_is_refused_in_a_header(
    livestorm: LivestormSandbox, send: Ping, asked: str, message: str
) -> None:
    """A request that asks for what can't be is told so, and not executed."""
    answer = send("api.ping", (HEADER, asked))
    assert answer.status == 400
    assert message in answer.body.decode()


@pytest.mark.parametrize(
    "keys",
    [
        {"fault": "answer", "status": 204},
        {"fault": "answer", "status": 304, "body": ""},
        {"fault": "token_fields", "on": "token", "set": {"token_type": "Bearer", "id_token": "x"}},
        {**HTML, "when": {"header": {"x" * 256: "a" * 81_920}}},
        {**HTML, "when": {"header": {"x": "a" * 60_000 + ", " + "a" * 50_000}}},
        {**HTML, "when": {"header": {"transfer-encoding": "Chunked", "Content-Length": "abc"}}},
        {**HTML, "when": {"parameter": {"ids[]": "a", "%69ds[]": "b"}}},
    ],
)
def test_fault_that_can_strike_is_armed(livestorm: LivestormSandbox, keys: dict[str, Any]) -> None:
    """What some request has, however odd, is not refused."""
    assert livestorm.faults.arm_from({"on": "api", **keys})


def test_length_beside_chunks_can_be_asked_for(livestorm: LivestormSandbox) -> None:
    """The server heeds no `Content-Length` where the body comes in chunks, as Puma does."""
    armed = livestorm.faults.arm("api", "html_page", when={"header": {"Content-Length": "abc"}})
    fields = [("Transfer-Encoding", "chunked"), ("Content-Length", "abc"), ("Connection", "close")]
    with Wire(livestorm.app_url) as wire:
        wire.send(frame("GET", urlsplit(f"{livestorm.api_url}/ping").path, fields) + b"0\r\n\r\n")
        assert wire.read().status == 500
    assert armed.hits == 1


def test_number_of_a_past_exchange_is_refused(livestorm: LivestormSandbox, send: Ping) -> None:
    """A fault for the third exchange is too late after the third."""
    for _ in range(3):
        send()
    with pytest.raises(InvalidInputError, match=r"when\.number is 3; expected a number above 3"):
        livestorm.faults.arm("api", "reset", when={"number": 3})
    armed = livestorm.faults.arm("api", "html_page", when={"number": 4})
    send()
    assert armed.hits == 1


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("kind", KINDS)
def test_kind_is_armed_where_it_can_strike_only(
    livestorm: LivestormSandbox, kind: str, endpoint: str
) -> None:
    """The kinds say themselves where they have something to do."""
    parameters = PARAMETERS.get(kind, {})
    if kind in kinds_at(endpoint):
        assert livestorm.faults.arm(endpoint, kind, **parameters)
    else:
        with pytest.raises(InvalidInputError, match=rf"^on is .*{kind} can strike"):
            livestorm.faults.arm(endpoint, kind, **parameters)


@pytest.mark.parametrize("kind", KINDS)
def test_places_of_a_kind_are_endpoints(livestorm: LivestormSandbox, kind: str) -> None:
    """No kind names an endpoint that there is not."""
    assert set(KINDS[kind].places) <= {*livestorm.scenario.labels, CONNECTION}
    assert not any(
        is_within(one, other)
        for one in KINDS[kind].places
        for other in KINDS[kind].places
        if one != other
    )


def test_fault_of_a_group_leaves_out_what_it_can_not_change(
    livestorm: LivestormSandbox, send: Ping
) -> None:
    """On `token`, a revoked grant waits for a refresh; an exchange of a code is no hit."""
    armed = livestorm.faults.arm("token", "revoked_grant", times=1)
    assert send("token.authorization_code").status == 200
    assert (armed.hits, last_fault(livestorm)) == (0, None)
    assert send("token.refresh_token").status == 400
    assert armed.hits == 1


@pytest.mark.parametrize("variant", ["form_encoded", "duplicate_keys", "utf_16", "bom", "array"])
@pytest.mark.parametrize("content", [b"%zz", b"{", b"\xff=1"])
def test_token_body_of_a_refused_request_is_no_failure_of_the_fake(
    livestorm: LivestormSandbox,
    http: httpx.Client,
    failures: FailureLog,
    variant: str,
    content: bytes,
) -> None:
    """Also what Rails answers, a page or nothing, can be put into another form."""
    livestorm.faults.arm("token", "token_body", variant=variant)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    http.post(f"{livestorm.app_url}/oauth/token", content=content, headers=headers)
    assert not failures.failures()


def test_scope_that_no_header_can_hold_is_refused(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """A scope of the provider is one of RFC 6749, so that a refusal can name it."""
    body = {"toml": '[provider]\ndefault_scopes = ["a\\u0007b"]'}
    answer = http.put(f"{livestorm.control_url}/scenario", json=body)
    assert answer.status_code == 422
    assert "provider.default_scopes[0] is 'a\\x07b'; expected a scope" in answer.json()["error"]
