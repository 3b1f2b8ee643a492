"""E08: clients that don't take a 404 for an answer."""

from .shared.refused import (
    KnowsFewRefusals,
    RefreshesAndReports,
    RefreshesOnEveryRefusal,
    RepeatsRefusedCalls,
    ReportsNoStatus,
    ReportsNoText,
    TakesRefusalsForLogouts,
)
from .table import Bite, Table

TABLE = Table(
    [
        Bite(TakesRefusalsForLogouts, {"kind"}),
        Bite(KnowsFewRefusals, {"body-reported", "kind"}),
        Bite(RefreshesAndReports, {"no-refresh"}),
        Bite(RefreshesOnEveryRefusal, {"no-refresh", "no-retry"}),
        Bite(RepeatsRefusedCalls, {"no-retry"}),
        Bite(ReportsNoStatus),
        Bite(ReportsNoText, {"body-reported"}),
    ],
)
