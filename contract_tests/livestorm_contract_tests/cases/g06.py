"""G06: a POST on a connection that dies takes effect at most once."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ..driving.kinds import Kind
from ..fake.control import Fault
from ..steps.exchanges import TRANSPORT
from ..suite.case import Case, Variant
from ..suite.driver import Unsupported
from ..suite.stage import Stage
from ..suite.verdicts import Level

PATH = "/events"


def play(stage: Stage, *, fault: Fault, kinds: Sequence[Kind] = TRANSPORT) -> None:
    """Open a connection by a GET, then send a POST that meets its end."""
    stage.client.seed()
    stage.fake.arm_keys({"on": "api.events", "phase": "after", **fault})
    stage.client.call(PATH)
    outcome = stage.client.call(PATH, method="POST")
    methods = [one.method for one in outcome.api_requests]
    if methods[:1] not in ([], ["POST"]):
        raise Unsupported("method POST of op call")
    posts = [one for one in methods if one == "POST"]
    told = f"{len(posts)} POSTs reached the server"
    stage.check("once", len(posts) <= 1, outcome, told=told)
    stage.check_kind("kind", outcome, *kinds)
    stage.fake.disarm()
    stage.check_kind("recovers", stage.client.call(PATH), Kind.OK)


ON_POST: Fault = {"when": {"method": "POST"}}

CASE = Case(
    id="G06",
    name="transport/post-once",
    level=Level.SHOULD,
    severity=1,
    requirement="a POST takes effect at most once: it is sent again only if it can't have arrived",
    source="RFC 9110, section 9.2.2; oven-sh/bun#28708; golang/go#22158",
    injects="a kept connection that is closed when idle, or after the server has done the work",
    observes="journal, reported kind",
    checks={
        "once": "the server gets the POST at most once",
        "kind": "a lost answer is reported as transport_error or retry_later",
        "recovers": "the next call succeeds",
    },
    needs=("seed", "call"),
    scenario=str(Path(__file__).with_suffix(".toml")),
    variants=(
        Variant(
            name="stale",
            # On a connection that was closed before, the POST can be sent again without harm.
            play=partial(
                play,
                fault={"fault": "stale_keep_alive", "times": 1},
                kinds=[Kind.OK, *TRANSPORT],
            ),
        ),
        *(
            Variant(
                name=f"processed, {name}", play=partial(play, fault={"fault": fault, **ON_POST})
            )
            for name, fault in (("reset", "reset"), ("closed", "close"))
        ),
    ),
)
