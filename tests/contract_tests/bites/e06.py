"""E06: clients that make an outage worse, or do not see it."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.api_calls import ApiCalls
from ..model_client.limits import Limits
from ..model_client.values import Answer, Failure, Message, User
from .shared.limited import KnowsFewOutages, TriesAgainAtOnce
from .shared.refreshed import StaysBroken
from .table import Bite, Table


class CallsItUnreadable(Limits):
    """Reads the page before the status."""

    def check_available(self, answer: Answer) -> None:
        """Find no document."""
        if answer.status >= 500:
            raise Failure(Kind.PROTOCOL_ERROR, "no document came", status=answer.status)


class TriesOften(ApiCalls):
    """Repeats a GET as often as it has patience."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 6
    ) -> Answer:
        """Try six times."""
        return super().call_api(user, method, path, message, stored, most)


class TriesEachPartOften(ApiCalls):
    """Repeats a refresh once and a GET three times, and counts neither with the other."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 3
    ) -> Answer:
        """Try three times."""
        return super().call_api(user, method, path, message, stored, most)


class TriesAtOnce(TriesAgainAtOnce):
    """Repeats a GET at once."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send a POST once."""
        if method == "POST":
            return ApiCalls.api_request(self, method, path, message, stored)
        return super().api_request(method, path, message, stored)


class RepeatsEverything(ApiCalls):
    """Takes a POST for as harmless as a GET."""

    def is_repeatable(self, method: str) -> bool:
        """Repeat all."""
        return True


class LooksWhatBecameOfIt(ApiCalls):
    """Looks with a GET what became of a POST that has failed, and reports it; that is right."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Look."""
        try:
            return super().call_api(user, method, path, message, stored, most)
        except Failure:
            if method == "POST":
                self.api_request("GET", path, message, stored)
            raise


TABLE = Table(
    [
        Bite(CallsItUnreadable, {"kind"}),
        Bite(KnowsFewOutages, {"kind"}),
        Bite(TriesEachPartOften, {"get-bounded"}),
        Bite(TriesOften, {"get-bounded"}),
        Bite(TriesAtOnce, {"get-backs-off"}),
        Bite(RepeatsEverything, {"post-once"}),
        Bite(LooksWhatBecameOfIt),
        Bite(StaysBroken, {"recovers"}),
    ],
)
