"""E02: clients that answer a 401 too often, or not at all."""

from typing import ClassVar

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.api_calls import ApiCalls
from ..model_client.offer import Offer
from ..model_client.refreshing import Refreshing
from ..model_client.values import Answer, Failure, Message, User
from .shared.posted import LosesTheBody, RepeatsAsGet
from .shared.refreshed import RefreshesTwice
from .shared.refused import IgnoresRefusals, RepeatsRefusedCalls
from .table import Bite, Table


class LeavesPostsToItsCaller(ApiCalls):
    """Refreshes after a 401 to a POST, and has its caller send it again: that is right, too."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Repeat no POST."""
        if method == "POST" and most == 1:
            raise Failure(Kind.RETRY_LATER, "there are new tokens")
        return super().call_api(user, method, path, message, stored, most)


class RefreshesOnCommand(Offer, Refreshing):
    """Leaves a 401 to its caller, and says so; that is right."""

    features: ClassVar[Message] = {**Offer.features, "refresh": "explicit", "on_401": False}

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Never refresh by itself."""
        return False


class TakesTheCallerForGone(RefreshesOnCommand, ApiCalls):
    """Gives the tokens up at the first 401, so that no command can refresh them."""

    def read_document(self, answer: Answer, path: str) -> object:
        """Delete them."""
        if answer.status == 401:
            self.client.store.user("u1").path.unlink()
        return super().read_document(answer, path)


TABLE = Table(
    [
        Bite(IgnoresRefusals, {"kind"}),
        Bite(RefreshesTwice, {"one-refresh"}),
        Bite(RepeatsRefusedCalls, {"one-retry"}),
        Bite(LosesTheBody, {"same-request"}),
        Bite(RepeatsAsGet, {"same-request"}),
        Bite(LeavesPostsToItsCaller),
        Bite(RefreshesOnCommand),
        Bite(TakesTheCallerForGone, {"kind"}),
    ],
)
