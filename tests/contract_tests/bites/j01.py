"""J01: a client that keeps a refreshed pair in memory."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.operations import Operations
from ..model_client.refreshing import Refreshing
from ..model_client.values import Message, User
from .shared.stored import SavesNoRefresh
from .table import Bite, Table


class LosesTheReply(Operations):
    """Refreshes on command, and reports a failure."""

    def op_refresh(self, message: Message) -> Message:
        """Forget how it went."""
        super().op_refresh(message)
        return {"kind": Kind.PROTOCOL_ERROR}


class TriesTheOldOneFirst(Refreshing):
    """Keeps the refresh token before, and sends it first."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Send the one before, and look at no answer."""
        if before := stored.get("before"):
            self.client.tokens.token_request(
                {"grant_type": "refresh_token", "refresh_token": before}
            )
        super().refresh_with(name, user, stored)
        now = self.client.store.load(user) or {}
        self.client.store.save(user, {**now, "before": stored["refresh_token"]})


TABLE = Table(
    [
        Bite(SavesNoRefresh, {"newest-refresh-token", "works"}),
        Bite(LosesTheReply, {"works"}),
        Bite(TriesTheOldOneFirst, {"newest-refresh-token"}),
    ],
)
