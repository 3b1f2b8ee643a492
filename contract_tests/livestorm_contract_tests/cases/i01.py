"""I01: parallel calls share one refresh."""

from functools import partial

from ..driving.kinds import Kind
from ..fake.journal import refreshes
from ..steps.using import use_at_once
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, calls: int) -> None:
    """Call so many times at once with an expired token, while the refresh takes its time."""
    stage.client.seed(expired=True)
    outcome = use_at_once(stage, calls)
    kinds = [one.kind for one in outcome.reply.results]
    sent = refreshes(outcome.exchanges)
    stage.check("one-refresh", len(sent) == 1, outcome, told=f"{len(sent)} refreshes")
    told = f"{kinds.count(Kind.OK)} of {calls} ok"
    stage.check("all-succeed", kinds == [Kind.OK] * calls, outcome, told=told)


CASE = Case(
    id="I01",
    name="concurrency/one-refresh",
    level=Level.ROBUST,
    severity=1,
    requirement="calls that find the same token expired share one refresh",
    source="RFC 9700, section 4.14.2; INV-8",
    injects="an expired token, parallel calls, a slow refresh, and a family that dies by reuse",
    observes="journal, reported kinds",
    checks={
        "one-refresh": "parallel calls send one refresh",
        "all-succeed": "every parallel call succeeds",
    },
    needs=("seed", "call", "refresh=auto", "parallel_calls>=5"),
    provider={"rotation": "family"},
    variants=tuple(Variant(name=str(n), play=partial(play, calls=n)) for n in (5, 50)),
)
