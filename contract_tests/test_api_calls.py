"""Calling the API: every answer has a name, and none costs the tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_contract_tests.adapter import Adapter, Kind
from livestorm_contract_tests.answer import Answer
from livestorm_contract_tests.api_answers import api_answers, refusals
from livestorm_contract_tests.case import open_case
from livestorm_contract_tests.control import ControlAPI
from livestorm_contract_tests.invariants import check_invariants
from livestorm_contract_tests.oddities import RETRY_AFTER
from livestorm_contract_tests.profiles import contract_settings
from livestorm_contract_tests.token_answers import token_answers


@contract_settings()
@given(answer=api_answers(), times=st.sampled_from((1, None)))
def test_call_under_any_answer_keeps_the_invariants(
    server: ControlAPI, adapter: Adapter, answer: Answer, times: int | None
) -> None:
    """A call ends as the table of API answers says, with the tokens it began with."""
    with open_case(server, adapter) as case:
        case.seed()
        case.arm("api.me", answer, times=times)
        check_invariants(case.call())


@contract_settings()
@given(
    refused=st.lists(st.one_of(refusals(), api_answers()), max_size=4),
    token_answer=token_answers(),
    expired=st.booleans(),
)
def test_call_that_refreshes_keeps_the_invariants(
    server: ControlAPI,
    adapter: Adapter,
    refused: list[Answer],
    token_answer: Answer,
    expired: bool,
) -> None:
    """A call with refusals, an expired token and a token endpoint that answers anything, ends."""
    with open_case(server, adapter) as case:
        case.seed(expired=expired)
        for answer in refused:
            case.arm("api.me", answer, times=1)
        case.arm("token.refresh_token", token_answer, times=1)
        check_invariants(case.call())


@pytest.mark.parametrize(
    ("api_statuses", "token_statuses"),
    [([429, 429, 401], []), ([503, 401], [503])],
    ids=["two-refusals-and-a-401", "a-refusal-a-401-and-a-failed-refresh"],
)
def test_call_with_many_failures_stays_within_the_budget(
    server: ControlAPI, adapter: Adapter, api_statuses: list[int], token_statuses: list[int]
) -> None:
    """INV-4: repetitions of all sorts share one budget."""
    with open_case(server, adapter) as case:
        case.seed()
        for status in api_statuses:
            case.arm("api.me", Answer(status=status), times=1)
        for status in token_statuses:
            case.arm("token.refresh_token", Answer(status=status), times=1)
        check_invariants(case.call())


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("value", RETRY_AFTER)
def test_unavailable_api_is_given_up_within_the_budget(
    server: ControlAPI, adapter: Adapter, status: int, value: str
) -> None:
    """F03 to F05, F10: whatever Retry-After says, the call ends soon, as retry_later."""
    with open_case(server, adapter) as case:
        case.seed()
        case.arm("api.me", Answer(status=status, headers={"Retry-After": value}))
        evidence = case.call()
        check_invariants(evidence)
        assert evidence.result.kind is Kind.RETRY_LATER
        assert evidence.token_exchanges == ()


def test_month_long_wait_is_reported_at_once(server: ControlAPI, adapter: Adapter) -> None:
    """F05: nobody sleeps for twenty days; the caller learns when to come back."""
    with open_case(server, adapter) as case:
        case.seed()
        case.arm("api.me", Answer(status=429, headers={"Retry-After": "1728000"}))
        evidence = case.call()
        check_invariants(evidence)
        assert evidence.result.not_before_s == pytest.approx(1_728_000, abs=10)
        assert evidence.waited < 10


def test_refused_token_is_refreshed_once(server: ControlAPI, adapter: Adapter) -> None:
    """E02: a 401 for a token that looks fresh costs one refresh and one more call."""
    with open_case(server, adapter) as case:
        case.seed()
        case.arm("api.me", Answer(status=401, content_type=None), times=1)
        evidence = case.call()
        check_invariants(evidence)
        assert evidence.result.kind is Kind.OK
        assert [one.status for one in evidence.exchanges] == [401, 200, 200]


def test_refused_token_that_cannot_be_refreshed_needs_a_human(
    server: ControlAPI, adapter: Adapter
) -> None:
    """E02: without a refresh token a 401 is the end, and nothing is dropped."""
    with open_case(server, adapter) as case:
        case.seed(refreshable=False)
        case.arm("api.me", Answer(status=401, content_type=None))
        evidence = case.call()
        check_invariants(evidence)
        assert evidence.result.kind is Kind.REAUTH_REQUIRED


def test_refreshed_token_that_is_refused_too_ends_the_call(
    server: ControlAPI, adapter: Adapter
) -> None:
    """D13: one refresh for each operation, however often the API says 401."""
    with open_case(server, adapter) as case:
        case.seed()
        case.arm("api.me", Answer(status=401, content_type=None))
        evidence = case.call()
        check_invariants(evidence)
        assert evidence.result.kind is Kind.REAUTH_REQUIRED
        assert len(evidence.token_exchanges) == 1


def test_expired_token_is_refreshed(server: ControlAPI, adapter: Adapter) -> None:
    """A token that has expired is replaced, before the call or on its 401."""
    with open_case(server, adapter) as case:
        case.seed(expired=True)
        evidence = case.call()
        check_invariants(evidence)
        assert evidence.result.kind is Kind.OK
        assert len(evidence.token_exchanges) == 1


def test_forbidden_call_refreshes_nothing(server: ControlAPI, adapter: Adapter) -> None:
    """E04: a new token would have the same scope."""
    with open_case(server, adapter) as case:
        case.seed()
        challenge = {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}
        case.arm("api.me", Answer(status=403, headers=challenge))
        evidence = case.call()
        check_invariants(evidence)
        assert evidence.token_exchanges == ()


def test_empty_ping_is_ok(server: ControlAPI, adapter: Adapter) -> None:
    """The answer of /ping has no body, and is a success."""
    with open_case(server, adapter) as case:
        case.seed()
        evidence = case.call("/ping")
        check_invariants(evidence)
        assert evidence.result.kind is Kind.OK


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"errors": [{"title": "Not now"}]}', b'{"id": "drawn-id"}']
)
def test_success_that_is_no_document_is_refused(
    server: ControlAPI, adapter: Adapter, body: bytes
) -> None:
    """E07: a 200 without a JSON:API document is not an empty result."""
    with open_case(server, adapter) as case:
        case.seed()
        case.arm("api.organization", Answer(status=200, body=body))
        check_invariants(case.call("/organization"))
