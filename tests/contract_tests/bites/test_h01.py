"""H01: a client that prints what it sends."""

import sys
from typing import Any

from .conftest import Put, failed
from .model_client import ModelClient


class PrintsRequests(ModelClient):
    """Logs each form, as a trace left in by mistake does."""

    def token_request(self, form: dict[str, str]) -> Any:
        """Print, then send."""
        sys.stderr.write(f"POST {form}\n")
        return super().token_request(form)


def test_printed_secrets_are_found(put: Put) -> None:
    """Standard error is read."""
    assert failed(put("H01", PrintsRequests, apart=True)) == {"nothing-printed"}
