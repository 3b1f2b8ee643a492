"""Recorded exchanges of the real engine, as they stand in `recordings/*.json`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

RELEASES = ("5.5", "5.8", "5.9", "6.0")
PROFILES = (
    "main",
    "consent",
    "fast",
    "instant",
    "noscope",
    "flows",
    "reuse",
    "never",
    "ctype",
    "appscopes",
    "nopkce",
    "redirect",
    "anonymous",
    "nointrospect",
    "refuseintrospect",
    "skip",
    "noaccept",
)

FOLDER = Path(__file__).parent / "recordings"
OWN_FOLDER = FOLDER / "own"

Header = tuple[str, str]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A request with placeholders; characters stand for bytes (Latin-1)."""

    method: str
    target: str
    headers: tuple[Header, ...] = ()
    body: str | None = None


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A form of a page; a field is its type, name and value."""

    method: str
    action: str
    fields: tuple[tuple[str, str, str], ...] = ()


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What a person or a script finds on an HTML page."""

    title: str = ""
    headings: tuple[str, ...] = ()
    pre: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    meta: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An answer with placeholders: the headers that matter, and a body or a page."""

    status: int
    headers: tuple[Header, ...] = ()
    body: str | None = None
    html: Page | None = None


class Exchange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request and its answer per release; a release left out answers like the one before."""

    label: str = ""
    setup: bool = False
    wait: int = 0
    """Seconds that pass before the request is sent."""
    request: Request
    answers: dict[str, Answer] = {}

    def answer_of(self, release: str) -> Answer:
        """Return the answer recorded for `release`, or for the latest one before it."""
        known = [name for name in RELEASES[: RELEASES.index(release) + 1] if name in self.answers]
        return self.answers[known[-1]]


class Case(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Exchanges that belong together; placeholders are numbered within them."""

    name: str
    releases: tuple[str, ...] = RELEASES
    """The releases that the answers are known for."""
    exchanges: tuple[Exchange, ...]


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """The cases of one profile, in the order in which they have to be replayed."""

    profile: str
    compared_headers: tuple[str, ...]
    """The headers that were looked at: one that an answer doesn't list was absent."""
    unrecorded: dict[str, tuple[str, ...]] = {}
    """The headers among them that were not looked at in a release."""
    provider: dict[str, str | bool] = {}
    """Options of the recorded provider beyond its profile's, as the fake has them."""
    packages: dict[str, str] = {}
    """What ran when release 5.5 was recorded: Debian's packages and their versions."""
    cases: tuple[Case, ...]

    def headers_of(self, release: str) -> tuple[str, ...]:
        """Return the headers that were looked at in a release."""
        missing = self.unrecorded.get(release, ())
        return tuple(name for name in self.compared_headers if name not in missing)

    def cases_of(self, release: str) -> tuple[Case, ...]:
        """Return the cases whose answers are known for a release."""
        return tuple(case for case in self.cases if release in case.releases)


def load_recordings(profile: str) -> tuple[Recording, ...]:
    """Read the recordings of a profile: the given ones, then our own, where there are any."""
    files = (FOLDER / f"{profile}.json", OWN_FOLDER / f"{profile}.json")
    return tuple(load_recording(file) for file in files if file.exists())


def load_recording(file: Path) -> Recording:
    """Read one file; raises `msgspec.ValidationError` for what is no recording."""
    return msgspec.json.decode(file.read_bytes(), type=Recording)


def change_strings(answer: Answer, change: Callable[[str], str]) -> Answer:
    """Return an answer with each of its strings passed through `change`."""
    return msgspec.convert(_change_strings(msgspec.to_builtins(answer), change), Answer)


def _change_strings(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _change_strings(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_change_strings(item, change) for item in value]
    return value


def dump_recording(recording: Recording) -> str:
    """Write a recording so that a difference shows in few lines: one line per request and body."""
    cases = ",\n".join(_dump_case(case) for case in recording.cases)
    head = msgspec.to_builtins(recording)
    del head["cases"]
    lines = "".join(f'"{name}": {_line(value)},\n' for name, value in head.items() if value)
    return f'{{{lines}"cases": [\n{cases}\n]}}\n'


def _dump_case(case: Case) -> str:
    exchanges = ",\n".join(_dump_exchange(exchange) for exchange in case.exchanges)
    releases = "" if case.releases == RELEASES else f'"releases": {_line(case.releases)},\n '
    return f'{{"name": {_line(case.name)},\n {releases}"exchanges": [\n{exchanges}]}}'


def _dump_exchange(exchange: Exchange) -> str:
    wait = f', "wait": {exchange.wait}' if exchange.wait else ""
    answers = ",\n".join(
        f"   {_line(release)}: {_dump_answer(answer)}"
        for release, answer in exchange.answers.items()
    )
    return (
        f'  {{"label": {_line(exchange.label)}, "setup": {_line(exchange.setup)}{wait},\n'
        f'   "request": {_line(exchange.request)},\n'
        f'   "answers": {{\n{answers}}}}}'
    )


def _dump_answer(answer: Answer) -> str:
    body = f'"body": {_line(answer.body)}' if answer.html is None else _dump_page(answer.html)
    return f'{{"status": {answer.status}, "headers": {_line(answer.headers)},\n    {body}}}'


def _dump_page(page: Page) -> str:
    fields: dict[str, Any] = msgspec.to_builtins(page)
    forms = ",\n      ".join(_line(form) for form in fields.pop("forms"))
    return f'"html": {_line(fields)[:-1]},\n     "forms": [{forms}]}}'


def _line(value: object) -> str:
    return json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
