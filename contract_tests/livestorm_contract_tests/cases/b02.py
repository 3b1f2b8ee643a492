"""B02: a callback that comes twice sends its code once, and leaves the session alone."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, wait
from functools import partial

from ..driving.kinds import Kind, may_be
from ..driving.outcome import Outcome
from ..steps.callbacks import REFUSALS
from ..steps.holding import LONGEST_HOLD, wait_for_hits
from ..steps.stored import check_unchanged, stored_now
from ..suite.case import Case, Variant
from ..suite.driver import Unsupported
from ..suite.stage import Stage
from ..suite.verdicts import Level

RACE_SECONDS = 1.0
"""How long a client may take to send the second, or to refuse it."""


def play(stage: Stage, *, deliver: Callable[[Stage, str], list[Outcome]]) -> None:
    """Deliver one callback two times, one after the other or both at once."""
    outcomes = deliver(stage, stage.client.obtain_callback())
    sent = [one for one in stage.fake.exchanges() if one.at_token_endpoint]
    stage.check("code-once", len(sent) == 1, *outcomes, told=f"{len(sent)} token requests")
    refused = [one for one in outcomes if one.kind is not Kind.OK]
    is_refused = [may_be(one.kind, *REFUSALS) for one in refused] == [True]
    told = f"reported as {' and '.join(one.kind for one in outcomes)}"
    stage.check("second-refused", is_refused, *outcomes, told=told)
    if stage.client.can("call"):
        stage.check_kind("session-works", stage.client.call(), Kind.OK)


def deliver_in_turn(stage: Stage, url: str) -> list[Outcome]:
    """Deliver the second after the first, whose tokens must stay."""
    first = stage.client.callback(url)
    stored = stored_now(stage)
    second = stage.client.callback(url)
    check_unchanged(stage, stored, first, second, check="session-kept")
    return [first, second]


def deliver_at_once(stage: Stage, url: str) -> list[Outcome]:
    """Deliver the second while the first one's token request is held. Raises Unsupported."""
    if not stage.client.ready.features.parallel:
        raise Unsupported("feature parallel")
    barrier = stage.fake.arm("token.authorization_code", "barrier", parties=2, seconds=LONGEST_HOLD)
    running = [stage.client.start("callback", user="u1", url=url)]
    wait_for_hits(stage, barrier, 1)
    running.append(stage.client.start("callback", user="u1", url=url))
    wait([one.pending for one in running], RACE_SECONDS, FIRST_COMPLETED)
    stage.fake.release(barrier)
    return [one.finish() for one in running]


CASE = Case(
    id="B02",
    name="callback/twice",
    level=Level.MUST,
    severity=1,
    requirement="a callback that comes twice leads to one token request and one session",
    source="RFC 6749, section 4.1.2; Doorkeeper 6 revokes the token of a code that comes again",
    injects="the same callback twice, one after the other and both at the same instant",
    observes="journal, reported kinds, stored token",
    checks={
        "code-once": "the code is sent once",
        "second-refused": "one of the two connects, and the other is refused",
        "session-kept": "the second callback leaves what is stored as it was",
        "session-works": "the API answers a call after both callbacks",
    },
    needs=("begin", "callback"),
    provider={"release": "6.0"},
    variants=(
        Variant(name="in-turn", play=partial(play, deliver=deliver_in_turn)),
        Variant(name="at-once", play=partial(play, deliver=deliver_at_once)),
    ),
)
