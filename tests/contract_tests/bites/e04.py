"""E04: clients that mistake a 403."""

from .shared.refused import (
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
        Bite(RefreshesAndReports, {"no-refresh"}),
        Bite(RefreshesOnEveryRefusal, {"no-refresh", "no-retry"}),
        Bite(RepeatsRefusedCalls, {"no-retry"}),
        Bite(ReportsNoStatus),
        Bite(ReportsNoText, {"scope-reported"}),
        Bite(ReportsNoText, {"scope-reported"}, strict=False),
    ],
)
