"""H01: a client that prints what it sends."""

import sys
from typing import Any

from .conftest import Put, failed
from .model_client import ModelClient


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


def test_printed_secrets_are_found(put: Put) -> None:
    """Standard error is read."""
    assert failed(put("H01", PrintsRequests, apart=True)) == {"nothing-printed"}


def test_logged_secrets_are_found(put: Put) -> None:
    """Standard error is read once more at the level DEBUG."""
    assert failed(put("H01", LogsRequests, apart=True)) == {"nothing-logged"}
