"""The control room over HTTP: who gets it, what it weighs, and what it may do in a browser."""

import gzip
import hashlib
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.arming.kinds import KINDS
from livestorm_mock_server.arming.reading import read_kind
from livestorm_mock_server.control_access import ControlAccess
from livestorm_mock_server.reading import InvalidInputError
from livestorm_mock_server.room.page import page_with, room_page
from livestorm_mock_server.scenario_files import read_scenario

from .conftest import SendTokenRequest

MOST_BYTES = 60_000
TOKEN = "a-control-token"


@pytest.fixture(scope="module")
def guarded() -> Iterator[MockLivestorm]:
    """A server whose control API wants a token."""
    access = ControlAccess.for_server("127.0.0.1", token=TOKEN)
    with MockLivestorm(access=access) as livestorm:
        yield livestorm


def directives(policy: str) -> dict[str, str]:
    """Read a Content-Security-Policy."""
    pairs = (one.strip().partition(" ") for one in policy.split(";"))
    return {name: value for name, _, value in pairs}


def test_room_lets_nothing_in_but_its_own(livestorm: LivestormSandbox) -> None:
    """No source but the page's own style and script, and no text becomes markup or code."""
    answer = httpx.get(f"{livestorm.control_url}/")
    allowed = directives(answer.headers["content-security-policy"])
    assert allowed["default-src"] == "'none'"
    assert allowed["require-trusted-types-for"] == "'script'"
    assert (allowed["trusted-types"], allowed["frame-ancestors"]) == ("'none'", "'none'")
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert re.fullmatch(r"('sha256-[\w+/=]+' ?)+", allowed["script-src"])
    assert re.findall(r"""(?:src|href)=["']?(?!data:,)\w""", answer.text) == []


def test_room_weighs_little() -> None:
    """All of it, compressed."""
    assert len(gzip.compress(room_page().encode(), 9)) <= MOST_BYTES


def test_library_is_the_one_whose_licence_lies_beside_it() -> None:
    """By its digest: nobody has changed it."""
    assets = files("livestorm_mock_server.room") / "assets"
    digest = hashlib.sha256((assets / "htm_preact.js").read_bytes()).hexdigest()
    licence = (assets / "htm_preact.LICENSE.txt").read_text(encoding="utf-8")
    assert digest in licence
    assert "Apache License" in licence
    assert "MIT License" in licence


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("", 307), ("/overview", 401)])
def test_only_the_page_needs_no_token(guarded: MockLivestorm, path: str, status: int) -> None:
    """It tells nothing of the clients, and a browser sends no header when it opens it."""
    assert httpx.get(guarded.control_url + path).status_code == status
    headers = {"Authorization": f"Bearer {TOKEN}"}
    expected = 307 if path == "" else 200
    assert httpx.get(guarded.control_url + path, headers=headers).status_code == expected


def test_address_without_its_slash_leads_to_the_room(livestorm: LivestormSandbox) -> None:
    """Within the sandbox."""
    answer = httpx.get(livestorm.control_url, follow_redirects=True)
    assert str(answer.url) == f"{livestorm.control_url}/"
    assert "control room" in answer.text


def test_page_of_another_origin_does_not_get_the_room(livestorm: LivestormSandbox) -> None:
    """A foreign page can neither read nor frame it."""
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert httpx.get(f"{livestorm.control_url}/", headers=headers).status_code == 403


def test_link_of_another_origin_leads_to_the_room(livestorm: LivestormSandbox) -> None:
    """A person may follow one from anywhere, and nothing else of the control API is opened so."""
    followed = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    headers = {"Sec-Fetch-Site": "cross-site", **followed}
    room = httpx.get(f"{livestorm.control_url}/", headers=headers)
    assert (room.status_code, room.headers["cross-origin-opener-policy"]) == (200, "same-origin")
    for path in ("/journal", "/journal/html"):
        assert httpx.get(livestorm.control_url + path, headers=headers).status_code == 403
    headers["Sec-Fetch-Dest"] = "iframe"
    assert httpx.get(f"{livestorm.control_url}/", headers=headers).status_code == 403


def test_there_is_no_room_without_a_control_api() -> None:
    """`--no-control` leaves it out, and what asks for it is an exchange like any other."""
    with MockLivestorm(access=None) as livestorm:
        assert httpx.get(f"{livestorm.app_url}/_mock/").status_code == 404
        assert len(livestorm.journal) == 1


def test_exported_page_keeps_texts_within_its_data() -> None:
    """What ends a script element in HTML does not end the data."""
    page = page_with({"state": "</script><script>alert(1)</script><!--"})
    assert page.count("</script>") == room_page().count("</script>")
    assert "connect-src 'none'" in page


def test_page_is_exported_with_what_there_is(livestorm: LivestormSandbox) -> None:
    """Exchanges, tokens, faults and findings, as Python and over HTTP."""
    livestorm.issue_tokens()
    httpx.get(f"{livestorm.api_url}/me?access_token=spotted")
    exported = httpx.get(f"{livestorm.control_url}/journal/html")
    assert exported.headers["content-disposition"].startswith("attachment")
    for page in (exported.text, livestorm.export_html()):
        assert '"access_token_in_query"' in page
        assert '"access_token_unknown"' in page
        assert '"families":[{' in page


def overview(livestorm: LivestormSandbox) -> dict[str, Any]:
    """Fetch what the sandbox is now."""
    return dict(httpx.get(f"{livestorm.control_url}/overview").json())


