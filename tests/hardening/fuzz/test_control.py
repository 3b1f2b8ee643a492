"""The control API keeps to its own description, whatever is sent to it.

Schemathesis is imported by what needs it: it takes a second, and each worker would spend it.
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..watched import Watched
from . import amounts

ENDLESS = "/_mock/journal/stream"


@pytest.fixture(scope="module")
def operations(server: Watched) -> list[Any]:
    """What the description of a served fake has, but for the stream, which does not end."""
    import schemathesis

    schema = schemathesis.openapi.from_url(f"{server.origin}/_mock/openapi.json")
    found: list[Any] = list(schema.get_all_operations())
    return [one.ok() for one in found if one.ok().path != ENDLESS]


@pytest.mark.long
def test_control_api_keeps_to_its_description(
    server: Watched, operations: list[Any], record_property: Callable[[str, object], None]
) -> None:
    """What fits the description, and what doesn't, gets a status and a body that it has, no 5xx."""
    from schemathesis import GenerationMode

    assert len(operations) > 20
    for operation in operations:
        cases = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]
        drawn = given(case=st.one_of(cases))(check_operation)
        amounts.inputs(parts=len(operations))(drawn)(server)
    record_property("control requests", amounts.INPUTS)


def check_operation(server: Watched, case: Any) -> None:
    """Call an operation with what was drawn."""
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    expected = [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
    ]
    if case.query:
        case.query.pop("wait", None)  # Up to a minute, for each request.
    case.call_and_validate(checks=expected, timeout=20)
    server.check_well()
