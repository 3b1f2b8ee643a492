"""C16: clients that misread a lifetime."""

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient, User


class TakesZeroForEternal(ModelClient):
    """Tests the lifetime for truth."""

    def lifetime(self, members: Message) -> float | None:
        """Mistake zero for nothing."""
        value = super().lifetime(members)
        return value or None

    def is_due(self, stored: Message) -> bool:
        """Believe that no end is no end."""
        return bool(stored.get("expires_at")) and super().is_due(stored)


class ConvertsBlindly(ModelClient):
    """Expects a number."""

    def lifetime(self, members: Message) -> float | None:
        """Convert."""
        return float(int(members["expires_in"]))


class Loops(ModelClient):
    """Refreshes until the token is fresh."""

    def fresh(self, name: str, user: User) -> Message:
        """Refresh, ten times at most."""
        for _ in range(10):
            stored = super().fresh(name, user)
            if not self.is_due(stored):
                break
        return stored


class BelievesUnknownMembers(ModelClient):
    """Reads a member that no specification knows."""

    def read_tokens(self, answer: Answer) -> Message:
        """Convert a text."""
        members = super().read_tokens(answer)
        float(members.get("expires_at", 0))
        return members


class UsesNothing(ModelClient):
    """Refuses what is over instead of refreshing it."""

    def fresh(self, name: str, user: User) -> Message:
        """Refuse."""
        raise Failure(Kind.REAUTH_REQUIRED, "expired")


class JoinsTexts(ModelClient):
    """Adds the lifetime to the time, of which one is a text."""

    def lifetime(self, members: Message) -> float | None:
        """Join the digits."""
        value = members.get("expires_in")
        return float(f"{self.now():.0f}{value}") if value == "7200" else super().lifetime(members)


def test_eternal_token_is_found(put: Put) -> None:
    """No refresh comes."""
    assert failed(put("C16", TakesZeroForEternal)) == {"not-eternal"}


def test_joined_texts_are_found(put: Put) -> None:
    """The stored moment is a million years away."""
    assert failed(put("C16", JoinsTexts)) == {"not-eternal"}


def test_crash_is_found(put: Put) -> None:
    """The kind shows it."""
    assert failed(put("C16", ConvertsBlindly)) == {"kind"}


def test_loop_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("C16", Loops)) == {"no-loop"}


def test_unknown_member_is_found(put: Put) -> None:
    """It is to be ignored."""
    assert failed(put("C16", BelievesUnknownMembers)) == {"unknown-ignored"}


def test_unused_token_is_found(put: Put) -> None:
    """The call shows it."""
    assert failed(put("C16", UsesNothing)) == {"usable", "not-eternal"}
