"""P01: clients that are wrong about an answer to a code."""

from livestorm_contract_tests.properties.draw import exchange
from livestorm_contract_tests.properties.script import Seed

from ..model_client.callbacks import Callbacks
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message, Pending
from .shared.curious import AsksFourTimes, IntroducesItself
from .shared.exchanged import TakesAnything
from .shared.fragile import StaysDown
from .shared.limited import HasNoWordForOutages
from .shared.scripts import BUSY, GRANTED, LIMITED, armed
from .shared.stored import HoldsTimesAsTexts, StoresNoRefreshToken
from .shared.talkative import ShowsItsSettings
from .table import Bite, Table

CODE = "token.authorization_code"


class ResendsCodes(TokenEndpoint):
    """Takes the exchange of a code for something that can be tried again."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Send the code, and once more where the server was busy."""
        answer = super().exchange(code, pending)
        return super().exchange(code, pending) if answer.status >= 500 else answer


class FallsBack(Callbacks):
    """Goes on with the connection that there was where a new one fails."""

    def connect(self, name: str, url: str) -> Message:
        """Connect, or refresh at once."""
        try:
            return super().connect(name, url)
        except Failure:
            return self.client.refreshing.refresh(name, self.client.store.user(name), None)


TABLE = Table(
    [
        Bite(IntroducesItself, {"INV-1"}, script=exchange(armed(GRANTED, CODE))),
        Bite(StoresNoRefreshToken, {"INV-2"}, script=exchange(armed(GRANTED, CODE))),
        Bite(ResendsCodes, {"INV-3"}, script=exchange(armed(BUSY, CODE, times=1))),
        Bite(AsksFourTimes, {"INV-4"}, script=exchange(armed(GRANTED, CODE))),
        Bite(FallsBack, {"INV-5"}, script=exchange(armed(LIMITED, CODE), [Seed()])),
        Bite(ShowsItsSettings, {"INV-6"}, script=exchange(armed(BUSY, CODE))),
        Bite(HasNoWordForOutages, {"INV-7"}, script=exchange(armed(BUSY, CODE))),
        Bite(HoldsTimesAsTexts, {"INV-7"}, script=exchange(armed(GRANTED, CODE), [Seed()])),
        Bite(StaysDown, {"INV-9"}, script=exchange(armed(BUSY, CODE), [Seed()])),
        # What is no token is stored, in the place of one, and reported as a success.
        Bite(TakesAnything, {"INV-1", "INV-2", "INV-7"}),
    ],
)
