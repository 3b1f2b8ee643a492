"""E05: JSON:API errors in all their forms."""

import json
from collections.abc import Mapping

from ..driving.kinds import Kind
from ..steps.using import is_bare
from ..suite.case import Case, Variant
from ..suite.outcome import Outcome
from ..suite.stage import Stage
from ..suite.verdicts import Level

JSON_API = "application/vnd.api+json"


def play(stage: Stage) -> None:
    """Call what is answered with errors."""
    stage.client.seed()
    word = f"reason-{stage.random.randrange(10**9)}"
    status, errors = 422, error_objects(word)[stage.variant]
    stage.fake.arm(
        "api.me",
        "answer",
        status=status,
        content_type=str(stage.given.get("content_type", JSON_API)),
        body=json.dumps({"errors": errors}),
    )
    outcome = stage.client.call()
    stage.check_kind("kind", outcome, Kind.CONFIG_ERROR, Kind.PROTOCOL_ERROR)
    if is_bare(stage):
        return
    stage.check("status-reported", reports_status(outcome, status), outcome)
    if word in json.dumps(errors):
        stage.check("text-reported", word in outcome.told_text, outcome)


def reports_status(outcome: Outcome, status: int) -> bool:
    """Tell whether a reply names this status of an answer."""
    error = outcome.reply.error
    return status in (outcome.reply.http_status, error and error.http_status)


def error_objects(word: str) -> Mapping[str, object]:
    """Give the errors of each variant; none of their members is required (JSON:API 1.1)."""
    error = {"title": word, "detail": f"Because of {word}", "code": "422", "status": "422"}
    return {
        "one": [error],
        "extension": [error],
        "several": [error, {**error, "source": {"pointer": "/data"}}, {"id": "3"}],
        "empty-list": [],
        "no-members": [{}],
        "title-only": [{"title": word}],
        "detail-only": [{"detail": word}],
        "null-members": [{"title": None, "detail": None, "status": None, "code": None}],
        "odd-types": [{"title": 7, "detail": ["x"], "status": 422, "source": "data"}],
        "no-objects": ["invalid", None],
        "no-list": {"title": "invalid"},
        "null": None,
    }


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
    variants=tuple(
        Variant(
            name=name,
            given={"content_type": f'{JSON_API}; ext="https://jsonapi.org/ext/atomic"'}
            if name == "extension"
            else {},
        )
        for name in error_objects("")
    ),
    play=play,
)
