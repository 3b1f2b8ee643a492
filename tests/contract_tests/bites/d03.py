"""D03: clients that lose a refresh token over an empty one, or the same again."""

from .shared.refreshed import DemandsARefreshToken, TakesItForSpent
from .shared.stored import OverwritesWithNothing, TellsNoRefreshToken
from .table import Bite, Table

TABLE = Table(
    [
        Bite(OverwritesWithNothing, {"kept", "sent-again"}),
        Bite(TakesItForSpent, {"sent-again"}),
        Bite(DemandsARefreshToken, {"accepted"}),
        Bite(TellsNoRefreshToken, {"kept"}),
    ],
)
