"""What a history knows of a script."""

import pytest
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.driving.messages import Reply
from livestorm_contract_tests.driving.outcome import Outcome
from livestorm_contract_tests.fake.journal import Exchange
from livestorm_contract_tests.invariants.history import History

TOKEN = "an-access-token-that-came"


@pytest.mark.parametrize(
    "body",
    [
        f'{{"access_token": "{TOKEN}", "token_type": "mac"}}',
        f'{{"access_token": "{TOKEN}", "token_ty',
        f"access_token={TOKEN}&token_type=Bearer",
    ],
    ids=["unknown-type", "cut", "form"],
)
def test_token_of_a_refused_answer_is_secret(body: str) -> None:
    """A token that came must not be shown, though the answer is none to use."""
    answered = Exchange(
        seq=1,
        endpoint="token.refresh_token",
        method="POST",
        target="/oauth/token",
        request_headers={},
        parameters={},
        status=200,
        headers={"content-type": "application/json", "content-length": str(len(body))},
        body=body.encode(),
        fault="answer",
    )
    history = History()
    reply = Reply(kind=Kind.PROTOCOL_ERROR)
    history.note(Outcome(command={"op": "refresh"}, reply=reply, exchanges=(answered,), seconds=0))
    assert history.secrets == {TOKEN}
