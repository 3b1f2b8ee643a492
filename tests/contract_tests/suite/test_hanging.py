"""What is told of an operation that does not end."""

import pytest
from livestorm_contract_tests.fake.journal import Exchange
from livestorm_contract_tests.suite.hanging import describe_hang


def exchange(status: int | None, fault: str | None = None) -> Exchange:
    """Make an exchange with the API."""
    return Exchange(
        seq=1,
        endpoint="api.me",
        method="GET",
        target="/v1/me?q=1",
        request_headers={},
        parameters={},
        status=status,
        headers={},
        body=b"",
        fault=fault,
    )


@pytest.mark.parametrize(
    ("exchanges", "words"),
    [
        ([], "it has sent no request"),
        ([exchange(None, "hang")], "gave GET /v1/me no answer under the fault hang; a time-out"),
        ([exchange(None), exchange(200)], "gave GET /v1/me no answer; a time-out is missing"),
        ([exchange(200, "drip")], "was answered 200 under the fault drip; a time-out for all"),
    ],
)
def test_hang_names_the_operation_and_what_it_waits_for(
    exchanges: list[Exchange], words: str
) -> None:
    """The operation with its path, the request without its query, the fault, what is missing."""
    told = describe_hang({"op": "call", "path": "/me"}, exchanges)
    assert told.startswith("call /me does not end: ")
    assert words in told
