"""H01: a client that prints what it sends."""

import sys
from typing import Any

from ..model_client.refreshing import Refreshing
from ..model_client.store import Store
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Message, User
from .shared.exchanged import LogsTheAnswer
from .table import Bite, Table


class PrintsRequests(TokenEndpoint):
    """Prints each form at its default level, as a trace left in by mistake does."""

    def token_request(self, form: dict[str, str]) -> Any:
        """Print, then send."""
        if self.config.get("log_level") is None:
            sys.stderr.write(f"POST {form}\n")
        return super().token_request(form)


class LogsRequests(TokenEndpoint):
    """Logs each form where it is told to log all."""

    def token_request(self, form: dict[str, str]) -> Any:
        """Log, then send."""
        if self.config.get("log_level") == "debug":
            sys.stderr.write(f"DEBUG: POST {form}\n")
        return super().token_request(form)


class PrintsWhatIsOver(Refreshing):
    """Prints the access token that it is about to replace."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Print, then refresh."""
        if self.config.get("log_level") is None:
            sys.stderr.write(f"{stored['access_token']} is over\n")
        super().refresh_with(name, user, stored)


class TellsTokensInEvents(Store):
    """Says which tokens it has saved."""

    def save(self, user: User, stored: Message) -> None:
        """Save, and say all."""
        super().save(user, stored)
        if self.config.get("log_level") is None:
            self.client.emit(
                {"type": "event", "event": "token_saved", "user": "u1", "token": stored}
            )


TABLE = Table(
    [
        Bite(PrintsWhatIsOver, {"nothing-printed"}, apart=True),
        Bite(TellsTokensInEvents, {"nothing-printed"}, apart=True),
        Bite(LogsTheAnswer, {"nothing-printed", "nothing-logged"}, apart=True),
        Bite(PrintsRequests, {"nothing-printed"}, apart=True),
        Bite(LogsRequests, {"nothing-logged"}, apart=True),
    ],
)
