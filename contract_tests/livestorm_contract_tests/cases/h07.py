"""H07: hostile members and parameters change nothing."""

from ..driving.kinds import Kind
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

NUL = chr(0)
BODY = (
    '{"data":{"id":"1","type":"users","attributes":{"first_name":"\\ud800",'
    '"last_name":"\\u0000<script>","__proto__":{"admin":true}}}}'
)
MEMBERS = {"__proto__": {"admin": True}, "constructor": {"prototype": {}}, "note": f"a{NUL}b"}


def return_elsewhere(stage: Stage) -> None:
    """Add to a callback where the user may be sent."""
    url = stage.client.obtain_callback() + "&return_to=%2F%2Fevil.example.test"
    stage.check_kind("kind", stage.client.callback(url), Kind.OK)
    check_works(stage)


def add_members(stage: Stage) -> None:
    """Add hostile members to tokens."""
    stage.fake.arm("token", "token_fields", set=MEMBERS, phase="after")
    stage.check_kind("kind", stage.client.connect(), Kind.OK)
    check_works(stage)


def repeat_members(stage: Stage) -> None:
    """Name members of a token twice, which may be refused."""
    stage.fake.arm("token", "token_body", variant="duplicate_keys")
    stage.check_kind("kind", stage.client.connect(), Kind.OK, Kind.PROTOCOL_ERROR)
    check_works(stage)


def answer_call(stage: Stage) -> None:
    """Answer a call with hostile members."""
    content_type = "application/vnd.api+json"
    stage.fake.arm("api.me", "answer", content_type=content_type, body=BODY)
    stage.check_kind("kind", stage.client.connect(), Kind.OK)
    if stage.client.can("call"):
        stage.check_kind("kind", stage.client.call(), Kind.OK, Kind.PROTOCOL_ERROR)
    check_works(stage)


def check_works(stage: Stage) -> None:
    """Connect and call as always."""
    stage.fake.disarm()
    stage.check_kind("works-after", stage.client.connect(), Kind.OK)
    if stage.client.can("call"):
        stage.check_kind("works-after", stage.client.call(), Kind.OK)


CASE = Case(
    id="H07",
    name="secrets/hostile-members",
    level=Level.MUST,
    severity=2,
    requirement="hostile parameters and members are ignored or refused, and reach nothing else",
    source="RFC 9700, section 4.11.1; RFC 6749, section 5.1",
    injects="`return_to` in a callback; `__proto__`, duplicate keys, NUL, a lone surrogate",
    observes="reported kind, the next operations",
    checks={
        "kind": "hostile text is ignored or refused, never an unexpected exception",
        "works-after": "the next connection and call are as always",
    },
    needs=("begin", "callback"),
    variants=(
        Variant(name="return-to", play=return_elsewhere),
        Variant(name="members", play=add_members),
        Variant(name="duplicate-keys", play=repeat_members),
        Variant(name="api", play=answer_call),
    ),
)
