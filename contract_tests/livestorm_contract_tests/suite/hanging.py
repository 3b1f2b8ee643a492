"""What is told of an operation that does not end."""

from collections.abc import Mapping, Sequence

from ..fake.journal import Exchange


def describe_hang(command: Mapping[str, object], exchanges: Sequence[Exchange]) -> str:
    """Say which operation hangs, what the fake was doing, and what is missing in the client."""
    asked = [str(command[name]) for name in ("method", "path") if name in command]
    what = " ".join([str(command.get("op")), *asked])
    return f"{what} does not end: {_doing(exchanges)}"


def hung_at(exchanges: Sequence[Exchange]) -> Exchange | None:
    """Give the exchange that it hangs in: one without an answer, or the last."""
    return next((one for one in exchanges if one.status is None), next(iter(exchanges[-1:]), None))


def _doing(exchanges: Sequence[Exchange]) -> str:
    last = hung_at(exchanges)
    if last is None:
        return "it has sent no request, and has no time-out for what it waits for"
    request = f"{last.method} {last.target.partition('?')[0]}"
    fault = f" under the fault {last.fault}" if last.fault else ""
    if last.status is None:
        return f"the fake gave {request} no answer{fault}; a time-out is missing"
    told = f"its last request, {request}, was answered {last.status}{fault}"
    return f"{told}; a time-out for all of it is missing"
