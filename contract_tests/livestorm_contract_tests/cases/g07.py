"""G07: compressed answers are decoded; a body that is none is an error."""

import base64
import gzip

from ..driving.kinds import Kind
from ..fake.journal import Exchange
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

DOCUMENT = b'{"data": {"type": "users", "id": "1", "attributes": {"first_name": "Ada"}}}'
BROKEN = (Kind.PROTOCOL_ERROR, Kind.TRANSPORT_ERROR, Kind.RETRY_LATER)


def play(stage: Stage) -> None:
    """See whether the client accepts gzip, then send it, whole, cut, or not at all."""
    stage.client.seed()
    plain = stage.client.call()
    stage.check_kind("recovers", plain, Kind.OK)
    accepts = accepts_gzip(plain.api_requests[-1])
    if stage.variant == "gzip":
        if accepts:
            send_compressed(stage)
        stage.check_kind("decodes", stage.client.call(), Kind.OK)
        return
    stage.fake.arm("api", stage.variant)
    outcome = stage.client.call()
    # Who does not accept gzip may leave a body as it is, which with the lie is right.
    unread = [] if accepts or stage.variant == "cut_gzip" else [Kind.OK]
    stage.check_kind("kind", outcome, *BROKEN, *unread)
    stage.fake.disarm()
    stage.check_kind("recovers", stage.client.call(), Kind.OK)


def accepts_gzip(request: Exchange) -> bool:
    """Tell whether a client says that it takes gzip."""
    return "gzip" in request.request_headers.get("accept-encoding", "")


def send_compressed(stage: Stage) -> None:
    """Answer with a whole compressed document."""
    stage.fake.arm(
        "api",
        "answer",
        content_type="application/vnd.api+json",
        headers={"Content-Encoding": "gzip"},
        body_base64=base64.b64encode(gzip.compress(DOCUMENT, mtime=0)).decode(),
    )


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
    variants=(Variant(name="gzip"), Variant(name="gzip_lie"), Variant(name="cut_gzip")),
    play=play,
)
