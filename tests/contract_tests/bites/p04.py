"""P04: clients that are wrong about what happens one after the other, or right in other ways."""

from typing import ClassVar

from livestorm_contract_tests.properties.answers.answer import Answer as Answered
from livestorm_contract_tests.properties.draw import SLOW
from livestorm_contract_tests.properties.script import (
    Arm,
    Call,
    Disarm,
    Expire,
    Refresh,
    Restart,
    Script,
    Seed,
    Step,
)

from ..model_client.api_calls import ApiCalls
from ..model_client.limits import Limits
from ..model_client.offer import Offer
from ..model_client.operations import Operations
from ..model_client.refreshing import Refreshing
from ..model_client.values import Answer, Message, User
from .shared.curious import AsksFourTimes, IntroducesItself
from .shared.fragile import StaysDown
from .shared.limited import HasNoWordForOutages, IgnoresRetryAfter, StaysLimited
from .shared.refreshed import RefreshesWithWhatItSent
from .shared.refused import IgnoresRefusals
from .shared.scripts import BUSY, LIMITED, armed
from .shared.stored import KeepsTokensInMemory, StoresNoRefreshToken
from .shared.talkative import ShowsItsSettings
from .table import Bite, Table

LIMITS = armed(LIMITED, "api")
LIMITS_FOR_LONG = armed(Answered(status=429, headers={"Retry-After": "30"}), "api", times=1)
FAILS = armed(BUSY, "api")
FAILS_FOUR_TIMES = armed(BUSY, "api", times=4)
CUTS = Arm(fault={"on": "api", "fault": "reset_in_body"})


def sequence(*steps: Step) -> Script:
    """Have things happen to a connection."""
    return Script(steps=(Seed(), *steps))


class CallsTooOften(ApiCalls):
    """Asks five times where once would do."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send five times."""
        for _ in range(4):
            super().api_request(method, path, message, stored)
        return super().api_request(method, path, message, stored)


class FailsAtOnce(Operations):
    """Has no word for what happens to the second of two calls."""

    def op_call(self, message: Message) -> Message:
        """Report the last of several as an unknown exception."""
        reply = super().op_call(message)
        *others, last = reply["results"]
        return {**reply, "results": [*others, {**last, "kind": "bug"}]} if others else reply


class RefreshesAtOnce(Refreshing):
    """Has no lock."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Refresh, whoever else does."""
        self.refresh_with(name, user, self.client.store.load(user) or {})
        return {}


class ReportsRefusals(Offer, IgnoresRefusals):
    """Refreshes what it knows to be over, and reports a 401."""

    features: ClassVar[Message] = {**Offer.features, "on_401": False}


class RefreshesOnCommand(ReportsRefusals):
    """Leaves expired tokens to its caller."""

    features: ClassVar[Message] = {**ReportsRefusals.features, "refresh": "explicit"}

    def is_due(self, stored: Message) -> bool:
        """Use what there is."""
        return False


class GoesByRefusals(Refreshing):
    """Looks at no clock, and refreshes what the API refuses."""

    def is_due(self, stored: Message) -> bool:
        """Use what there is."""
        return False


class PacesItself(Limits):
    """Asks the API once a second at most, and reports what would come sooner."""

    def heed_limits(self, user: User, answer: Answer) -> None:
        """Put off the next request, whatever the answer is."""
        self.put_off(user, self.now() + 1.0)


TABLE = Table(
    [
        Bite(IntroducesItself, {"INV-1"}, script=sequence(Refresh(), Call())),
        Bite(StoresNoRefreshToken, {"INV-2"}, script=sequence(Expire(), Call())),
        Bite(RefreshesWithWhatItSent, {"INV-3"}, script=sequence(Refresh(), Call())),
        Bite(AsksFourTimes, {"INV-4"}, script=sequence(Expire(), Call())),
        Bite(CallsTooOften, {"INV-4"}, script=sequence(Call(parallel=2), Disarm())),
        Bite(IgnoresRetryAfter, {"INV-5"}, script=sequence(LIMITS, Call())),
        Bite(ShowsItsSettings, {"INV-6"}, script=sequence(FAILS, Call())),
        Bite(HasNoWordForOutages, {"INV-7"}, script=sequence(FAILS, Call())),
        Bite(FailsAtOnce, {"INV-7"}, script=sequence(Call(parallel=2), Disarm())),
        Bite(RefreshesAtOnce, {"INV-8"}, script=sequence(SLOW, Expire(), Call(parallel=2))),
        Bite(StaysDown, {"INV-9"}, script=sequence(FAILS, Call())),
        # A pause that is over excuses nobody.
        Bite(StaysLimited, {"INV-9"}, script=sequence(LIMITS, Call(), Disarm())),
        Bite(KeepsTokensInMemory, {"INV-10"}, script=sequence(Call(), Restart())),
        Bite(RefreshesAtOnce, {"INV-8"}),
        Bite(KeepsTokensInMemory, {"INV-10"}),
        Bite((), script=sequence(LIMITS, Call(parallel=5))),
        # A pause is not saved.
        Bite((), script=sequence(LIMITS_FOR_LONG, Call(), Restart(), Call())),
        # Recovery is judged by what the client says it does: by a refresh on command, ...
        Bite(
            RefreshesOnCommand,
            script=Script(steps=(Seed(expired=True), FAILS_FOUR_TIMES, Call())),
        ),
        # ... and by no 401 that it only reports.
        Bite(ReportsRefusals, script=sequence(Call(), Expire())),
        Bite(ReportsRefusals, script=sequence(Call(), Expire(), Refresh())),
        # A 401 has no body that could be cut.
        Bite(ReportsRefusals, script=sequence(Expire(), CUTS, Call())),
        Bite(GoesByRefusals, examples=15),
        # After a refresh that worked its pace forbids to call again.
        Bite(PacesItself, script=sequence(Expire(), Call())),
        # Recovery waits for the pace, ...
        Bite(PacesItself, script=sequence(Refresh(), Expire())),
        # ... before a call, and again where that had to refresh.
        Bite(PacesItself, script=sequence(Call(), Expire())),
    ],
)
