"""Replays recorded cases against a server and reports what differs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .comparison import Difference, compare
from .placeholders import Placeholders
from .recordings import Answer, Case, Exchange, Recording, Request, change_strings
from .servers import Server
from .transcription import transcribe
from .wire import RawAnswer, exchange, frame_request

RESOURCES = re.compile(r"/+v1/+(me|any_of|default)\b")
"""Protected resources whose bodies are the recorder's own, not the engine's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A difference and where it was found."""

    case: str
    exchange: str
    difference: Difference
    layer: str | None = None
    """What below the engine decides this aspect, None where the engine itself does."""

    def __str__(self) -> str:
        return f"{self.case} [{self.exchange}] {self.difference}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The outcome of one case: it agrees when there are no findings."""

    case: Case
    findings: tuple[Finding, ...]

    @property
    def agrees(self) -> bool:
        """Whether every answer was as recorded."""
        return not self.findings


def replay(recording: Recording, release: str, server: Server) -> Iterator[Verdict]:
    """Replay the cases known for `release` in their order: state accumulates across them."""
    for case in recording.cases_of(release):
        yield replay_case(case, release, server, recording.headers_of(release))


def replay_case(
    case: Case, release: str, server: Server, compared_headers: tuple[str, ...]
) -> Verdict:
    """Replay one case; an exchange without an answer is a finding."""
    placeholders = Placeholders(server.base)
    findings = tuple(
        Finding(case=case.name, exchange=f"{number} {step.label}".strip(), difference=difference)
        for number, step in enumerate(case.exchanges, start=1)
        for difference in _replay_step(step, release, server, placeholders, compared_headers)
    )
    return Verdict(case=case, findings=findings)


def _replay_step(
    step: Exchange,
    release: str,
    server: Server,
    placeholders: Placeholders,
    compared_headers: tuple[str, ...],
) -> tuple[Difference, ...]:
    expected = change_strings(step.answer_of(release), placeholders.expand)
    try:
        raw = send(step, server, placeholders)
    except OSError as error:
        return (Difference(what="answer", expected=str(expected.status), actual=repr(error)),)
    actual = transcribe(raw, placeholders, compared_headers, server.now())
    with_body = not is_recorders_own_body(step.request, expected)
    return compare(expected, actual, compared_headers, with_body=with_body)


def send(step: Exchange, server: Server, placeholders: Placeholders) -> RawAnswer:
    """Wait as long as the step says and send its request with the placeholders filled."""
    if step.wait:
        server.wait(step.wait)
    request = step.request
    headers = tuple((name, placeholders.fill_header(value)) for name, value in request.headers)
    framed = frame_request(
        server.base,
        request.method,
        placeholders.fill_target(request),
        headers,
        placeholders.fill_body(request),
    )
    return exchange(server.base, framed)


def is_recorders_own_body(request: Request, expected: Answer) -> bool:
    """Say whether the answer's body comes from the recorder's resources, not from the engine."""
    return expected.status == 200 and RESOURCES.match(request.target) is not None
