"""D08: the token endpoint is down for a while."""

from collections.abc import Mapping, Sequence
from functools import partial

from ..driving.kinds import Kind
from ..fake.control import Fault
from ..fake.journal import newest_grant
from ..steps.exchanges import TRANSPORT
from ..steps.recovering import RECOVERS, REQUIREMENT, refresh_after_several
from ..steps.statuses import OUTAGES
from ..steps.stored import check_holds
from ..steps.using import check_recovers, use
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

HANG_MS = 75_000
"""A client may wait a minute for an answer."""


def play(stage: Stage, *, fault: Fault, kinds: Sequence[Kind] = (Kind.RETRY_LATER,)) -> None:
    """Have one outage, then one that lasts."""
    judge(stage, fault=fault, kinds=kinds)
    if "times" not in fault:
        refresh_after_several(stage, fault)


def judge(stage: Stage, *, fault: Fault, kinds: Sequence[Kind] = (Kind.RETRY_LATER,)) -> bool:
    """Refresh during the outage, and afterwards; tell whether the client has recovered."""
    seeded = stage.client.seed(expired=True)["refresh_token"]
    stage.fake.arm_keys({"on": "token.refresh_token", **fault})
    outcome = use(stage, deadline_ms=HANG_MS)
    stage.check_kind("kind", outcome, *kinds)
    newest = str(newest_grant(outcome.exchanges).get("refresh_token", seeded))
    check_holds(stage, "tokens-kept", newest, outcome)
    return check_recovers(stage, "recovers", outcome)


def play_otherwise(stage: Stage) -> None:
    """Answer with every other 5xx, one after the other; nobody waits, so that it is quick."""
    stage.client.configure(budget={"max_wait_ms": 1})
    tried = {fault.get("status") for fault in ANSWERS.values()}
    for status in (one for one in OUTAGES if one not in tried):
        if not judge(stage, fault={"fault": "html_page", "status": status}):
            return


ANSWERS: Mapping[str, Fault] = {
    "500-html": {"fault": "html_page", "status": 500},
    "502-html": {"fault": "html_page", "status": 502},
    "503-empty": {"fault": "answer", "status": 503},
    "504-html": {"fault": "html_page", "status": 504},
    "500-oauth": {"fault": "oauth_error", "error": "server_error"},
    "503-oauth": {"fault": "oauth_error", "error": "temporarily_unavailable"},
}

CASE = Case(
    id="D08",
    name="refresh/outage",
    level=Level.ROBUST,
    severity=1,
    requirement="an outage of the token endpoint never logs the user out",
    source="INV-9; Shopify/hydrogen#3892, metadist/synaplan#1355",
    injects="every 5xx, an HTML page, a reset, a closed connection and a hanging one, at a refresh",
    observes="reported kind, stored token",
    checks={
        "kind": "an outage is reported as one that passes",
        "tokens-kept": "the stored tokens are kept, and not flagged as dead",
        "recovers": "when the outage is over, the client goes on without a human",
        RECOVERS: REQUIREMENT,
    },
    needs=("seed", "refresh=auto|explicit"),
    variants=(
        *(Variant(name=name, play=partial(play, fault=fault)) for name, fault in ANSWERS.items()),
        *(
            Variant(name=name, play=partial(play, fault={"fault": name}, kinds=TRANSPORT))
            for name in ("reset", "close")
        ),
        Variant(name="others", play=play_otherwise),
        Variant(
            name="timeout",
            # Only the first request hangs.
            play=partial(play, fault={"fault": "hang", "times": 1}, kinds=[*TRANSPORT, Kind.OK]),
        ),
    ),
)
