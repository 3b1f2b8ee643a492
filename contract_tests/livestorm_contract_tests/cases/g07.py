"""G07: compressed answers are decoded; a body that is none is an error."""

import base64
import gzip

from ..driving.kinds import Kind
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

DOCUMENT = b'{"data": {"type": "users", "id": "1", "attributes": {"first_name": "Ada"}}}'
BROKEN = (Kind.PROTOCOL_ERROR, Kind.TRANSPORT_ERROR, Kind.RETRY_LATER)


def compress(stage: Stage) -> None:
    """Answer with a whole compressed document, where that is accepted."""
    if accepts_gzip(stage):
        stage.fake.arm(
            "api",
            "answer",
            content_type="application/vnd.api+json",
            headers={"Content-Encoding": "gzip"},
            body_base64=base64.b64encode(gzip.compress(DOCUMENT, mtime=0)).decode(),
        )
    stage.check_kind("decodes", stage.client.call(), Kind.OK)


def cut(stage: Stage) -> None:
    """Answer with gzip that breaks off."""
    accepts_gzip(stage)
    judge_broken(stage, "cut_gzip", *BROKEN)


def lie(stage: Stage) -> None:
    """Answer with a plain document that claims to be compressed.

    Who does not accept gzip may leave it as it is, which is right.
    """
    unread = [] if accepts_gzip(stage) else [Kind.OK]
    judge_broken(stage, "gzip_lie", *BROKEN, *unread)


def accepts_gzip(stage: Stage) -> bool:
    """Call once as always; tell whether the client says that it takes gzip."""
    stage.client.seed()
    plain = stage.client.call()
    stage.check_kind("recovers", plain, Kind.OK)
    return any(
        "gzip" in one.request_headers.get("accept-encoding", "") for one in plain.api_requests
    )


def judge_broken(stage: Stage, fault: str, *kinds: Kind) -> None:
    """Call while bodies can't be decoded, and afterwards."""
    stage.fake.arm("api", fault)
    stage.check_kind("kind", stage.client.call(), *kinds)
    stage.fake.disarm()
    stage.check_kind("recovers", stage.client.call(), Kind.OK)


CASE = Case(
    id="G07",
    name="transport/gzip",
    level=Level.ROBUST,
    severity=3,
    requirement="a compressed answer is decoded where it is accepted; a false one is an error",
    source="RFC 9110, section 8.4.1.3",
    injects="a compressed answer, a plain one that claims to be compressed, one without its end",
    observes="reported kind, journal",
    checks={
        "decodes": "a compressed answer is read by a client that accepts gzip",
        "kind": "a body that can't be decoded is reported as protocol_error or a broken connection",
        "recovers": "calls before and after the fault succeed",
    },
    needs=("seed", "call"),
    variants=(
        Variant(name="gzip", play=compress),
        Variant(name="gzip_lie", play=lie),
        Variant(name="cut_gzip", play=cut),
    ),
)
