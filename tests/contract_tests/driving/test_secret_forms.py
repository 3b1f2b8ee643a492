"""Which secrets an exchange has, and what counts as one of them."""

import json

from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.driving.messages import Reply
from livestorm_contract_tests.driving.outcome import Outcome
from livestorm_contract_tests.driving.secret_forms import SHORTEST, forms_of, secrets_of
from livestorm_contract_tests.fake.journal import Exchange
from livestorm_contract_tests.invariants.history import History

SENT = {
    "client_secret": "the-secret-of-the-client",
    "code": "the-code-of-the-callback",
    "code_verifier": "the-verifier-of-the-flow",
    "refresh_token": "the-refresh-token-that-is-old",
}
ANSWERED = {
    "access_token": "the-access-token-that-is-new",
    "refresh_token": "the-refresh-token-that-is-new",
}
EXCHANGE = Exchange(
    seq=1,
    endpoint="token.refresh_token",
    method="POST",
    target="/oauth/token",
    request_headers={"authorization": "Bearer the-access-token-that-is-old"},
    parameters={**SENT, "grant_type": "refresh_token"},
    status=200,
    headers={},
    body=json.dumps(ANSWERED).encode(),
    fault="answer",
)


def test_secrets_have_their_names() -> None:
    """What was sent in the form and in the header, and what was answered."""
    assert secrets_of(EXCHANGE) == {
        **{text: name for name, text in SENT.items()},
        **{text: name for name, text in ANSWERED.items()},
        "the-access-token-that-is-old": "access_token",
    }


def test_invariants_count_all_but_the_verifier() -> None:
    """Whose place is judged by H01 and H02."""
    history = History()
    outcome = Outcome(
        command={"op": "refresh"},
        reply=Reply(kind=Kind.PROTOCOL_ERROR),
        exchanges=(EXCHANGE,),
        seconds=0,
    )
    history.note(outcome)
    assert history.secrets == secrets_of(EXCHANGE).keys() - {SENT["code_verifier"]}


def test_no_form_can_be_there_by_chance() -> None:
    """Each is as long as a secret has to be, and what is shorter has none."""
    assert forms_of("x" * (SHORTEST - 1)) == frozenset()
    assert min(map(len, forms_of("x" * SHORTEST))) >= SHORTEST
