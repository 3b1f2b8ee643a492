"""The invariants bite: each broken client breaks exactly the ones that it should."""

from contextlib import closing

import pytest
from livestorm_contract_tests.answer import Answer
from livestorm_contract_tests.case import open_case
from livestorm_contract_tests.control import ControlAPI
from livestorm_contract_tests.invariants import list_violations
from livestorm_contract_tests.violation import Invariant, Violation

from . import broken_clients as broken
from .plain_client import PlainClient
from .situations import SITUATIONS, list_evidence

INV_1, INV_2 = Invariant.NO_PHANTOM_TOKEN, Invariant.REFRESH_TOKEN_CONSERVATION
INV_4, INV_7 = Invariant.BOUNDEDNESS, Invariant.CLASSIFICATION


def find_violations(server: ControlAPI, client: type[PlainClient]) -> list[Violation]:
    """Run a client through all situations."""
    with closing(client()) as adapter:
        return [
            violation
            for situation in SITUATIONS
            for evidence in list_evidence(server, adapter, situation)
            for violation in list_violations(evidence)
        ]


def test_plain_client_breaks_nothing(server: ControlAPI) -> None:
    """What is not broken is not blamed, by any invariant in any situation."""
    assert find_violations(server, PlainClient) == []


@pytest.mark.parametrize(
    ("client", "broken_invariants"),
    [
        # A stored phantom also replaces the pair, and its ok is the wrong name for the answer.
        (broken.StoresWhateverA200Says, {INV_1, INV_2, INV_7}),
        (broken.ParsesJSONBeforeStatus, {INV_7}),
        (broken.DropsTokensOn500, {INV_2}),
        (broken.OverwritesRefreshTokenWithEmpty, {INV_2}),
        (broken.RetriesForEver, {INV_4}),
        (broken.SleepsAsLongAsItIsTold, {INV_4}),
        # An ok without tokens is also the wrong name for the answer.
        (broken.ReportsOkOnErrorBody, {INV_1, INV_7}),
        (broken.Treats429AsLogout, {INV_7}),
        (broken.LetsExceptionsOut, {INV_7}),
        (broken.ForgetsTheExpiryOnFailure, {INV_2}),
        (broken.KeepsADeadGrant, {INV_2}),
        (broken.UsesATokenThatItRefused, {INV_1}),
    ],
)
def test_broken_client_breaks_exactly_its_invariants(
    server: ControlAPI, client: type[PlainClient], broken_invariants: set[Invariant]
) -> None:
    """Each defect is found, by the invariants that speak of it and by no other."""
    violations = find_violations(server, client)
    assert {one.invariant for one in violations} == broken_invariants


def test_flag_of_an_earlier_operation_is_not_blamed(server: ControlAPI) -> None:
    """A client that flags a dead grant, and keeps the tokens, stays right ever after."""
    dead = Answer(status=400, body=b'{"error": "invalid_grant"}')
    with closing(PlainClient()) as adapter, open_case(server, adapter) as case:
        case.seed()
        case.arm("token.refresh_token", dead)
        violations = [*list_violations(case.refresh()), *list_violations(case.refresh())]
    assert violations == []


def test_violation_states_requirement_and_evidence(server: ControlAPI) -> None:
    """A failure can be understood and repeated from its message alone."""
    message = str(find_violations(server, broken.DropsTokensOn500)[0])
    assert message.startswith("INV-2: a refresh token may be dropped or flagged only after")
    assert "POST /s/" in message
    assert 'replay: POST /_mock/faults {"on": "token"' in message
