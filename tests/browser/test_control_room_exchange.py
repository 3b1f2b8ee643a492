"""What the control room tells of one exchange: why, by which section, and what the audit says."""

from collections.abc import Callable
from urllib.parse import urlencode

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

from .room import ControlRoom

pytestmark = pytest.mark.livestorm(rate_limits=False)

RFC = "https://www.rfc-editor.org/rfc/rfc"


def refresh(livestorm: LivestormSandbox, **members: str) -> httpx.Response:
    """Send a token request with a refresh token."""
    form = {
        "grant_type": "refresh_token",
        "client_id": livestorm.client_id,
        "client_secret": livestorm.client_secret,
        "refresh_token": str(livestorm.issue_tokens()["refresh_token"]),
    }
    return httpx.post(f"{livestorm.app_url}/oauth/token", data=form | members)


def links(room: ControlRoom, selector: str) -> dict[str, str]:
    """Give the links within an element: what stands on each, and where it leads."""
    found = f"[...document.querySelectorAll('{selector} a')]"
    told: dict[str, str] = room.page.evaluate(
        f"Object.fromEntries({found}.map((it) => [it.innerText, it.getAttribute('href')]))"
    )
    return told


def authorize(livestorm: LivestormSandbox, **parameters: str) -> httpx.Response:
    """Send an authorization request as a browser does."""
    asked = {
        "response_type": "code",
        "client_id": livestorm.client_id,
        "redirect_uri": livestorm.redirect_uri,
    }
    return httpx.get(f"{livestorm.app_url}/oauth/authorize", params=asked | parameters)


REFUSED: dict[str, tuple[Callable[[LivestormSandbox], httpx.Response], str, str]] = {
    "client_authentication": (lambda it: refresh(it, client_secret="x"), "6749", "5.2"),
    "scope_exceeded": (lambda it: refresh(it, scope="admin:write"), "6749", "6"),
    "access_token_unknown": (lambda it: httpx.get(f"{it.api_url}/me"), "6750", "3.1"),
    "code_challenge_method": (
        lambda it: authorize(it, code_challenge="x" * 43, code_challenge_method="x"),
        "7636",
        "4.4.1",
    ),
}
"""By each of these rules: a request that is refused, the RFC that the rule is of, the section."""


@pytest.mark.parametrize("rule", REFUSED)
def test_rule_is_linked_to_its_section(room: ControlRoom, rule: str) -> None:
    """The sentence by which was refused is told with its id, and leads to where it stands."""
    send, number, section = REFUSED[rule]
    send(room.livestorm)
    room.open("?seq=1")
    room.wait_for(".detail .why", rule)
    reference = f"RFC {number}, section {section}"
    assert links(room, ".detail .why") == {reference: f"{RFC}{number}#section-{section}"}


def explained(room: ControlRoom, table: int) -> dict[str, str]:
    """Give the parameters of a table, each with what is said of it."""
    rows = f"[...document.querySelectorAll('.detail .values:has(caption)')[{table}].rows]"
    pair = "[it.querySelector('th').innerText, it.querySelector('small')?.innerText.trim() ?? '']"
    told: dict[str, str] = room.page.evaluate(f"Object.fromEntries({rows}.map((it) => {pair}))")
    return told


def test_parameters_of_oauth_are_explained(room: ControlRoom) -> None:
    """Of the request and of the answer, with the section; of another nothing is said."""
    refresh(room.livestorm, unheard_of="x")
    room.open("?seq=1")
    room.wait_for(".detail h3", "Answer")
    asked, answered = explained(room, 0), explained(room, 1)
    assert asked.pop("unheard_of") == ""
    assert asked["grant_type"].endswith("a code, a refresh token RFC 6749, section 4")
    assert answered["expires_in"].endswith("lives from now RFC 6749, section 5.1")
    assert {name for name, told in (asked | answered).items() if not told} == set()
    assert set(answered) == {
        *("access_token", "token_type", "expires_in", "refresh_token", "scope", "created_at")
    }
    references = links(room, ".detail .values")
    assert references["RFC 6749, section 2.3.1"] == f"{RFC}6749#section-2.3.1"


def test_remarks_of_the_audit_stand_at_their_exchange(room: ControlRoom) -> None:
    """Each with its rule and its section, and none of those that are of another."""
    names = ("client_secret", "code_verifier")
    for name in names:
        query = urlencode({name: "Kx81mQ" * 8})
        httpx.post(f"{room.livestorm.app_url}/oauth/token?{query}", data={"grant_type": "x"})
    for seq, name in enumerate(names, start=1):
        room.open(f"?seq={seq}")
        remark = room.wait_for(".detail .remarks li", f"{name} is in the query string")
        assert remark.startswith("error")
        assert "secret_in_query" in remark
        assert room.page.evaluate("document.querySelectorAll('.detail .remarks li').length") == 1
        reference = "RFC 6749, section 2.3.1"
        assert links(room, ".detail .remarks") == {reference: f"{RFC}6749#section-2.3.1"}
