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
FAULTS: dict[str, dict[str, object]] = {
    "return-to": {},
    "members": {"on": "token", "fault": "token_fields", "set": MEMBERS, "phase": "after"},
    "duplicate-keys": {"on": "token", "fault": "token_body", "variant": "duplicate_keys"},
    "api": {
        "on": "api.me",
        "fault": "answer",
        "content_type": "application/vnd.api+json",
        "body": BODY,
    },
}


def play(stage: Stage) -> None:
    """Connect and call under the variant's fault, and again without it."""
    if stage.given:
        stage.fake.arm_keys(stage.given)
    url = stage.client.obtain_callback()
    if stage.variant == "return-to":
        url += "&return_to=%2F%2Fevil.example.test"
    # A name that stands there twice may be refused.
    also = [Kind.PROTOCOL_ERROR] if stage.variant == "duplicate-keys" else []
    stage.check_kind("kind", stage.client.callback(url), Kind.OK, *also)
    if stage.variant == "api" and stage.client.can("call"):
        stage.check_kind("kind", stage.client.call(), Kind.OK, Kind.PROTOCOL_ERROR)
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
    variants=tuple(Variant(name=name, given=fault) for name, fault in FAULTS.items()),
    play=play,
)
