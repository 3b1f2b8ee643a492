"""C17: clients that misread a type."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.api_calls import ApiCalls
from ..model_client.callbacks import Callbacks
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message
from .shared.exchanged import LogsTheAnswer, QuotesTheAnswer
from .table import Bite, Table


class ComparesExactly(TokenEndpoint):
    """Knows one spelling."""

    def read_tokens(self, answer: Answer) -> Message:
        """Compare."""
        members = super().read_tokens(answer)
        if members["token_type"] != "Bearer":
            raise Failure(Kind.PROTOCOL_ERROR, "not Bearer", status=answer.status)
        return members


class LooksAtNoType(TokenEndpoint):
    """Takes every type for Bearer."""

    def read_tokens(self, answer: Answer) -> Message:
        """Look at no type."""
        members = answer.json()
        assert isinstance(members, dict)
        return members


class SendsTheTypeAsItCame(ApiCalls):
    """Makes the scheme of the type."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send another spelling."""
        headers = {"Authorization": f"bearer {stored['access_token']}"}
        return self.client.http.send(method, self.config["api_base"] + path, headers=headers)


class TakesAMissingType(TokenEndpoint):
    """Takes a token without a type for Bearer."""

    def read_tokens(self, answer: Answer) -> Message:
        """Add the type."""
        members = answer.json()
        if isinstance(members, dict) and "token_type" not in members:
            return members
        return super().read_tokens(answer)


class ForgetsUnknownTypes(Callbacks, TokenEndpoint):
    """Says that it is connected, and has stored nothing."""

    def connect(self, name: str, url: str) -> Message:
        """Take the refusal for a success."""
        try:
            return super().connect(name, url)
        except Failure as failure:
            if "mac" in str(failure):
                return {}
            raise

    def read_tokens(self, answer: Answer) -> Message:
        """Say what the type was."""
        members = answer.json()
        if isinstance(members, dict) and members.get("token_type") == "mac":
            raise Failure(Kind.PROTOCOL_ERROR, "mac", status=answer.status)
        return super().read_tokens(answer)


class UsesUnknownTypes(TokenEndpoint):
    """Refuses a token of an unknown type, after having stored it."""

    def read_tokens(self, answer: Answer) -> Message:
        """Store it first."""
        members = answer.json()
        if isinstance(members, dict) and members.get("token_type") == "mac":
            self.client.store.save(self.client.store.user("u1"), {**members, "expires_at": None})
        return super().read_tokens(answer)


TABLE = Table(
    [
        Bite(ComparesExactly, {"any-case"}),
        Bite(LooksAtNoType, {"missing", "unknown", "unknown-not-used"}),
        Bite(SendsTheTypeAsItCame, {"scheme"}),
        Bite(TakesAMissingType, {"missing"}),
        Bite(ForgetsUnknownTypes, {"unknown"}),
        Bite(QuotesTheAnswer, {"not-shown"}),
        Bite(LogsTheAnswer, {"not-shown"}, apart=True),
        Bite(UsesUnknownTypes, {"unknown-not-used"}),
    ],
)
