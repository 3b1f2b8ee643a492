"""What the fake sent is no request to it, whatever the receiver's address looks like."""

import json

import httpx
import pytest
from livestorm_mock_server import InvalidInputError, LivestormSandbox
from livestorm_mock_server.recording.scenario import Made, scenario_from

from ..webhooks.receiver import receiving, with_status

EVENT = "people.registered"


def sent_to(livestorm: LivestormSandbox, path: str) -> None:
    """Have a webhook refused at a path."""
    with receiving() as receiver:
        receiver.answer = with_status(500)
        livestorm.deliver_webhook(EVENT, f"http://127.0.0.1:{receiver.port}{path}", retries=())


def made_of(livestorm: LivestormSandbox) -> Made:
    """Make a scenario of the journal."""
    return scenario_from(json.dumps(livestorm.export_har()).encode(), "made.toml")


@pytest.mark.parametrize("path", ["/v1/hooks", "/v1/ping", "/oauth/token"])
def test_webhook_is_no_request_to_the_fake(livestorm: LivestormSandbox, path: str) -> None:
    """It is told among what was left out, and neither a resource nor a fault comes of it."""
    httpx.get(f"{livestorm.api_url}/ping")
    plain = made_of(livestorm)
    sent_to(livestorm, path)
    made = made_of(livestorm)
    assert made.text == plain.text
    assert made.told[0] == "read: 1 request to endpoints of Livestorm"
    assert made.told[1].startswith("left out: 0 to other paths, 1 to other hosts;")


def test_recording_of_webhooks_alone_is_refused(livestorm: LivestormSandbox) -> None:
    """Nothing was asked of the fake."""
    sent_to(livestorm, "/v1/hooks")
    with pytest.raises(InvalidInputError, match="1 to other hosts"):
        made_of(livestorm)
