"""E02: clients that answer a 401 too often, or not at all."""

from .shared.refreshed import RefreshesTwice
from .shared.refused import IgnoresRefusals, RepeatsRefusedCalls
from .table import Bite, Table

TABLE = Table(
    [
        Bite(IgnoresRefusals, {"kind"}),
        Bite(RefreshesTwice, {"one-refresh"}),
        Bite(RepeatsRefusedCalls, {"one-retry"}),
    ],
)
