"""The journal as a sequence diagram in Mermaid, without any secret of the sandbox."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from ..exchange import WEBHOOK
from ..masking import Mask
from ..rails.response import phrase_of
from .entry import Entry

_BROWSER_ENDPOINTS = frozenset({"authorize", "native", "authorized_applications"})
_LONGEST_TEXT = 120
# What Mermaid takes for syntax, as its own entity codes.
_ENTITIES = {ord(char): f"#{ord(char)};" for char in "#;:<>%&\"'`{}\\"}
_LEAP = 1.0


def as_mermaid(entries: Iterable[Entry], mask: Mask) -> str:
    """Give the diagram: requests and answers in the order in which they came.

    Bodies and query strings are left out; tokens are called by their numbers. What the mask hides
    is hidden wherever it stands, and so is each token of these exchanges.
    """
    listed = list(entries)
    clients = list(dict.fromkeys(map(_client, listed)))
    mask = mask.with_secrets(_token_texts(listed))
    lines = [
        "sequenceDiagram",
        *(f"participant {_id(clients, name)} as {_text(mask.text(name))}" for name in clients),
        "participant app as app.livestorm.co",
        "participant api as api.livestorm.co",
        *(line for moment in _moments(listed) for line in _lines(moment, clients, mask)),
    ]
    return "\n    ".join(lines) + "\n"


class _Moment:
    """A request, or its answer, and how far the virtual clock was moved since the one before."""

    def __init__(self, entry: Entry, *, is_answer: bool) -> None:
        self.entry = entry
        self.is_answer = is_answer
        self.wall = entry.wall if entry.answered_at is None or not is_answer else entry.answered_at
        self.leap = 0.0


def _moments(entries: Sequence[Entry]) -> list[_Moment]:
    requests = [_Moment(entry, is_answer=False) for entry in entries]
    for earlier, later in pairwise(requests):
        passed = later.entry.at - earlier.entry.at
        if passed:  # A clock that stands is not moved.
            later.leap = passed - (later.wall - earlier.wall)
    answers = [_Moment(one, is_answer=True) for one in entries if one.answered_at is not None]
    return sorted([*requests, *answers], key=lambda moment: moment.wall)


def _lines(moment: _Moment, clients: Sequence[str], mask: Mask) -> Iterator[str]:
    entry = moment.entry
    client, server = _id(clients, _client(entry)), _server(entry)
    if abs(moment.leap) >= _LEAP:
        yield f"Note over app,api: the clock is moved by {moment.leap:.0f} s"
    asks, answers = (client, server) if entry.exchange.webhook is None else (server, client)
    if not moment.is_answer:
        yield f"{asks}->>{answers}: {_text(_request(entry, mask))}"
        return
    if entry.response is None:
        yield f"{answers}--x{asks}: {_text(f'{entry.seq}. nothing is answered')}"
    else:
        yield f"{answers}-->>{asks}: {_text(_answer(entry))}"
    if entry.exchange.reason is not None:
        yield f"Note over {server}: {_text(mask.text(entry.exchange.reason))}"


def _request(entry: Entry, mask: Mask) -> str:
    request = entry.exchange.request
    label = entry.exchange.endpoint or ""
    grant = f" {label.removeprefix('token.')}" if label.startswith("token.") else ""
    sent = entry.exchange.webhook
    event = "" if sent is None else f" {sent.event}, attempt {sent.attempt}"
    asked = f"{mask.text(request.original_method)} {mask.text(request.raw_path)}"
    line = f"{entry.seq}. {asked}{grant}{event}"
    return line + _tokens(entry, "sent")


def _answer(entry: Entry) -> str:
    assert entry.response is not None
    status = entry.response.status
    return f"{entry.seq}. {status} {phrase_of(status)}".rstrip() + _tokens(entry, "issued")


def _tokens(entry: Entry, role: str) -> str:
    """Name the tokens of a role: " (token 2)"."""
    numbers = [str(one.record.id) for one in entry.exchange.tokens if one.role == role]
    return f" (token {', '.join(dict.fromkeys(numbers))})" if numbers else ""


def _token_texts(entries: Iterable[Entry]) -> Iterator[str]:
    for token in {one for entry in entries for one in entry.exchange.records}:
        texts = (token.token, token.refresh_token, token.refreshed_from)
        yield from (text for text in texts if text)


def _client(entry: Entry) -> str:
    if entry.exchange.webhook is not None:
        return "receiver of webhooks"
    if entry.exchange.endpoint in _BROWSER_ENDPOINTS:
        return "browser"
    return entry.exchange.client_id or "client"


def _id(clients: Sequence[str], name: str) -> str:
    return f"c{clients.index(name)}"


def _server(entry: Entry) -> str:
    label = entry.exchange.endpoint
    return "api" if f"{label}.".startswith("api.") or label == WEBHOOK else "app"


def _text(text: str) -> str:
    """Make a text that Mermaid takes for nothing else, of a length that can be read."""
    plain = "".join(char if char.isprintable() else " " for char in text).strip() or "-"
    short = plain if len(plain) <= _LONGEST_TEXT else f"{plain[: _LONGEST_TEXT - 3]}..."
    return short.translate(_ENTITIES)
