"""G06: clients that send a POST again that may have arrived."""

from ..model_client.api_calls import ApiCalls
from ..model_client.values import Answer, Failure, Message, User
from .shared.fragile import LetsErrorsThrough, StaysDown
from .table import Bite, Table


class RepeatsPosts(ApiCalls):
    """Sends any request once more where the connection broke."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Look at no method."""
        try:
            return super().call_api(user, method, path, message, stored, most)
        except Failure:
            return super().call_api(user, method, path, message, stored, most)


class AsksInstead(ApiCalls):
    """Sends a GET where the answer to a POST was lost, and takes its answer for the other."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Ask for what it should have made."""
        try:
            return super().call_api(user, method, path, message, stored, most)
        except Failure:
            return super().call_api(user, "GET", path, message, stored, most)


TABLE = Table(
    [
        Bite(RepeatsPosts, {"once"}),
        Bite(AsksInstead, {"kind"}),
        Bite(LetsErrorsThrough, {"kind"}),
        Bite(StaysDown, {"recovers"}),
    ],
)
