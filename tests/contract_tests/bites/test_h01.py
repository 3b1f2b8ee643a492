"""H01: a client that prints what it sends."""

import sys
from typing import Any

import pytest

from .conftest import Put, failed
from .model_client import Message, ModelClient, User


class PrintsRequests(ModelClient):
    """Prints each form at its default level, as a trace left in by mistake does."""

    def token_request(self, form: dict[str, str]) -> Any:
        """Print, then send."""
        if self.config.get("log_level") is None:
            sys.stderr.write(f"POST {form}\n")
        return super().token_request(form)


class LogsRequests(ModelClient):
    """Logs each form where it is told to log all."""

    def token_request(self, form: dict[str, str]) -> Any:
        """Log, then send."""
        if self.config.get("log_level") == "debug":
            sys.stderr.write(f"DEBUG: POST {form}\n")
        return super().token_request(form)


class PrintsWhatIsOver(ModelClient):
    """Prints the access token that it is about to replace."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Print, then refresh."""
        if self.config.get("log_level") is None:
            sys.stderr.write(f"{stored['access_token']} is over\n")
        super().refresh_with(name, user, stored)


class TellsTokensInEvents(ModelClient):
    """Says which tokens it has saved."""

    def save(self, user: User, stored: Message) -> None:
        """Save, and say all."""
        super().save(user, stored)
        if self.config.get("log_level") is None:
            self.emit({"type": "event", "event": "token_saved", "user": "u1", "token": stored})


@pytest.mark.parametrize("client", [PrintsWhatIsOver, TellsTokensInEvents])
def test_tokens_that_are_never_sent_are_found(put: Put, client: type[ModelClient]) -> None:
    """A token counts from when it was seeded, and wherever it is shown."""
    assert failed(put("H01", client, apart=True)) == {"nothing-printed"}


def test_printed_secrets_are_found(put: Put) -> None:
    """Standard error is read."""
    assert failed(put("H01", PrintsRequests, apart=True)) == {"nothing-printed"}


def test_logged_secrets_are_found(put: Put) -> None:
    """Standard error is read once more at the level DEBUG."""
    assert failed(put("H01", LogsRequests, apart=True)) == {"nothing-logged"}
