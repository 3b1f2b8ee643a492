"""P02: clients that are wrong about an answer to a refresh."""

from livestorm_contract_tests.properties.draw import refreshes_in_a_row

from ..model_client.offer import Offer
from .shared.curious import AsksFourTimes, IntroducesItself
from .shared.exchanged import TakesAnything
from .shared.fragile import StaysDown
from .shared.limited import HasNoWordForOutages, IgnoresRetryAfter
from .shared.refreshed import PollsADeadGrant, RefreshesWithWhatItSent
from .shared.scripts import BUSY, GRANTED, LIMITED, armed
from .shared.stored import StoresNoRefreshToken
from .shared.talkative import ShowsItsSettings
from .table import Bite, Table

TOKEN = "token.refresh_token"

GRANTED_ONCE = refreshes_in_a_row([armed(GRANTED, TOKEN)])
LIMITED_ONCE = refreshes_in_a_row([armed(LIMITED, TOKEN)])
BUSY_ONCE = refreshes_in_a_row([armed(BUSY, TOKEN)])


class CannotCall(Offer):
    """Gets tokens, and has others call with them: it recovers by a refresh."""

    ops = tuple(op for op in Offer.ops if op not in ("call", "list"))


TABLE = Table(
    [
        Bite(IntroducesItself, {"INV-1"}, script=GRANTED_ONCE),
        Bite(StoresNoRefreshToken, {"INV-2"}, script=GRANTED_ONCE),
        Bite(RefreshesWithWhatItSent, {"INV-3"}, script=GRANTED_ONCE),
        Bite(AsksFourTimes, {"INV-4"}, script=GRANTED_ONCE),
        Bite(IgnoresRetryAfter, {"INV-5"}, script=LIMITED_ONCE),
        Bite(ShowsItsSettings, {"INV-6"}, script=BUSY_ONCE),
        Bite(HasNoWordForOutages, {"INV-7"}, script=BUSY_ONCE),
        Bite(StaysDown, {"INV-9"}, script=BUSY_ONCE),
        Bite((StaysDown, CannotCall), {"INV-9"}, script=BUSY_ONCE),
        Bite(StoresNoRefreshToken, {"INV-2"}),
        Bite(PollsADeadGrant, {"INV-2"}),
        Bite(ShowsItsSettings, {"INV-6"}),
        # What is no token is stored, in the place of one, and reported as a success.
        Bite((TakesAnything, CannotCall), {"INV-1", "INV-2", "INV-7"}),
        Bite(CannotCall),
    ],
)
