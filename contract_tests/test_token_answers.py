"""Whatever the token endpoint answers, no invariant breaks."""

from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_contract_tests.adapter import Adapter
from livestorm_contract_tests.answer import Answer, Phase
from livestorm_contract_tests.case import open_case
from livestorm_contract_tests.control import ControlAPI
from livestorm_contract_tests.invariants import check_invariants
from livestorm_contract_tests.profiles import contract_settings
from livestorm_contract_tests.token_answers import token_answers

TIMES = st.sampled_from((1, None))
PHASES = st.sampled_from(("before", "after"))


@contract_settings()
@given(answer=token_answers(), times=TIMES, phase=PHASES)
def test_refresh_under_any_answer_keeps_the_invariants(
    server: ControlAPI, adapter: Adapter, answer: Answer, times: int | None, phase: Phase
) -> None:
    """A refresh ends as the tables say, with the tokens that a success brought, or the old."""
    with open_case(server, adapter) as case:
        case.seed()
        case.arm("token.refresh_token", answer, times=times, phase=phase)
        check_invariants(case.refresh())


@contract_settings()
@given(answer=token_answers(), times=TIMES, phase=PHASES, connected=st.booleans())
def test_exchange_under_any_answer_keeps_the_invariants(
    server: ControlAPI,
    adapter: Adapter,
    answer: Answer,
    times: int | None,
    phase: Phase,
    connected: bool,
) -> None:
    """An exchange ends as the tables say, and an earlier connection survives its failure."""
    with open_case(server, adapter) as case:
        if connected:
            case.seed()
        case.arm("token.authorization_code", answer, times=times, phase=phase)
        check_invariants(case.connect())


@settings(contract_settings(), max_examples=50)
@given(answers=st.lists(token_answers(), min_size=2, max_size=4))
def test_refreshes_in_a_row_keep_the_invariants(
    server: ControlAPI, adapter: Adapter, answers: list[Answer]
) -> None:
    """Each refresh starts from what the ones before it left."""
    with open_case(server, adapter) as case:
        case.seed()
        for answer in answers:
            case.arm("token.refresh_token", answer, times=1)
        for _ in answers:
            check_invariants(case.refresh())