@pytest.mark.livestorm(release="6.0", interval_limit=7)
def test_overview_tells_options_and_limits(livestorm: LivestormSandbox) -> None:
    """What differs from the defaults, and what was left of the limits when last told."""
    pair = livestorm.issue_tokens()
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    httpx.get(f"{livestorm.api_url}/me", headers=headers)
    told = overview(livestorm)
    assert told["changed"] == ["release", "interval_limit"]
    assert told["sandbox"]["client_id"] == livestorm.client_id
    (limits,) = told["limits"]
    assert (limits["seq"], limits["interval"]) == (1, {"limit": 7, "remaining": 6})


def put(livestorm: LivestormSandbox, **body: object) -> httpx.Response:
    """Put a scenario in."""
    return httpx.put(f"{livestorm.control_url}/scenario", json=body)


def test_scenario_is_put_in_with_options(livestorm: LivestormSandbox) -> None:
    """The same one with others, or another; what can't be is refused, and changes nothing."""
    assert put(livestorm, release="6.0").status_code == 200
    assert overview(livestorm)["options"]["release"] == "6.0"
    provider = {"access_token_expires_in": 60}
    assert put(livestorm, scenario="burst_limit", provider=provider).status_code == 200
    assert livestorm.scenario.provider.access_token_expires_in == 60
    assert put(livestorm, release="7").status_code == 422
    assert put(livestorm).status_code == 422
    livestorm.put_scenario(scenario="happy_path", release="5.8")
    assert livestorm.scenario.provider.release == "5.8"


def kinds(livestorm: LivestormSandbox) -> dict[str, Any]:
    """Fetch the description of the kinds of faults."""
    return dict(httpx.get(f"{livestorm.control_url}/faults/kinds").json())


def test_form_of_faults_is_that_of_their_structs(livestorm: LivestormSandbox) -> None:
    """Each kind with each of its keys; what is required is just what can't be left out."""
    described = {one["fault"]: one for one in kinds(livestorm)["kinds"]}
    assert set(described) == set(KINDS)
    shared = {one["name"] for one in kinds(livestorm)["shared"]}
    for name, kind in KINDS.items():
        own = {one["name"] for one in described[name]["parameters"]}
        assert shared | own == set(kind.__struct_encode_fields__)


def test_defaults_of_the_form_are_read_as_nothing_given(livestorm: LivestormSandbox) -> None:
    """A form that sends all defaults arms the same fault as one that sends none."""
    for one in kinds(livestorm)["kinds"]:
        keys = [*one["parameters"], *kinds(livestorm)["shared"]]
        bare = {"on": "api", "fault": one["fault"]}
        defaults = {key["name"]: key["default"] for key in keys if "default" in key}
        defaults["phase"] = one["phase"]
        assert outcome({**defaults, **bare}) == outcome(bare)


def outcome(keys: dict[str, Any]) -> object:
    """Give the fault of these keys, or why there is none."""
    try:
        return read_kind(keys)
    except InvalidInputError as error:
        return str(error)


@pytest.mark.parametrize("fault", ["answer", "close", "rate_limited", None])
def test_exchange_becomes_a_scenario(
    livestorm: LivestormSandbox,
    request_token: SendTokenRequest,
    refresh: SendTokenRequest,
    fault: str | None,
) -> None:
    """It is one that can be read, with the fault that struck or the answer that was given."""
    if fault is not None:
        livestorm.faults.arm("token", fault, delay=0.25)
    if fault == "close":
        with pytest.raises(httpx.TransportError):
            refresh('ünknown\x7f\n"')
    else:
        refresh('ünknown\x7f\n"')
    text = httpx.get(f"{livestorm.control_url}/journal/scenario").text
    (read,) = read_scenario(text, "exchange.toml", None).read_faults
    assert read.kind == (fault or "answer")
    armed = livestorm.faults.armed()
    assert [read] == [one.fault for one in armed] or read.times == 1


def test_header_of_any_name_is_in_the_scenario(
    livestorm: LivestormSandbox, refresh: SendTokenRequest
) -> None:
    """One that is called as the key of another fault, too."""
    livestorm.faults.arm("token", "answer", status=418, headers={"set": "1"})
    refresh("x")
    text = httpx.get(f"{livestorm.control_url}/journal/scenario").text
    (read,) = read_scenario(text, "exchange.toml", None).read_faults
    assert [read] == [one.fault for one in livestorm.faults.armed()]


@pytest.mark.parametrize(
    "keys",
    [
        {"fault": "token_fields", "set": {"expires_in": None, "scope": "a"}},
        {"fault": "sequence", "steps": [{"fault": "token_fields", "set": {"expires_in": None}}]},
    ],
)
def test_null_is_in_the_scenario_as_toml_can_have_it(
    livestorm: LivestormSandbox, refresh: SendTokenRequest, keys: dict[str, Any]
) -> None:
    """JSON sets a member to null; in a file it stands in `null`, and does the same."""
    livestorm.faults.arm("token", **keys)
    assert refresh(livestorm.issue_tokens()["refresh_token"]).json()["expires_in"] is None
    text = httpx.get(f"{livestorm.control_url}/journal/scenario").text
    livestorm.put_scenario(read_scenario(text, "exchange.toml", None))
    assert refresh(livestorm.issue_tokens()["refresh_token"]).json()["expires_in"] is None
