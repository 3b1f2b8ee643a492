"""H07: clients that stumble over hostile members."""

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient


class StumblesOverMembers(ModelClient):
    """Builds an object of all members, known or not."""

    def read_tokens(self, answer: Answer) -> Message:
        """Fail on an unknown member."""
        members = super().read_tokens(answer)
        assert "note" not in members
        return members


class IsPolluted(ModelClient):
    """Merges what came into what all connections share."""

    polluted = False

    def read_tokens(self, answer: Answer) -> Message:
        """Fail once such a member has come."""
        assert not self.polluted
        members = super().read_tokens(answer)
        self.polluted = "__proto__" in members
        return members


def test_crash_over_a_member_is_found(put: Put) -> None:
    """An assertion is no outcome."""
    assert failed(put("H07", StumblesOverMembers)) == {"kind"}


class AsksForOtherSettings(ModelClient):
    """Calls a repeated name a matter of its settings."""

    def read_tokens(self, answer: Answer) -> Message:
        """Refuse with the wrong word."""
        members = super().read_tokens(answer)
        if answer.body.count(b'"access_token"') > 1:
            raise Failure(Kind.CONFIG_ERROR, "repeated", status=answer.status)
        return members


def test_wrong_word_for_a_repeated_name_is_found(put: Put) -> None:
    """A success that can't be read is a protocol error."""
    assert failed(put("H07", AsksForOtherSettings)) == {"kind"}


def test_pollution_is_found(put: Put) -> None:
    """The next connection shows it."""
    assert failed(put("H07", IsPolluted)) == {"works-after"}
