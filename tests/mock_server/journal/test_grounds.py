"""The journal tells the rule by which a request was refused."""

import re
from pathlib import Path

import httpx
import livestorm_mock_server
import pytest
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.grounds import GROUNDS, section_url

from ..conftest import SendTokenRequest

SOURCES = Path(livestorm_mock_server.__file__).parent


def ground(livestorm: LivestormSandbox) -> object:
    """Give the id of the ground of the last exchange, None without one."""
    told = livestorm.journal.entries()[-1].as_json()["ground"]
    return told["id"] if isinstance(told, dict) else told


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"grant_type": ""}, "missing_parameter"),
        ({"grant_type": "implicit"}, "grant_type_unsupported"),
        ({"grant_type": "authorization_code"}, "missing_parameter"),
        ({"grant_type": "authorization_code", "code": "x", "redirect_uri": "x"}, "code_unknown"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "refresh_token_unknown"),
        (
            {"grant_type": "client_credentials", "client_secret": "wrong"},
            "client_authentication",
        ),
        ({"grant_type": "client_credentials", "scope": "x:read"}, "scope_not_granted"),
    ],
)
@pytest.mark.livestorm(grant_flows=["authorization_code", "client_credentials"])
def test_refused_token_request_tells_the_rule(
    livestorm: LivestormSandbox,
    request_token: SendTokenRequest,
    form: dict[str, str],
    expected: str,
) -> None:
    """What the engine checks first and finds wrong is the ground."""
    assert request_token(**form).status_code in (400, 401)
    assert ground(livestorm) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/me", "access_token_unknown"),
        ("/oauth/authorize?client_id=x", "client_unknown"),
        ("/nowhere", "no_route"),
        ("/v1/me?a[=%FF", "parameters_unreadable"),
    ],
)
def test_other_refusals_tell_the_rule(
    livestorm: LivestormSandbox, path: str, expected: str
) -> None:
    """Those of the API, of the authorization page and of Rails, too."""
    httpx.get(livestorm.app_url + path)
    assert ground(livestorm) == expected


def test_limit_is_a_ground(livestorm: LivestormSandbox) -> None:
    """A 429 tells the rule, and the reason says which limit."""
    answers = (httpx.get(f"{livestorm.api_url}/ping") for _ in range(1000))
    assert any(one.status_code == 429 for one in answers)  # six within a second, or later ones
    told = livestorm.journal.entries()[-1].as_json()
    assert told["reason"] == "the interval limit is used up"
    assert told["ground"] == GROUNDS["rate_limit"].as_json()


def test_what_a_fault_answers_has_no_ground(livestorm: LivestormSandbox) -> None:
    """The fault decided, no rule, also where the endpoint would have refused."""
    livestorm.faults.arm("api", "api_error", status=503, phase="after")
    httpx.get(f"{livestorm.api_url}/me")
    assert ground(livestorm) is None


def test_what_is_granted_has_no_ground(livestorm: LivestormSandbox) -> None:
    """There is nothing to explain."""
    tokens = livestorm.issue_tokens()
    httpx.get(
        f"{livestorm.api_url}/me",
        headers={"Authorization": f"Bearer {tokens['access_token']}"},
    )
    assert ground(livestorm) is None


def test_no_ground_is_idle() -> None:
    """Each is named where something is refused."""
    paths = [path for path in SOURCES.rglob("*.py") if path.name != "grounds.py"]
    code = "".join(path.read_text(encoding="utf-8") for path in paths)
    assert set(re.findall(r"grounds\.([A-Z_]+)", code)) == {name.upper() for name in GROUNDS}


@pytest.mark.parametrize("id", GROUNDS)
def test_ground_is_told_in_a_sentence(id: str) -> None:  # noqa: A002
    """A sentence, and a section that has an address, where it is no rule of the fake's own."""
    one = GROUNDS[id]
    assert one.sentence[0].isupper()
    assert one.sentence.endswith(".")
    assert (one.url is None) == (one.reference is None)


def test_section_has_an_address() -> None:
    """It is that of the RFC Editor; what is no section has none."""
    assert section_url("RFC 6749, section 5.2") == (
        "https://www.rfc-editor.org/rfc/rfc6749#section-5.2"
    )
    assert section_url("Livestorm") is None
