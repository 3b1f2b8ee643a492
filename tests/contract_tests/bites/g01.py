"""G01: clients that a refused connection brings down."""

import time
from typing import ClassVar

from ..model_client.limits import Limits
from ..model_client.offer import Offer
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message
from .shared.fragile import LetsErrorsThrough, LogsOutOnFailure, SaysItIsOverSoon, StaysDown
from .table import Bite, Table

PATIENCE = 0.2
UNHURRIED = 5.0
"""For what is not about time, on a busy machine."""


class KeepsTrying(Limits):
    """Hopes for longer than one operation may last."""

    def may_retry(self, failure: Failure) -> bool:
        """Sleep, then give up."""
        time.sleep(1.2)
        return False


class MakesOneURLOfTheOther(Offer, TokenEndpoint):
    """Asks for tokens where it sends its user."""

    features: ClassVar[Message] = {**Offer.features, "base_path": False}

    def token_request(self, form: dict[str, str]) -> Answer:
        """Replace the last part."""
        is_exchange = form["grant_type"] == "authorization_code"
        url = self.config["authorize_url"].replace("authorize", "token")
        told = self.config
        self.client.config = told | ({"token_url": url} if is_exchange else {})
        try:
            return super().token_request(form)
        finally:
            self.client.config = told


TABLE = Table(
    [
        Bite(LetsErrorsThrough, {"kind"}, patience=UNHURRIED),
        Bite(KeepsTrying, {"quickly"}, patience=PATIENCE),
        Bite(LogsOutOnFailure, {"recovers", "tokens-kept"}, patience=UNHURRIED),
        Bite(StaysDown, {"recovers"}, patience=UNHURRIED),
        Bite(SaysItIsOverSoon, {"tokens-kept"}, patience=PATIENCE),
        # All is at one address, so this is right.
        Bite(MakesOneURLOfTheOther, patience=UNHURRIED),
    ],
)
