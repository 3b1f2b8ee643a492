"""POSTs that are sent again: they must be the same requests."""

from collections.abc import Sequence

from ..driving.outcome import Outcome
from ..fake.journal import Exchange
from ..suite.driver import Unsupported
from ..suite.stage import Stage
from ..suite.tokens import token

PATH = "/events"

SAME_REQUEST = "a request that is repeated is the same one: a POST, with its body"


def post(stage: Stage) -> Outcome:
    """Have the client make an event. Raises Unsupported."""
    event = {"type": "events", "attributes": {"title": token(stage.random)}}
    outcome = stage.client.call(PATH, method="POST", body={"data": event})
    if outcome.api_requests and outcome.api_requests[0].method != "POST":
        raise Unsupported("method POST of op call")
    return outcome


def check_same_request(stage: Stage, outcome: Outcome) -> None:
    """Check that all requests of a POST say the same."""
    holds = are_same(outcome.api_requests)
    sent = [f"{one.method} with {len(one.request_body)} bytes" for one in outcome.api_requests]
    stage.check("same-request", holds, outcome, told=", then ".join(sent))


def are_same(requests: Sequence[Exchange]) -> bool:
    """Tell whether requests have one method and one content, in whatever order its members are."""
    return all(
        one.method == first.method
        and (one.request_body == first.request_body or content(one) == content(first))
        for first in requests[:1]
        for one in requests[1:]
    )


def content(request: Exchange) -> object:
    """Give what a request says: its parameters, or a body that has none."""
    return request.parameters or request.request_body
