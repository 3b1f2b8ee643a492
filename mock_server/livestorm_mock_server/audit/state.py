"""The `state` of authorization requests (RFC 6749, sections 10.10 and 10.12)."""

from .guessing import why_guessable
from .rule import Noticed
from .sent import Sent
from .traffic import Traffic
from .wording import shown


def missing_state(traffic: Traffic) -> Noticed:
    """Notice authorization requests without a state."""
    for flow in traffic.flows:
        if flow.text("state") is None:
            yield "the authorization request has no state", [flow]


def reused_state(traffic: Traffic) -> Noticed:
    """Notice a state that a client uses for several flows."""
    flows_of: dict[tuple[str | None, str], list[Sent]] = {}
    for flow in traffic.flows:
        if (state := flow.text("state")) is not None:
            flows_of.setdefault((flow.text("client_id"), state), []).append(flow)
    for (_, state), flows in flows_of.items():
        if len(flows) > 1:
            yield f"state {shown(state)} is used for {len(flows)} flows", flows


def guessable_state(traffic: Traffic) -> Noticed:
    """Notice a state that can be guessed, from itself or from the client's one before."""
    previous: dict[str | None, str] = {}
    for flow in traffic.flows:
        if (state := flow.text("state")) is None:
            continue
        client_id = flow.text("client_id")
        if why := why_guessable(state, previous.get(client_id)):
            yield f"state {shown(state)} can be guessed: {why}", [flow]
        previous[client_id] = state
