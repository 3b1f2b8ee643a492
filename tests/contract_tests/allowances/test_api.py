"""The rows of the table of API answers."""

import json

import pytest
from livestorm_contract_tests.allowances.api import allow_after_api_answer
from livestorm_contract_tests.driving.kinds import Kind

RESOURCE = {"type": "people", "id": "drawn-id"}

OK = {Kind.OK}
PROTOCOL = {Kind.PROTOCOL_ERROR}
LATER = {Kind.RETRY_LATER}
REFUSED = {Kind.PROTOCOL_ERROR, Kind.CONFIG_ERROR}


@pytest.mark.parametrize(
    ("status", "document", "kinds"),
    [
        pytest.param(200, {"data": RESOURCE}, OK, id="document"),
        pytest.param(200, {"data": []}, OK | PROTOCOL, id="list"),
        pytest.param(200, {"meta": {}}, OK | PROTOCOL, id="meta"),
        pytest.param(200, {"data": RESOURCE, "errors": []}, OK | PROTOCOL, id="both"),
        pytest.param(200, {"errors": []}, PROTOCOL, id="errors-with-200"),
        pytest.param(200, {}, PROTOCOL, id="no-document"),
        pytest.param(200, b"", PROTOCOL, id="empty"),
        pytest.param(200, b"<html></html>", PROTOCOL, id="html"),
        pytest.param(204, b"", OK | PROTOCOL, id="204"),
        pytest.param(302, b"", PROTOCOL | {Kind.SECURITY_ERROR}, id="302"),
        pytest.param(401, b"", {Kind.REAUTH_REQUIRED}, id="401"),
        pytest.param(403, {"errors": []}, {Kind.CONFIG_ERROR, Kind.DENIED}, id="403"),
        pytest.param(404, {"errors": []}, REFUSED, id="404"),
        pytest.param(422, b"", REFUSED, id="422"),
        pytest.param(425, b"", REFUSED | LATER, id="425"),
        pytest.param(429, {"data": RESOURCE}, LATER, id="429"),
        pytest.param(502, b"<html></html>", LATER, id="502"),
        pytest.param(None, b"", LATER | {Kind.TRANSPORT_ERROR}, id="no-answer"),
    ],
)
def test_answer_allows_the_kinds_of_its_row(
    status: int | None, document: object, kinds: set[Kind]
) -> None:
    """The table of API answers says which kinds go with which answer."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    assert allow_after_api_answer(status, "application/vnd.api+json", body).kinds == kinds


def test_empty_answer_is_ok_where_it_is_expected() -> None:
    """The 200 of /ping has no body."""
    assert allow_after_api_answer(200, None, b"", empty_is_ok=True).kinds == OK


@pytest.mark.parametrize("challenge", ["", 'Bearer error="invalid_token"'])
def test_401_asks_for_a_human(challenge: str) -> None:
    """Unless the challenge tells, it is a dead token."""
    allowed = allow_after_api_answer(401, None, b"", challenge=challenge)
    assert allowed.kinds == {Kind.REAUTH_REQUIRED}


def test_401_that_names_the_scope_may_be_a_matter_of_configuration() -> None:
    """One page of Livestorm's documentation has 401 for a missing scope."""
    allowed = allow_after_api_answer(401, None, b"", challenge='Bearer error="insufficient_scope"')
    assert allowed.kinds == {Kind.REAUTH_REQUIRED, Kind.CONFIG_ERROR, Kind.DENIED}
