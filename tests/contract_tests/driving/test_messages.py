"""What an adapter's messages may hold."""

import pytest
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.driving.messages import BadMessage, Features, read_ready, read_reply


@pytest.mark.parametrize("uri", ["/callback", "", "https://app.example/cb#top", 5])
def test_redirect_uri_that_no_server_registers_is_refused(uri: object) -> None:
    """It is a URL, and has no fragment (RFC 6749, section 3.1.2)."""
    with pytest.raises(BadMessage, match="redirect_uri"):
        read_ready({"type": "ready", "protocol": 1, "features": {"redirect_uri": uri}})


def test_adapter_has_to_say_how_it_failed() -> None:
    """The kind `failed` is not open to an adapter that does not declare it."""
    with pytest.raises(BadMessage, match="kinds=ok_or_failed"):
        read_reply({"type": "result", "id": 1, "kind": "failed"}, Features())


def test_adapter_may_declare_that_it_can_not_always_say_how() -> None:
    """With kinds=ok_or_failed an unexplained failure is a reply."""
    reply = read_reply({"kind": "failed"}, Features(kinds="ok_or_failed"))
    assert reply.kind is Kind.FAILED
