"""Refreshing: the newest refresh token is kept, and none is lost."""

import json

import pytest
from livestorm_contract_tests.adapter import Adapter, Kind, fingerprint
from livestorm_contract_tests.answer import Answer
from livestorm_contract_tests.case import Case, open_case
from livestorm_contract_tests.control import ControlAPI
from livestorm_contract_tests.invariants import check_invariants
from livestorm_contract_tests.oddities import HTML

TOKEN = "token.refresh_token"


def make_token_answer(**members: object) -> Answer:
    """Make a success without a refresh token, but for the members."""
    good = {"access_token": "drawn-access-token", "token_type": "Bearer", "expires_in": 7200}
    return Answer(status=200, body=json.dumps({**good, **members}).encode())


def assert_refresh_works(case: Case) -> None:
    """Refresh with nothing armed."""
    case.disarm()
    evidence = case.refresh()
    check_invariants(evidence)
    assert evidence.result.kind is Kind.OK, str(evidence)


def test_refresh_uses_the_newest_refresh_token(server: ControlAPI, adapter: Adapter) -> None:
    """D01: after a rotation the next refresh sends the new refresh token."""
    with open_case(server, adapter) as case:
        issued = case.seed()
        evidence = case.refresh()
        check_invariants(evidence)
        assert [one.refresh_token for one in evidence.exchanges] == [issued["refresh_token"]]
        assert_refresh_works(case)


@pytest.mark.parametrize("members", [{}, {"refresh_token": ""}, {"refresh_token": None}])
def test_success_without_a_refresh_token_keeps_the_old_one(
    server: ControlAPI, adapter: Adapter, members: dict[str, object]
) -> None:
    """D02, D03: missing, empty or null, the refresh token that was sent stays in use."""
    with open_case(server, adapter) as case:
        issued = case.seed()
        case.arm(TOKEN, make_token_answer(**members))
        evidence = case.refresh()
        check_invariants(evidence)
        stored = evidence.after.token
        assert stored is not None
        assert stored.refresh_token == fingerprint(issued["refresh_token"])
        assert_refresh_works(case)


@pytest.mark.parametrize("status", [400, 401])
def test_dead_grant_is_polled_no_more(server: ControlAPI, adapter: Adapter, status: int) -> None:
    """D05: after invalid_grant a human is asked for, and the next refresh sends nothing."""
    with open_case(server, adapter) as case:
        case.seed()
        case.arm(TOKEN, Answer(status=status, body=b'{"error": "invalid_grant"}'))
        first, second = case.refresh(), case.refresh()
        check_invariants(first)
        check_invariants(second)
        assert (first.result.kind, second.result.kind) == (Kind.REAUTH_REQUIRED,) * 2
        assert second.exchanges == ()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=401, body=b'{"error": "invalid_client"}'),
        Answer(status=400, content_type="text/html", body=HTML.encode()),
        Answer(status=403, content_type=None),
        Answer(status=404, body=b'{"errors": [{"title": "Not found"}]}'),
        Answer(status=429, headers={"Retry-After": "1728000"}),
        Answer(status=500, content_type="text/html", body=HTML.encode()),
        Answer(status=503, body=b'{"error": "invalid_grant"}'),
        Answer(status=200, content_type="text/html", body=HTML.encode()),
        Answer(status=204, content_type=None),
        Answer(status=307, headers={"Location": "http://127.0.0.1:9/oauth/token"}),
    ],
    ids=lambda answer: str(answer.status),
)
def test_refresh_works_again_after_a_failure(
    server: ControlAPI, adapter: Adapter, answer: Answer
) -> None:
    """D06 to D08: what is no invalid_grant never logs the user out."""
    with open_case(server, adapter) as case:
        case.seed()
        case.arm(TOKEN, answer)
        evidence = case.refresh()
        check_invariants(evidence)
        assert evidence.after == evidence.before
        case.let_pass(evidence.result.not_before_s)
        assert_refresh_works(case)


def test_refresh_works_again_after_a_lost_rotation(server: ControlAPI, adapter: Adapter) -> None:
    """D10: the rotation happened, its answer was a 502: the old refresh token still counts."""
    with open_case(server, adapter) as case:
        case.seed()
        case.arm(TOKEN, Answer(status=502), phase="after")
        check_invariants(case.refresh())
        assert_refresh_works(case)


def test_refresh_without_a_refresh_token_sends_nothing(
    server: ControlAPI, adapter: Adapter
) -> None:
    """C18: tokens that cannot be refreshed need a human, not a request."""
    with open_case(server, adapter) as case:
        case.seed(refreshable=False)
        evidence = case.refresh()
        check_invariants(evidence)
        assert evidence.exchanges == ()
        assert evidence.result.kind is Kind.REAUTH_REQUIRED
