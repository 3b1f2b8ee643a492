"""I01: parallel calls share one refresh."""

from ..driving.kinds import Kind
from ..steps.exchanges import refreshes
from ..suite.case import Case, Variant
from ..suite.client import Unsupported
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Call so many times at once with an expired token, while the refresh takes its time."""
    count = int(str(stage.given["calls"]))
    if stage.client.ready.features.parallel_calls < count:
        raise Unsupported(f"feature parallel_calls>={count}")
    stage.client.seed(expired=True)
    stage.fake.arm("token.refresh_token", "delay", seconds=0.15, phase="after")
    outcome = stage.client.call(parallel=count)
    kinds = [one.kind for one in outcome.reply.results]
    sent = refreshes(outcome.exchanges)
    stage.check("one-refresh", len(sent) == 1, outcome, told=f"{len(sent)} refreshes")
    told = f"{kinds.count(Kind.OK)} of {count} ok"
    stage.check("all-succeed", kinds == [Kind.OK] * count, outcome, told=told)


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
    variants=tuple(Variant(name=str(n), given={"calls": n}) for n in (5, 50)),
    play=play,
)
