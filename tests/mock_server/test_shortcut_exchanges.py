"""What a short cut sends is sent: the journal has it, faults strike it, the audit judges it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from livestorm_mock_server import InvalidInputError, LivestormSandbox

from .authorization_urls import asked, url_of


def told(livestorm: LivestormSandbox) -> list[tuple[str | None, str, int | None, str | None]]:
    """Give label, method, status and reason of each exchange."""
    return [
        (
            one.exchange.endpoint,
            one.exchange.request.original_method,
            None if one.response is None else one.response.status,
            one.exchange.reason,
        )
        for one in livestorm.journal
    ]


def test_decision_is_two_exchanges(livestorm: LivestormSandbox) -> None:
    """The page and the button that is pressed on it are in the journal, without a connection."""
    location = livestorm.authorize(url_of(livestorm))
    assert told(livestorm) == [
        ("authorize", "GET", 200, "the user is asked"),
        ("authorize", "POST", 302, "the user approved"),
    ]
    page, decision = (entry.as_json() for entry in livestorm.journal)
    origin = livestorm.app_url.partition("/s/")[0]
    request = livestorm.journal.entries()[0].exchange.request
    assert (request.target, request.parameters) == (
        url_of(livestorm).removeprefix(origin),
        asked(livestorm),
    )
    assert ["Location", location] in response(decision)["headers"]
    assert page["connection"] is decision["connection"] is None
    assert page["client_id"] == decision["client_id"] == livestorm.client_id


def response(exchange: dict[str, object]) -> Mapping[str, Any]:
    """Give the answer of an exchange."""
    answer = exchange["response"]
    assert isinstance(answer, dict)
    return answer


def test_denial_is_two_exchanges(livestorm: LivestormSandbox) -> None:
    """The other button sends what the browser sends."""
    livestorm.authorize(url_of(livestorm), decision="deny")
    assert told(livestorm)[1] == ("authorize", "POST", 302, "the user denied")
    assert livestorm.journal.entries()[1].exchange.request.method == "DELETE"


@pytest.mark.livestorm(consent="approve")
def test_decision_without_a_page_is_one_exchange(livestorm: LivestormSandbox) -> None:
    """Where nobody is asked, nothing is pressed."""
    livestorm.authorize(url_of(livestorm))
    assert told(livestorm) == [("authorize", "GET", 302, "the user approved")]


def test_refused_request_is_an_exchange(livestorm: LivestormSandbox) -> None:
    """What is refused is in the journal, also where the server refused it."""
    for changed in ({"scope": "nope"}, {"state": "a" * 11_000}):
        with pytest.raises(InvalidInputError):
            livestorm.authorize(url_of(livestorm, **changed))
    assert told(livestorm) == [
        ("authorize", "GET", 400, "scope is 'nope'"),
        ("authorize", "GET", 400, "the query string is longer than 10240 bytes"),
    ]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"fault": "html_page", "status": 503}, "the answer is 503"),
        ({"fault": "html_page", "status": 200}, "the answer is 200"),
        ({"fault": "reset"}, "nothing is answered"),
        ({"fault": "close"}, "nothing is answered"),
        ({"fault": "hang", "seconds": 0.01}, "nothing is answered"),
        ({"fault": "endless_headers", "megabytes": 2}, "nothing is answered"),
        (
            {"fault": "callback", "variant": "twice", "when": {"method": "POST"}},
            "the answer is 200",
        ),
    ],
    ids=["page-503", "page-200", "reset", "close", "hang", "endless-headers", "twice"],
)
def test_fault_strikes_a_short_cut(
    livestorm: LivestormSandbox, fault: dict[str, object], words: str
) -> None:
    """A fault at the authorization endpoint keeps the browser from coming back; it is named."""
    armed = livestorm.faults.arm_from({"on": "authorize", "times": 1, **fault})
    with pytest.raises(InvalidInputError, match=f"{armed.id} .*{words}"):
        livestorm.authorize(url_of(livestorm))
    assert armed.hits == 1
    assert livestorm.authorize(url_of(livestorm)).startswith(livestorm.redirect_uri)


def test_fault_spoils_the_callback_of_a_short_cut(livestorm: LivestormSandbox) -> None:
    """What the browser brings to the client is what the fault made of it."""
    livestorm.faults.arm("authorize", "callback", variant="wrong_state")
    query = parse_qs(urlsplit(livestorm.authorize(url_of(livestorm))).query)
    assert (query["state"], "code" in query) == (["of-another-flow"], True)


@pytest.mark.parametrize("decision", ["approve", "deny"])
def test_redirection_to_what_is_no_url_is_given_as_it_is(
    livestorm: LivestormSandbox, decision: str
) -> None:
    """What a fault puts into the Location is for the client to cope with."""
    livestorm.faults.arm("authorize", "redirect", status=302, to="http://[/?code=x")
    assert livestorm.authorize(url_of(livestorm), decision=decision) == "http://[/?code=x"


@pytest.mark.parametrize(
    "fault", ["short_body", "cut_chunked", "stale_keep_alive", "reset_in_body"]
)
def test_redirection_whose_body_breaks_off_is_one(livestorm: LivestormSandbox, fault: str) -> None:
    """A browser follows the head of an answer."""
    livestorm.faults.arm("authorize", fault, when={"method": "POST"}, phase="after")
    assert livestorm.authorize(url_of(livestorm)).startswith(livestorm.redirect_uri)


@pytest.mark.parametrize(
    ("left_out", "rule"), [("state", "missing_state"), ("code_challenge", "missing_pkce")]
)
def test_audit_judges_the_url_of_a_client(
    livestorm: LivestormSandbox, left_out: str, rule: str
) -> None:
    """A client whose URL lacks what it must have is found out, once."""
    livestorm.authorize(url_of(livestorm, **{left_out: None}))
    assert [(one.rule, one.exchanges) for one in livestorm.audit()] == [(rule, (1,))]


def test_audit_finds_nothing_in_the_url_of_a_right_client(livestorm: LivestormSandbox) -> None:
    """A right client, whose user decides by short cut, has no findings."""
    livestorm.authorize(url_of(livestorm), decision="deny")
    assert livestorm.audit() == []


def test_audit_judges_a_url_that_the_server_refuses(livestorm: LivestormSandbox) -> None:
    """Also of a request that nothing came to read, the audit reads what there is."""
    with pytest.raises(InvalidInputError):
        livestorm.authorize(url_of(livestorm, state=None, redirect_uri="x" * 11_000))
    assert [one.rule for one in livestorm.audit()] == ["missing_state"]


def test_audit_holds_nothing_against_a_client_that_made_no_url(
    livestorm: LivestormSandbox,
) -> None:
    """What a short cut was given one by one, or filled in itself, is no client's."""
    livestorm.authorize(scope="events:read")
    with pytest.raises(InvalidInputError):
        livestorm.authorize(redirect_uri="x" * 11_000)
    assert livestorm.audit() == []
