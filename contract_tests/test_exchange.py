"""Connecting: the code is exchanged once, and only tokens count as tokens."""

import pytest
from livestorm_contract_tests.adapter import Adapter, Kind
from livestorm_contract_tests.answer import Answer
from livestorm_contract_tests.case import open_case
from livestorm_contract_tests.control import ControlAPI
from livestorm_contract_tests.invariants import check_invariants
from livestorm_contract_tests.oddities import HTML

TOKEN = "token.authorization_code"


def test_exchange_connects(server: ControlAPI, adapter: Adapter) -> None:
    """Nothing goes wrong: one request, ok, tokens."""
    with open_case(server, adapter) as case:
        evidence = case.connect()
        check_invariants(evidence)
        assert evidence.result.kind is Kind.OK
        assert len(evidence.exchanges) == 1
        assert case.call().result.kind is Kind.OK


def test_exchange_connects_again(server: ControlAPI, adapter: Adapter) -> None:
    """A second authorization replaces the tokens of the first."""
    with open_case(server, adapter) as case:
        case.seed()
        evidence = case.connect()
        check_invariants(evidence)
        assert evidence.after != evidence.before


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (Kind.REAUTH_REQUIRED, Answer(status=400, body=b'{"error": "invalid_grant"}')),
        (Kind.CONFIG_ERROR, Answer(status=401, body=b'{"error": "invalid_client"}')),
        (Kind.RETRY_LATER, Answer(status=429, body=b'{"errors": [{"status": "429"}]}')),
        (Kind.RETRY_LATER, Answer(status=503, content_type="text/html", body=HTML.encode())),
        (Kind.PROTOCOL_ERROR, Answer(status=200, body=b'{"error": "invalid_grant"}')),
        (Kind.PROTOCOL_ERROR, Answer(status=200, body=b'{"access_token": ""}')),
        (Kind.PROTOCOL_ERROR, Answer(status=200, content_type="text/html", body=HTML.encode())),
        (Kind.PROTOCOL_ERROR, Answer(status=302, headers={"Location": "http://127.0.0.1:9/"})),
    ],
    ids="invalid-grant invalid-client 429 503 200-error 200-empty-token 200-html 302".split(),
)
def test_failed_exchange_leaves_the_connection_alone(
    server: ControlAPI, adapter: Adapter, kind: Kind, answer: Answer
) -> None:
    """C05, C06, C09 to C12: the failure is named, the code is sent once, the old tokens stay."""
    with open_case(server, adapter) as case:
        case.seed()
        case.arm(TOKEN, answer)
        evidence = case.connect()
        check_invariants(evidence)
        assert evidence.result.kind is kind
        assert evidence.after == evidence.before
        assert len(evidence.exchanges) == 1
