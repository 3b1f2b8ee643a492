"""C17: clients that misread a type."""

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient


class ComparesExactly(ModelClient):
    """Knows one spelling."""

    def read_tokens(self, answer: Answer) -> Message:
        """Compare."""
        members = super().read_tokens(answer)
        if members["token_type"] != "Bearer":
            raise Failure(Kind.PROTOCOL_ERROR, "not Bearer", status=answer.status)
        return members


class LooksAtNoType(ModelClient):
    """Takes every type for Bearer."""

    def read_tokens(self, answer: Answer) -> Message:
        """Look at no type."""
        members = answer.json()
        assert isinstance(members, dict)
        return members


class SendsTheTypeAsItCame(ModelClient):
    """Makes the scheme of the type."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send another spelling."""
        headers = {"Authorization": f"bearer {stored['access_token']}"}
        return self.send(method, self.config["api_base"] + path, headers=headers)


def test_exact_comparison_is_found(put: Put) -> None:
    """The kind shows it."""
    assert failed(put("C17", ComparesExactly)) == {"any-case"}


def test_unread_type_is_found(put: Put) -> None:
    """Kind and journal show it."""
    assert failed(put("C17", LooksAtNoType)) == {"missing", "unknown", "unknown-not-used"}


def test_scheme_is_found(put: Put) -> None:
    """The journal shows it."""
    assert failed(put("C17", SendsTheTypeAsItCame)) == {"scheme"}
