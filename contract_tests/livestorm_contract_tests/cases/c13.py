"""C13: cut JSON is no token, and a token under a wrong label is judged alike each time."""

import json
from urllib.parse import urlencode

from ..driving.kinds import Kind
from ..steps.exchanges import drawn_members
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

EITHER = (Kind.OK, Kind.PROTOCOL_ERROR)

ALLOWED = {
    "cut": (Kind.PROTOCOL_ERROR,),
    "form": EITHER,
    "html-label": EITHER,
    "charset": (Kind.OK,),
}


def play(stage: Stage) -> None:
    """Connect twice while the answer has an odd form."""
    members = drawn_members(stage)
    text = json.dumps(members)
    body = {"cut": text[: len(text) // 2], "form": urlencode(members)}.get(stage.variant, text)
    stage.fake.arm("token.authorization_code", "answer", body=body, **stage.given)
    outcomes = [stage.client.connect(), stage.client.connect()]
    for outcome in outcomes:
        stage.check_kind("kind", outcome, *ALLOWED[stage.variant])
    stage.check("consistent", outcomes[0].kind is outcomes[1].kind, *outcomes)


CASE = Case(
    id="C13",
    name="exchange/odd-form",
    level=Level.ROBUST,
    severity=3,
    requirement="cut JSON is refused; a valid token under a wrong label is judged alike each time",
    source="frankie567/httpx-oauth#138; dart-archive/oauth2#10; dahlia/wsgi-oauth2#5",
    injects="JSON cut with a length that fits, a form, JSON as text/html, a charset",
    observes="reported kind",
    checks={
        "kind": "cut JSON is refused, and a charset beside the media type changes nothing",
        "consistent": "the same answer gets the same verdict again",
    },
    needs=("begin", "callback"),
    variants=(
        Variant(name="cut", given={"content_type": "application/json"}),
        Variant(name="form", given={"content_type": "application/x-www-form-urlencoded"}),
        Variant(name="html-label", given={"content_type": "text/html"}),
        Variant(name="charset", given={"content_type": "application/json;charset=UTF-8"}),
    ),
    play=play,
)
