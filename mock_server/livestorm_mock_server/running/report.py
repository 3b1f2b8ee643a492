"""What `run` says at its end, on standard error."""

from collections import Counter
from collections.abc import Iterator, Sequence

from ..interception.way import Attempt, Process
from ..printable import printable
from .outcome import Outcome

_MOST = 40
"""Lines of each part."""
_LONGEST = 160
"""Characters of a cell."""

_NOT_REACHED = "no request reached the fake"
_TRY_NEXT = (
    "  Does the command use https://app.livestorm.co and https://api.livestorm.co, or",
    "  $LIVESTORM_APP_URL and $LIVESTORM_API_URL? `livestorm-mock doctor -- COMMAND` looks for",
    "  what stands in its way. Tests with a fake of their own (the fixtures `livestorm` and",
    "  `livestorm_hosts`) don't need `run`.",
)
_OF_AUDIT = {
    True: "the audit of what was sent:",
    False: "the audit of what was sent, for which --fail-on would fail:",
}


def lines(outcome: Outcome) -> Iterator[str]:
    """Give the report, without what could steer a terminal."""
    yield from map(_told, _parts(outcome))


def _parts(outcome: Outcome) -> Iterator[str]:
    if outcome.visits:
        rows = [
            (_name(process), how, f"{count} request{'s' * (count != 1)}")
            for (process, how), count in sorted(
                outcome.visits.items(), key=lambda one: one[0][0].id if one[0][0] else 0
            )
        ]
        yield from _bounded(_table(rows))
    elif outcome.was_started:
        yield _NOT_REACHED
    for heading, counts in (
        ("was refused:", outcome.refusals),
        ("came without a request:", outcome.failures),
    ):
        if counts:
            yield heading
            yield from _bounded(_table([(why, _times(n)) for why, n in counts.items()]))
    if outcome.attempts:
        yield "went elsewhere, or tried to:"
        yield from _bounded(_table(_tried(outcome.attempts)))
    if outcome.findings:
        yield _OF_AUDIT[outcome.fail_on is not None]
    for one in outcome.findings[:_MOST]:
        yield f"  {one.severity}: {one.message} ({one.rule}, {one.reference})"
    yield from _bounded(list(outcome.notes))
    if not (outcome.visits or outcome.attempts or outcome.status):
        yield from _TRY_NEXT


def _tried(attempts: Sequence[Attempt]) -> list[tuple[str, ...]]:
    counts = Counter((one.target, one.process, one.is_real) for one in attempts)
    return [
        (
            target,
            _name(process),
            _times(count),
            "Livestorm itself" if is_real else "",
        )
        for (target, process, is_real), count in counts.items()
    ]


def _times(count: int) -> str:
    return f"{count} time{'s' * (count != 1)}"


def _name(process: Process | None) -> str:
    return "unknown process" if process is None else f"{process.id} {process.name}"


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    cells = [[_shown(one) for one in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]


def _bounded(told: list[str]) -> Iterator[str]:
    yield from told[:_MOST]
    if len(told) > _MOST:
        yield f"  and {len(told) - _MOST} more"


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _told(line: str) -> str:
    """Escape what is not printable: a terminal would obey some of it."""
    return f"livestorm-mock: {printable(line)}"


def as_json(outcome: Outcome) -> dict[str, object]:
    """Give all of it for programs, by the names of the parts."""
    return {
        "status": outcome.status,
        "exit_status": outcome.exit_status,
        "visits": [
            {"process": _process(process), "how": how, "requests": count}
            for (process, how), count in outcome.visits.items()
        ],
        "failures": [{"reason": why, "count": count} for why, count in outcome.failures.items()],
        "refusals": [{"reason": why, "count": count} for why, count in outcome.refusals.items()],
        "attempts": [
            {
                "target": one.target,
                "process": _process(one.process),
                "at": one.at,
                "is_real": one.is_real,
            }
            for one in outcome.attempts
        ],
        "findings": [one.as_json() for one in outcome.findings],
        "notes": list(outcome.notes),
    }


def _process(process: Process | None) -> dict[str, object] | None:
    return None if process is None else {"id": process.id, "name": process.name}
