"""E05: JSON:API errors in all their forms."""

import json
from collections.abc import Callable, Mapping
from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

JSON_API = "application/vnd.api+json"


def play(stage: Stage, *, describe: Callable[[str], object], content_type: str = JSON_API) -> None:
    """Call what is answered with errors."""
    stage.client.seed()
    word = f"reason-{stage.random.randrange(10**9)}"
    status, errors = 422, describe(word)
    stage.fake.arm(
        "api.me",
        "answer",
        status=status,
        content_type=content_type,
        body=json.dumps({"errors": errors}),
    )
    outcome = stage.client.call()
    stage.check_kind("kind", outcome, Kind.CONFIG_ERROR, Kind.PROTOCOL_ERROR)
    stage.verdicts.check_told("status-reported", reports_status(outcome, status), outcome)
    if word in json.dumps(errors):
        stage.verdicts.check_told("text-reported", word in outcome.told_text, outcome)


def reports_status(outcome: Outcome, status: int) -> bool:
    """Tell whether a reply names this status of an answer."""
    error = outcome.reply.error
    return status in (outcome.reply.http_status, error and error.http_status)


def one_error(word: str) -> list[dict[str, object]]:
    """Give an error with the usual members."""
    return [{"title": word, "detail": f"Because of {word}", "code": "422", "status": "422"}]


def several_errors(word: str) -> list[dict[str, object]]:
    """Give errors with more members and with less."""
    (error,) = one_error(word)
    return [error, {**error, "source": {"pointer": "/data"}}, {"id": "3"}]


ODD_ERRORS: Mapping[str, Callable[[str], object]] = {
    "empty-list": lambda word: [],
    "no-members": lambda word: [{}],
    "title-only": lambda word: [{"title": word}],
    "detail-only": lambda word: [{"detail": word}],
    "null-members": lambda word: [{"title": None, "detail": None, "status": None, "code": None}],
    "odd-types": lambda word: [{"title": 7, "detail": ["x"], "status": 422, "source": "data"}],
    "no-objects": lambda word: ["invalid", None],
    "no-list": lambda word: {"title": "invalid"},
    "null": lambda word: None,
}
"""No member of an error is required (JSON:API 1.1)."""

CASE = Case(
    id="E05",
    name="call/jsonapi-errors",
    level=Level.ROBUST,
    severity=3,
    requirement="a JSON:API error is reported with its status and words, whatever it leaves out",
    source="JSON:API 1.1, error objects",
    injects="422 with several errors, none, errors without members or with odd ones, and a media "
    "type with parameters",
    observes="reported kind and error",
    checks={
        "kind": "it is reported as a refused request, not as a bug of the client",
        "status-reported": "the status is reported",
        "text-reported": "the title or the detail is reported",
    },
    needs=("seed", "call"),
    variants=(
        Variant(name="one", play=partial(play, describe=one_error)),
        Variant(
            name="extension",
            play=partial(
                play,
                describe=one_error,
                content_type=f'{JSON_API}; ext="https://jsonapi.org/ext/atomic"',
            ),
        ),
        Variant(name="several", play=partial(play, describe=several_errors)),
        *(
            Variant(name=name, play=partial(play, describe=describe))
            for name, describe in ODD_ERRORS.items()
        ),
    ),
)
