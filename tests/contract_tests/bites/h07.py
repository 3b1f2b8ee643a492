"""H07: clients that stumble over hostile members."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message
from .table import Bite, Table


class StumblesOverMembers(TokenEndpoint):
    """Builds an object of all members, known or not."""

    def read_tokens(self, answer: Answer) -> Message:
        """Fail on an unknown member."""
        members = super().read_tokens(answer)
        assert "note" not in members
        return members


class IsPolluted(TokenEndpoint):
    """Merges what came into what all connections share."""

    polluted = False

    def read_tokens(self, answer: Answer) -> Message:
        """Fail once such a member has come."""
        assert not self.polluted
        members = super().read_tokens(answer)
        self.polluted = "__proto__" in members
        return members


class AsksForOtherSettings(TokenEndpoint):
    """Calls a repeated name a matter of its settings."""

    def read_tokens(self, answer: Answer) -> Message:
        """Refuse with the wrong word."""
        members = super().read_tokens(answer)
        if answer.body.count(b'"access_token"') > 1:
            raise Failure(Kind.CONFIG_ERROR, "repeated", status=answer.status)
        return members


TABLE = Table(
    [
        Bite(StumblesOverMembers, {"kind"}),
        Bite(AsksForOtherSettings, {"kind"}),
        Bite(IsPolluted, {"works-after"}),
    ],
)
