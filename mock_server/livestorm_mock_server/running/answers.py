"""Why the fake refused what came, for whoever wonders why the command failed."""

from collections import Counter
from collections.abc import Iterable, Mapping

from ..journal.entry import Entry
from ..sandbox import Sandbox

CONSENT = (
    "the consent page was shown, and nobody pressed its button: with --auto-approve there is none"
)


def refusals(sandboxes: Iterable[Sandbox]) -> Mapping[str, int]:
    """Count the refusals that no fault made, each with its reason, without secrets."""
    found = [(sandbox, entry) for sandbox in sandboxes for entry in sandbox.journal]
    told = Counter(one.mask.text(_told(entry)) for one, entry in found if _is_refused(entry))
    if _waits_for_consent(entry for _, entry in found):
        told[CONSENT] += 1
    return told


def _is_refused(entry: Entry) -> bool:
    is_of_fake = entry.strike is None and entry.exchange.webhook is None
    return is_of_fake and entry.response is not None and entry.response.status >= 400


def _told(entry: Entry) -> str:
    exchange, response = entry.exchange, entry.response
    assert response is not None  # it was refused
    asked = exchange.endpoint or exchange.request.raw_path
    because = f": {exchange.reason}" if exchange.reason else ""
    return f"{exchange.request.original_method} {asked} was answered {response.status}{because}"


def _waits_for_consent(entries: Iterable[Entry]) -> bool:
    """Tell whether a client was given the page, and no code came of it."""
    asked = [one for one in entries if one.exchange.endpoint == "authorize"]
    shown = [one for one in asked if one.response is not None and one.response.status == 200]
    return bool(shown) and len(shown) == len(asked)
