"""E07: a 200 that is no document, and answers that need none."""

from ..driving.kinds import Kind
from ..steps.using import arm_variant
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

JSON_API = "application/vnd.api+json"


WITHOUT_BODY = {"ping": "/ping", "no-content": "/me"}
"""Paths that need no document: by what they are, or by the status of the answer."""


def play(stage: Stage) -> None:
    """Call what has nothing to say; or call during the maintenance, and afterwards."""
    stage.client.seed()
    if path := WITHOUT_BODY.get(stage.variant):
        stage.fake.arm("api.me", "answer", status=204)
        stage.check_kind("needs-none", stage.client.call(path), Kind.OK)
        return
    arm_variant(stage, "api.me")
    outcome = stage.client.call()
    stage.check_kind("kind", outcome, Kind.PROTOCOL_ERROR)
    stage.fake.disarm()
    stage.check_kind("recovers", stage.client.call(), Kind.OK)


CASE = Case(
    id="E07",
    name="call/200-no-document",
    level=Level.ROBUST,
    severity=2,
    requirement="a 200 that is no document is an error, not an empty result",
    source="JSON:API 1.1, document structure; INV-1",
    injects="200 with an HTML page, one labelled as JSON, no body, and a body that is cut; "
    "204, and 200 without a body from /ping",
    observes="reported kind",
    checks={
        "kind": "an answer that is no document is reported as one",
        "needs-none": "a 204, and an answer of /ping without a body, are successes",
        "recovers": "when documents come again, the next call succeeds",
    },
    needs=("seed", "call"),
    variants=(
        Variant(name="html", given={"fault": "html_page", "status": 200}),
        Variant(
            name="html-as-json",
            given={"fault": "html_page", "status": 200, "content_type": JSON_API},
        ),
        Variant(name="empty", given={"fault": "answer", "content_type": JSON_API}),
        Variant(name="empty-untyped", given={"fault": "answer"}),
        Variant(name="cut", given={"fault": "truncated_json"}),
        *(Variant(name=name) for name in WITHOUT_BODY),
    ),
    play=play,
)
