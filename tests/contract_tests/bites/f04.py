"""F04: clients that take zero seconds for a leave to hammer."""

from .shared.limited import NeverGivesUp, StaysBusy, TakesLimitsForRefusals
from .table import Bite, Table

TABLE = Table(
    [
        Bite(TakesLimitsForRefusals, {"kind", "recovers"}),
        Bite(NeverGivesUp, {"bounded"}),
        Bite(StaysBusy, {"recovers"}),
    ],
    follows={
        # Who does not say `retry_later` is not asked again, so that no success comes.
        "kind": {"recovers"},
    },
)
