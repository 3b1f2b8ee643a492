"""C12: a page of HTML from the token endpoint is a failure, and its text stays out of the error."""

from functools import partial

from ..driving.kinds import Kind
from ..steps.exchanges import check_told
from ..steps.stored import STORE_UNCHANGED, check_unchanged, connected_before
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.tokens import token
from ..suite.verdicts import Level

LONGEST_TEXT = 10_000
"""Characters of an error's message and repr together."""


def play(stage: Stage, *, status: int, content_type: str = "text/html") -> None:
    """Connect again while a page comes that shows what was sent."""
    before = connected_before(stage)
    canary = token(stage.random)
    secret = stage.client.config.registration.client_secret
    page = f"<html><p>client_secret={secret} access_token={canary}</p>{'<br>' * 16_000}</html>"
    stage.fake.arm(
        "token.authorization_code", "answer", status=status, content_type=content_type, body=page
    )
    outcome = stage.client.connect()
    allowed = Kind.RETRY_LATER if status >= 500 else Kind.PROTOCOL_ERROR
    stage.check_kind("kind", outcome, allowed)
    if status >= 500:
        check_told(stage, "status-told", outcome, str(status))
    text = outcome.told_text
    shown = text + stage.client.printed().decode("utf-8", "replace")
    stage.check("bounded", len(text) <= LONGEST_TEXT, outcome)
    stage.check("scrubbed", secret not in shown and canary not in shown)
    check_unchanged(stage, before, outcome)


CASE = Case(
    id="C12",
    name="exchange/html",
    level=Level.ROBUST,
    severity=2,
    requirement="a page is a failure, with its status and without its text",
    source="n8n-io/n8n#27089; authlib/authlib#132; mattermost/mattermost#10924; golang/oauth2#810",
    injects="HTML with 500, 502, 503 and 200, as such and labelled JSON; it shows secrets",
    observes="reported kind and error, standard error, stored token",
    checks={
        "kind": "a page is reported as the failure that it is",
        "status-told": "the error that is reported shows the HTTP status",
        "bounded": "the error that is reported is no copy of a large page",
        "scrubbed": "secrets that the page shows are not in the error nor in the log",
        "store-unchanged": STORE_UNCHANGED,
    },
    needs=("begin", "callback"),
    variants=(
        *(
            Variant(name=str(status), play=partial(play, status=status))
            for status in (500, 502, 503, 200)
        ),
        Variant(
            name="200-labelled-json",
            play=partial(play, status=200, content_type="application/json"),
        ),
    ),
)
