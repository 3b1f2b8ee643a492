"""C14: odd bytes and characters do not hide what the server says, and break nothing later."""

import json
from collections.abc import Mapping, Sequence
from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.bodies import body_keys
from ..steps.exchanges import REFUSAL, check_told, drawn_members
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

_REFUSAL = '{"error": "invalid_grant", "error_description": "révoqué"}'


def mark_token(stage: Stage) -> None:
    """Begin a token with a byte order mark."""
    token = json.dumps(drawn_members(stage)).encode("utf-8-sig")
    connect_twice(stage, 200, token, Kind.OK, Kind.PROTOCOL_ERROR)


def refuse_in_latin_1(stage: Stage) -> None:
    """Describe an error in bytes that are no UTF-8."""
    refusal = _REFUSAL.encode("latin-1")
    for outcome in connect_twice(stage, 400, refusal, Kind.REAUTH_REQUIRED, *REFUSAL):
        check_told(stage, "code-told", outcome, "invalid_grant")


def grant_oddly(stage: Stage, *, character: str) -> None:
    """Have each text of a token hold an odd character, one after the other; go on after each."""
    for name, kinds in TEXTS_OF_TOKEN.items():
        members = drawn_members(stage)
        odd = {name: f"{members.get(name, 'text')}{character}"}
        outcome = connect_to(stage, 200, {**members, **odd})
        stage.check_kind("kind", outcome, *kinds)
        go_on(stage)


def refuse_oddly(stage: Stage, *, character: str) -> None:
    """Have each text of an error hold an odd character, one after the other; go on after each.

    Who refuses half a character refuses all of the text (RFC 8259, section 8.2).
    """
    for name in ("error_description", "error_uri"):
        outcome = connect_to(stage, 400, {"error": "invalid_grant", name: f"text{character}"})
        stage.check_kind("kind", outcome, Kind.REAUTH_REQUIRED, *REFUSAL)
        if character != CHARACTERS["surrogate"]:
            check_told(stage, "code-told", outcome, "invalid_grant")
        go_on(stage)
    outcome = connect_to(stage, 400, {"error": f"invalid_grant{character}"})
    stage.check_kind("kind", outcome, Kind.REAUTH_REQUIRED, *REFUSAL)
    go_on(stage)


def connect_to(stage: Stage, status: int, members: Mapping[str, object]) -> Outcome:
    """Connect while these members are the answer."""
    content_type, body = "application/json", json.dumps(members)
    stage.fake.arm(
        "token.authorization_code", "answer", status=status, content_type=content_type, body=body
    )
    outcome = stage.client.connect()
    stage.fake.disarm()
    return outcome


def go_on(stage: Stage) -> None:
    """Use whatever was stored, which need not work, and then connect as always."""
    if stage.client.can("call"):
        used = stage.client.call()
        told = f"a call is reported as {used.kind}"
        stage.check("lives-on", used.kind is not Kind.BUG, used, told=told)
    stage.check_kind("lives-on", stage.client.connect(), Kind.OK)


def connect_twice(stage: Stage, status: int, body: bytes, *kinds: Kind) -> list[Outcome]:
    """Connect twice while the answer has odd bytes."""
    stage.fake.arm(
        "token.authorization_code",
        "answer",
        status=status,
        content_type="application/json",
        **body_keys(body),
    )
    outcomes = [stage.client.connect(), stage.client.connect()]
    for outcome in outcomes:
        stage.check_kind("kind", outcome, *kinds)
    stage.check("consistent", outcomes[0].kind is outcomes[1].kind, *outcomes)
    return outcomes


EITHER = (Kind.OK, Kind.PROTOCOL_ERROR)
TEXTS_OF_TOKEN: Mapping[str, Sequence[Kind]] = {
    # Who asks the API at once whose token it is can't send it, or is refused.
    "access_token": (*EITHER, Kind.REAUTH_REQUIRED, Kind.RETRY_LATER, Kind.TRANSPORT_ERROR),
    "refresh_token": EITHER,
    "scope": EITHER,
    "note": EITHER,
    "token_type": (Kind.PROTOCOL_ERROR,),
}
CHARACTERS = {"surrogate": "\ud800", "nul": "\0", "astral": "\U0001f511"}

CASE = Case(
    id="C14",
    name="exchange/odd-bytes",
    level=Level.ROBUST,
    severity=3,
    requirement="odd bytes are read or refused cleanly, and never hide an error code",
    source="RFC 8259, section 8; woocommerce/wc-api-python#40; DollhouseMCP/mcp-server#2520",
    injects="a byte order mark before a token; Latin-1 in the error_description; a lone "
    "surrogate, NUL and an astral character in each text",
    observes="reported kind and error",
    checks={
        "kind": "odd bytes are read, or reported as an answer that can't be read",
        "code-told": "the error code is reported though its description has an odd byte",
        "consistent": "the same answer gets the same verdict again",
        "lives-on": "after an odd character calls do not crash, and the next connection is made",
    },
    needs=("begin", "callback"),
    variants=(
        Variant(name="byte-order-mark", play=mark_token),
        Variant(name="latin-1", play=refuse_in_latin_1),
        *(
            Variant(name=f"{name}-{what}", play=partial(play, character=character))
            for name, character in CHARACTERS.items()
            for what, play in (("token", grant_oddly), ("refusal", refuse_oddly))
        ),
    ),
)
