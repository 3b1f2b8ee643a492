"""E07: a 200 that is no document, and answers that need none."""

from collections.abc import Mapping
from functools import partial

from ..driving.kinds import Kind
from ..fake.control import Fault
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

JSON_API = "application/vnd.api+json"


def ping(stage: Stage) -> None:
    """Call what needs no document by its path."""
    stage.client.seed()
    stage.check_kind("needs-none", stage.client.call("/ping"), Kind.OK)


def send_nobody(stage: Stage, *, fault: Fault) -> None:
    """Answer without a resource; a client that asks who its user is may miss one."""
    stage.client.seed()
    stage.fake.arm_keys({"on": "api.me", **fault})
    stage.check_kind("needs-none", stage.client.call(), Kind.OK, Kind.PROTOCOL_ERROR)


def send_none(stage: Stage, *, fault: Fault) -> None:
    """Call during the maintenance, and afterwards."""
    stage.client.seed()
    stage.fake.arm_keys({"on": "api.me", **fault})
    outcome = stage.client.call()
    stage.check_kind("kind", outcome, Kind.PROTOCOL_ERROR)
    stage.fake.disarm()
    stage.check_kind("recovers", stage.client.call(), Kind.OK)


ERRORS: Mapping[str, str] = {
    "errors": '{"errors": [{"title": "Not processed", "status": "422", "code": "422"}]}',
    "errors-null": '{"errors": null}',
    "errors-and-meta": '{"errors": [{"title": "Not processed"}], "meta": {"record_count": 0}}',
}
ODD: Mapping[str, Fault] = {
    "html": {"fault": "html_page", "status": 200},
    "html-as-json": {"fault": "html_page", "status": 200, "content_type": JSON_API},
    "empty": {"fault": "answer", "content_type": JSON_API},
    "empty-untyped": {"fault": "answer"},
    "cut": {"fault": "truncated_json"},
    **{
        name: {"fault": "answer", "content_type": JSON_API, "body": body}
        for name, body in ERRORS.items()
    },
}

NOBODY: Mapping[str, Fault] = {
    "no-content": {"fault": "answer", "status": 204},
    "null": {"fault": "answer", "content_type": JSON_API, "body": '{"data": null}'},
}

CASE = Case(
    id="E07",
    name="call/200-no-document",
    level=Level.ROBUST,
    severity=2,
    requirement="a 200 that is no document is an error, not an empty result",
    source="JSON:API 1.1, document structure; INV-1",
    injects="200 with an HTML page, one labelled as JSON, no body, a body that is cut, and errors "
    "without data; 204, a document without a resource, and 200 without a body from /ping",
    observes="reported kind",
    checks={
        "kind": "an answer that is no document is reported as one",
        "needs-none": "an answer of /ping without a body is a success; a 204 is one, and so is "
        "`data` that is null, or it is reported that no resource came",
        "recovers": "when documents come again, the next call succeeds",
    },
    needs=("seed", "call"),
    variants=(
        *(Variant(name=name, play=partial(send_none, fault=fault)) for name, fault in ODD.items()),
        Variant(name="ping", play=ping),
        *(
            Variant(name=name, play=partial(send_nobody, fault=fault))
            for name, fault in NOBODY.items()
        ),
    ),
)
