"""Reading the journal gives back what went over the wire."""

import pytest
from livestorm_contract_tests.adapter import Adapter, Kind
from livestorm_contract_tests.answer import Answer
from livestorm_contract_tests.case import Case, Unsupported, open_case
from livestorm_contract_tests.control import ControlAPI
from livestorm_contract_tests.reference_adapter import AsyncReferenceAdapter, ReferenceAdapter

from .plain_client import PlainClient


class WithoutCalls(PlainClient):
    """A library without a call layer."""

    def call_api(self, path: str) -> Kind:
        """Do nothing."""
        del path
        return Kind.UNSUPPORTED


@pytest.mark.parametrize(
    "body", [b"", b"plain", "é".encode(), b"\xe9 \xff\xfe", b'"\\u00e9"'], ids=repr
)
def test_body_is_read_byte_for_byte(server: ControlAPI, body: bytes) -> None:
    """Bytes that are not UTF-8 survive the journal."""
    with open_case(server, ReferenceAdapter()) as case:
        case.seed()
        case.arm("api.me", Answer(status=403, body=body))
        assert case.call().exchanges[0].body == body


@pytest.mark.parametrize("adapter", [ReferenceAdapter(), AsyncReferenceAdapter()])
def test_evidence_has_only_its_own_exchanges(server: ControlAPI, adapter: Adapter) -> None:
    """Each operation is judged by what was sent between its command and its reply."""
    with open_case(server, adapter) as case:
        case.seed()
        call_twice(case)


def call_twice(case: Case) -> None:
    """Call twice, and look at the second evidence."""
    first, second = case.call(), case.call()
    assert [one.seq for one in first.exchanges] == [1]
    assert [one.seq for one in second.exchanges] == [2]


def test_unsupported_operation_skips(server: ControlAPI) -> None:
    """What a client does not offer is never a pass."""
    client = WithoutCalls()
    with open_case(server, client) as case:
        case.seed()
        with pytest.raises(Unsupported, match="op call"):
            case.call()
    client.close()
