"""What the suite sends is what the protocol has."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from livestorm_contract_tests.driving.sent import OPERATIONS, checked
from livestorm_contract_tests.suite.capabilities import NAMED_BY_FEATURES
from livestorm_contract_tests.suite.capabilities import OPERATIONS as OFFERED

CONFIG = {
    "authorize_url": "http://127.0.0.1:1/oauth/authorize",
    "token_url": "http://127.0.0.1:1/oauth/token",
    "api_base": "http://127.0.0.1:1/v1",
    "client_id": "id",
    "client_secret": None,
    "redirect_uri": "http://127.0.0.1:9/cb",
    "scopes": ["identity:read"],
    "auth_method": "none",
    "ca_pem": None,
    "issuer": None,
    "store_dir": "/store",
    "budget": {"max_wait_ms": 10_000},
}
NEEDED: Mapping[str, Mapping[str, Any]] = {
    "callback": {"url": "http://127.0.0.1:9/cb"},
    "seed": {"token": {"access_token": "secret"}},
    "list": {"path": "/events", "max_pages": 3},
    "clock": {"advance": 7201},
}


def configure(**members: object) -> dict[str, Any]:
    """Give a message that begins a case, with other members of its configuration."""
    config = {**CONFIG, **members}
    return {"type": "configure", "case": "C09", "run": "1", "config": config}


def command(op: str, **members: object) -> dict[str, Any]:
    """Give a command with what its operation can't do without."""
    return {"type": "command", "op": op, **NEEDED.get(op, {}), **members}


def test_every_operation_that_is_sent_is_known() -> None:
    """`restart` and `cancel` are no commands; all else that a client may offer is one."""
    assert set(OPERATIONS) == {*OFFERED, *NAMED_BY_FEATURES} - {"restart", "cancel"}


@pytest.mark.parametrize("op", OPERATIONS)
def test_command_goes_out_as_it_is(op: str) -> None:
    """Nothing is added or changed; a member that the protocol has not is refused."""
    message = command(op, user="zoë/1")
    assert checked(dict(message)) == message
    with pytest.raises(msgspec.ValidationError, match="unknown field `hint`"):
        checked(command(op, hint=1))


def test_configuration_goes_out_as_it_is() -> None:
    """The level of logs is there or not; no other member may be."""
    for message in (configure(), configure(log_level="debug")):
        assert checked(dict(message)) == message
    with pytest.raises(msgspec.ValidationError, match="unknown field `faults`"):
        checked(configure(faults=[]))
