"""E07: a 200 that is no document, and answers that need none."""

from collections.abc import Mapping
from functools import partial

from ..driving.kinds import Kind
from ..fake.control import Fault
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

JSON_API = "application/vnd.api+json"


def need_none(stage: Stage, *, path: str) -> None:
    """Call what needs no document: by its path, or by the status of the answer."""
    stage.client.seed()
    stage.fake.arm("api.me", "answer", status=204)
    stage.check_kind("needs-none", stage.client.call(path), Kind.OK)


def send_none(stage: Stage, *, fault: Fault) -> None:
    """Call during the maintenance, and afterwards."""
    stage.client.seed()
    stage.fake.arm_keys({"on": "api.me", **fault})
    outcome = stage.client.call()
    stage.check_kind("kind", outcome, Kind.PROTOCOL_ERROR)
    stage.fake.disarm()
    stage.check_kind("recovers", stage.client.call(), Kind.OK)


ODD: Mapping[str, Fault] = {
    "html": {"fault": "html_page", "status": 200},
    "html-as-json": {"fault": "html_page", "status": 200, "content_type": JSON_API},
    "empty": {"fault": "answer", "content_type": JSON_API},
    "empty-untyped": {"fault": "answer"},
    "cut": {"fault": "truncated_json"},
}

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
        *(Variant(name=name, play=partial(send_none, fault=fault)) for name, fault in ODD.items()),
        Variant(name="ping", play=partial(need_none, path="/ping")),
        Variant(name="no-content", play=partial(need_none, path="/me")),
    ),
)
