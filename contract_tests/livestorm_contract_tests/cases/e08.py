"""E08: what is asked for is not there, gone, or can't be processed."""

from functools import partial

from ..allowances.allowance import MAY_BE_REPEATED
from ..steps.statuses import REFUSALS, kinds_of_refusal
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

OF_TOKENS = (401, 403)
STATUSES = (404, 410, 422)


def play_otherwise(stage: Stage) -> None:
    """Refuse with every other status, one after the other."""
    for status in (one for one in REFUSALS if one not in (*OF_TOKENS, *STATUSES)):
        play(stage, status=status)
        stage.fake.disarm()


def play(stage: Stage, *, status: int) -> None:
    """Call once."""
    stage.client.seed()
    word = f"reason-{stage.random.randrange(10**9)}"
    stage.fake.arm("api.me", "api_error", status=status, title=word, detail=f"Because of {word}")
    outcome = stage.client.call()
    stage.check_kind("kind", outcome, *kinds_of_refusal(status))
    if status not in MAY_BE_REPEATED:
        stage.check("no-retry", len(outcome.api_requests) == 1, outcome)
    stage.check("no-refresh", not outcome.token_requests, outcome)
    stage.verdicts.check_told("body-reported", word in outcome.told_text, outcome)


CASE = Case(
    id="E08",
    name="call/404-410-422",
    level=Level.ROBUST,
    severity=4,
    requirement="a request that is wrong for good is not repeated, and its answer is reported",
    source="RFC 9110, section 15.5",
    injects="404, 410, 422 and every 4xx that is not of tokens or limits, with a JSON:API error",
    observes="journal, reported kind and error",
    checks={
        "kind": "it is reported as a refused request",
        "no-retry": "the call is not repeated",
        "no-refresh": "nothing is refreshed",
        "body-reported": "the title or the detail of the error is reported",
    },
    needs=("seed", "call"),
    variants=(
        *(Variant(name=str(one), play=partial(play, status=one)) for one in STATUSES),
        Variant(name="others", play=play_otherwise),
    ),
)
