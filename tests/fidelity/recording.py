"""Asks the real engine again: the answers for stored cases, or for cases that are new."""

from collections.abc import Iterator

import msgspec

from .comparison import compare
from .layers import layer_of
from .placeholders import Placeholders
from .recordings import Case, Exchange, Recording, change_strings
from .replayer import Finding, send
from .servers import Server
from .transcription import transcribe

ENGINE_RELEASE = "5.5"
"""The release that Debian packages, and so the one that can be recorded."""

COMPARED_HEADERS = (
    "Location",
    "Content-Type",
    "Cache-Control",
    "Pragma",
    "Vary",
    "ETag",
    "WWW-Authenticate",
    "Set-Cookie",
    "X-Frame-Options",
    "Allow",
)
"""What is looked at in new cases: the headers of the given ones, and four more."""


def record(
    cases: tuple[Case, ...], profile: str, server: Server, compared_headers: tuple[str, ...]
) -> Recording:
    """Send the cases' requests in order and return them with the answers that came."""
    recorded = tuple(_record_case(case, server, compared_headers) for case in cases)
    return Recording(profile=profile, compared_headers=compared_headers, cases=recorded)


def drift(old: Recording, new: Recording) -> Iterator[Finding]:
    """Say in what new answers differ from the stored ones of the same cases."""
    recorded = {case.name: case for case in new.cases}
    for stored in old.cases:
        for number, (before, after) in enumerate(
            zip(stored.exchanges, recorded[stored.name].exchanges, strict=True), start=1
        ):
            where = f"{number} {before.label}".strip()
            yield from _compare(stored.name, where, before, after, old.compared_headers)


def _compare(
    case: str, where: str, before: Exchange, after: Exchange, headers: tuple[str, ...]
) -> Iterator[Finding]:
    expansion = Placeholders("<BASE>").expand
    old, new = (change_strings(one.answers[ENGINE_RELEASE], expansion) for one in (before, after))
    for difference in compare(old, new, headers):
        layer = layer_of(difference, old, new)
        yield Finding(case=case, exchange=where, difference=difference, layer=layer)


def _record_case(case: Case, server: Server, compared_headers: tuple[str, ...]) -> Case:
    placeholders = Placeholders(server.base)
    exchanges = []
    for step in case.exchanges:
        raw = send(step, server, placeholders)
        answer = transcribe(raw, placeholders, compared_headers, server.now())
        answers = {ENGINE_RELEASE: change_strings(answer, placeholders.contract)}
        exchanges.append(msgspec.structs.replace(step, answers=answers))
    return msgspec.structs.replace(case, exchanges=tuple(exchanges))
