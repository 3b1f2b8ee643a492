"""F03: clients that crash over a nonsensical Retry-After, or hammer because of it."""

from .shared.limited import FailsOnLimits, NeverGivesUp, StaysBusy, TriesAgainAtOnce
from .table import Bite, Table

TABLE = Table(
    [
        Bite(FailsOnLimits, {"kind", "recovers"}),
        Bite(NeverGivesUp, {"bounded"}),
        Bite(TriesAgainAtOnce, {"backs-off"}),
        Bite(StaysBusy, {"recovers"}),
    ],
    follows={
        # Who does not say `retry_later` is not asked again, so that no success comes.
        "kind": {"recovers"},
    },
)
