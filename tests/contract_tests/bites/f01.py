"""F01: clients that don't wait as long as a 429 says."""

from .shared.limited import (
    ForgetsUsersOnLimits,
    IgnoresPauses,
    StaysLimited,
    TakesLimitsForRefusals,
    TellsNoTime,
)
from .table import Bite, Table

TABLE = Table(
    [
        Bite(TakesLimitsForRefusals, {"kind", "recovers"}),
        Bite(TellsNoTime, {"tells-when"}),
        Bite(IgnoresPauses, {"not-before"}),
        Bite(StaysLimited, {"recovers"}),
        Bite(ForgetsUsersOnLimits, {"recovers", "tokens-kept"}),
    ],
    follows={
        # Who does not say `retry_later` is not asked again, so that no success comes.
        "kind": {"recovers"},
        # A grant that was given up does not come back without a human.
        "tokens-kept": {"recovers"},
    },
)
