"""What an adapter's messages may hold."""

import pytest
from livestorm_contract_tests.driving.messages import BadMessage, read_ready


@pytest.mark.parametrize("uri", ["/callback", "", "https://app.example/cb#top", 5])
def test_redirect_uri_that_no_server_registers_is_refused(uri: object) -> None:
    """It is a URL, and has no fragment (RFC 6749, section 3.1.2)."""
    with pytest.raises(BadMessage, match="redirect_uri"):
        read_ready({"type": "ready", "protocol": 1, "features": {"redirect_uri": uri}})
