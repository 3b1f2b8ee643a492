"""C13: cut JSON is no token, and a token under a wrong label is judged alike each time."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from urllib.parse import urlencode

from ..driving.kinds import Kind
from ..steps.exchanges import drawn_members
from ..steps.secrets import NOT_SHOWN, check_not_shown
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

EITHER = (Kind.OK, Kind.PROTOCOL_ERROR)


def play(
    stage: Stage,
    *,
    write: Callable[[Mapping[str, object]], str],
    content_type: str,
    kinds: Sequence[Kind],
) -> None:
    """Connect twice while the answer has an odd form."""
    body = write(drawn_members(stage))
    stage.fake.arm("token.authorization_code", "answer", content_type=content_type, body=body)
    outcomes = [stage.client.connect(), stage.client.connect()]
    for outcome in outcomes:
        stage.check_kind("kind", outcome, *kinds)
    stage.check("consistent", outcomes[0].kind is outcomes[1].kind, *outcomes)
    check_not_shown(stage, *outcomes)


def write_half(members: Mapping[str, object]) -> str:
    """Give the first half of the JSON."""
    text = json.dumps(members)
    return text[: len(text) // 2]


CASE = Case(
    id="C13",
    name="exchange/odd-form",
    level=Level.ROBUST,
    severity=3,
    requirement="cut JSON is refused; a valid token under a wrong label is judged alike each time",
    source="frankie567/httpx-oauth#138; dart-archive/oauth2#10; dahlia/wsgi-oauth2#5",
    injects="JSON cut with a length that fits, a form, JSON as text/html, a charset",
    observes="reported kind and error, standard error",
    checks={
        "kind": "cut JSON is refused, and a charset beside the media type changes nothing",
        "consistent": "the same answer gets the same verdict again",
        "not-shown": NOT_SHOWN,
    },
    levels={"not-shown": Level.MUST},
    needs=("begin", "callback"),
    variants=tuple(
        Variant(
            name=name,
            play=partial(play, write=write, content_type=content_type, kinds=kinds),
        )
        for name, write, content_type, kinds in (
            ("cut", write_half, "application/json", [Kind.PROTOCOL_ERROR]),
            ("form", urlencode, "application/x-www-form-urlencoded", EITHER),
            ("html-label", json.dumps, "text/html", EITHER),
            ("charset", json.dumps, "application/json;charset=UTF-8", [Kind.OK]),
        )
    ),
)
