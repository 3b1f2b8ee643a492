"""Authorization requests: which of them a client made, and which the browser repeated."""

from collections.abc import Iterable

from .sent import Sent

_ENDS = frozenset(("code", "error", "access_token"))


def begun_flows(sent: Iterable[Sent]) -> list[Sent]:
    """Give the requests that begin a flow.

    The same URL again is a reload of the page, until the user was sent back to the client.
    """
    begun: list[Sent] = []
    open_: dict[str, Sent] = {}
    for one in sent:
        if _is_begin(one) and one.request.target not in open_:
            begun.append(one)
            open_[one.request.target] = one
        if not _ENDS.isdisjoint(one.sent_back):
            open_ = {target: flow for target, flow in open_.items() if not _is_same(flow, one)}
    return begun


def _is_begin(sent: Sent) -> bool:
    return sent.request.original_method == "GET" and sent.text("client_id") is not None


def _is_same(flow: Sent, end: Sent) -> bool:
    names = ("client_id", "state", "code_challenge")
    return all(flow.text(name) == end.text(name) for name in names)
