"""A few answers, each of which some client has stumbled over."""

import json
from dataclasses import dataclass

from livestorm_contract_tests.adapter import Adapter
from livestorm_contract_tests.answer import Answer
from livestorm_contract_tests.case import open_case
from livestorm_contract_tests.control import ControlAPI
from livestorm_contract_tests.evidence import Evidence
from livestorm_contract_tests.oddities import HTML

TOKEN = {"access_token": "drawn-access-token", "token_type": "Bearer", "expires_in": 7200}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the token endpoint and the API answer for ever, None for the real thing."""

    token: Answer | None = None
    api: Answer | None = None


def answer(status: int, document: object) -> Answer:
    """Make an answer in JSON."""
    return Answer(status=status, body=json.dumps(document).encode())


def html(status: int) -> Answer:
    """Make an answer in HTML."""
    return Answer(status=status, content_type="text/html", body=HTML.encode())


SITUATIONS = (
    Situation(),
    Situation(token=answer(200, TOKEN)),
    Situation(token=answer(200, {**TOKEN, "refresh_token": ""})),
    Situation(token=answer(200, {**TOKEN, "refresh_token": "drawn-refresh-token"})),
    Situation(token=answer(200, {**TOKEN, "token_type": "mac"})),
    Situation(token=answer(200, {"error": "invalid_grant"})),
    Situation(token=answer(200, {"errors": [{"status": "429"}]})),
    Situation(token=answer(400, {"error": "invalid_grant"})),
    Situation(token=answer(401, {"error": "invalid_client"})),
    Situation(token=answer(400, {"error": ["invalid_grant"]})),
    Situation(token=html(404)),
    Situation(token=html(500)),
    Situation(token=answer(429, {"errors": [{"status": "429"}]})),
    Situation(api=answer(401, {})),
    Situation(api=answer(429, {"errors": [{"status": "429"}]})),
    Situation(api=html(503)),
)


def list_evidence(server: ControlAPI, adapter: Adapter, situation: Situation) -> list[Evidence]:
    """Have a client do in a situation what leads into it: connect and refresh, or call."""
    operations = ("call",) if situation.token is None else ("connect", "refresh")
    return [watch(server, adapter, situation, operation) for operation in operations]


def watch(server: ControlAPI, adapter: Adapter, situation: Situation, operation: str) -> Evidence:
    """Have a client, connected before, do one thing."""
    with open_case(server, adapter) as case:
        case.seed()
        if situation.token is not None:
            case.arm("token", situation.token)
        if situation.api is not None:
            case.arm("api", situation.api)
        evidence: Evidence = getattr(case, operation)()
    return evidence
