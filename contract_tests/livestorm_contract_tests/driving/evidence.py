"""What a report shows of an operation: what was asked, sent, answered and said.

One exchange is shown whole: the one that decided.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from ..fake.journal import Exchange
from .messages import ErrorTold
from .outcome import Outcome
from .repeating import repeat

LONGEST_BODY: Final = 1500
"""Characters of a body that are shown."""
LONGEST_VALUE: Final = 300
"""Characters of a header's value, and of what else is told in a line."""

_CREDENTIALS: Final = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie"})
"""Headers of whose values only the scheme is shown."""

_NEVER_DECIDE: Final = frozenset(
    {
        "referrer-policy",
        "strict-transport-security",
        "x-content-type-options",
        "x-download-options",
        "x-frame-options",
        "x-permitted-cross-domain-policies",
        "x-request-id",
        "x-runtime",
        "x-xss-protection",
    }
)
"""Headers of an answer that say nothing to a client."""


def evidence_of(outcomes: Sequence[Outcome]) -> list[dict[str, object]]:
    """Show operations; of the last one that sent anything, the exchange that decided."""
    decisive = next((one for one in reversed(outcomes) if one.exchanges), None)
    return [_shown(one, whole=one is decisive) for one in outcomes]


def deciding(outcome: Outcome) -> Exchange | None:
    """Give the exchange that decided: the last that a fault struck, or the last of its kind.

    A callback or a refresh is about tokens, all else about any answer.
    """
    struck = [one for one in outcome.exchanges if one.fault is not None]
    about_tokens = outcome.token_requests if outcome.op in ("callback", "refresh") else ()
    return next(iter(reversed(struck or about_tokens or outcome.exchanges)), None)


def _shown(outcome: Outcome, *, whole: bool) -> dict[str, object]:
    error = outcome.reply.error
    told = None if error is None else _told(error)
    decisive = deciding(outcome) if whole else None
    return {
        "op": outcome.op,
        "asked": _asked(outcome.command),
        "kind": str(outcome.kind),
        "error": told and _cut(told, LONGEST_VALUE),
        "exchanges": [_line(one) for one in outcome.exchanges],
        "decisive": None if decisive is None else show_exchange(decisive),
    }


def _told(error: ErrorTold) -> str:
    """Give an error as a developer sees it: `KeyError: 'code'`."""
    text = error.message or error.repr or ""
    name = (error.class_name or "").rpartition(".")[2]
    return text if name in text else ": ".join(filter(None, (name, text)))


def show_exchange(exchange: Exchange) -> dict[str, object]:
    """Show an exchange whole, and the lines of a shell that repeat it."""
    return {
        "seq": exchange.seq,
        "request": _request(exchange),
        "answer": None if exchange.status is None else _answer(exchange),
        "repeat": repeat(exchange),
    }


def _asked(command: Mapping[str, object]) -> str | None:
    """Give what the client was told to do it with, where that is no secret."""
    told = [str(command[name]) for name in ("method", "path", "url") if command.get(name)]
    return _cut(" ".join(told), LONGEST_BODY) if told else None


def _line(exchange: Exchange) -> dict[str, object]:
    """Show an exchange in short, without what may be secret."""
    return {
        "seq": exchange.seq,
        "method": exchange.method,
        "path": exchange.target.partition("?")[0],
        "endpoint": exchange.endpoint,
        "status": exchange.status,
        "fault": exchange.fault,
        "reason": exchange.reason,
    }


def _request(exchange: Exchange) -> str:
    lines = exchange.request_header_lines or list(exchange.request_headers.items())
    return _message(f"{exchange.method} {exchange.target}", lines, exchange.request_body)


def _answer(exchange: Exchange) -> str:
    lines = [one for one in exchange.headers.items() if one[0] not in _NEVER_DECIDE]
    return _message(str(exchange.status), lines, exchange.body.decode("utf-8", "backslashreplace"))


def _message(first: str, headers: Sequence[tuple[str, str]], body: str) -> str:
    lines = [f"{name.lower()}: {_value(name, value)}" for name, value in headers]
    head = "\n".join([_cut(first, LONGEST_BODY), *lines])
    return f"{head}\n\n{_cut(body, LONGEST_BODY)}" if body else head


def _value(name: str, value: str) -> str:
    if name.lower() in _CREDENTIALS:
        scheme, blank, _ = value.partition(" ")
        return f"{scheme} [hidden]" if blank else "[hidden]"
    return _cut(value, LONGEST_VALUE)


def _cut(text: str, longest: int) -> str:
    left = len(text) - longest
    return text if left <= 0 else f"{text[:longest]} [and {left} more characters]"
