"""D02: clients that lose a refresh token which the answer does not repeat."""

from .shared.refreshed import Complains, DemandsARefreshToken, TakesItForSpent
from .shared.stored import OverwritesWithNothing, TellsNoRefreshToken
from .table import Bite, Table


class MissesARefreshToken(Complains):
    """Expects a refresh token each time."""

    member = "refresh_token"


TABLE = Table(
    [
        Bite(OverwritesWithNothing, {"kept", "sent-again"}),
        Bite(TakesItForSpent, {"sent-again"}),
        Bite(DemandsARefreshToken, {"accepted", "sent-again"}),
        Bite(MissesARefreshToken, {"accepted"}),
        Bite(TellsNoRefreshToken, {"kept"}),
    ],
)
