"""INV-6: where a secret must not be (RFC 6749, section 10.3; RFC 6750, section 5.3)."""

from collections.abc import Iterable, Iterator

from ..driving.outcome import Outcome
from ..driving.secret_forms import forms_of
from .history import History
from .invariant import Invariant


def applies(history: History) -> bool:
    """Tell whether an operation was done."""
    return bool(history.operations)


def judge(history: History) -> str | None:
    """Say where a secret is."""
    forms = {form for secret in history.secrets for form in forms_of(secret)}
    if _holds(forms, (one.target.partition("?")[2] for one in history.exchanges)):
        return "a secret is in a query string"
    told = (text for outcome in history.replies for text in _texts(outcome))
    if _holds(forms, [history.printed, *told]):
        return "a secret is in what the client prints"
    return None


def _holds(forms: Iterable[str], texts: Iterable[str]) -> bool:
    return any(form in text for text in texts for form in forms)


def _texts(outcome: Outcome) -> Iterator[str]:
    """Give what a caller may print of the errors of an operation."""
    for error in (outcome.reply.error, *(one.error for one in outcome.reply.results)):
        if error is not None:
            yield from filter(None, (error.message, error.repr, error.trace))


INVARIANT = Invariant(
    name="INV-6",
    requirement="a secret is in no query string, and in nothing that is printed or reported",
    applies=applies,
    judge=judge,
)
