"""H06: a client that does not look at the scheme."""

import pytest
from livestorm_contract_tests.suite.verdicts import Verdict

from .conftest import Put, failed
from .model_client import Answer, Message, ModelClient, Pending
from .test_h04 import FollowsRedirects


class LooksAtNoScheme(ModelClient):
    """Sends to any URL."""

    def check_confidential(self, url: str) -> None:
        """Let all pass."""


class LooksWhenItSends(ModelClient):
    """Sends its user to authorize, and refuses when a request is due."""

    def op_begin(self, message: Message) -> Message:
        """Look at no URL."""
        user = self.user(message.get("user", "u1"))
        user.pending = self.new_pending()
        return {"kind": "ok", "authorize_url": self.authorize_url(user.pending)}


class LooksWhenItConnects(LooksWhenItSends):
    """Forgets to look when it refreshes."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Look."""
        super().check_confidential(self.config["token_url"])
        return super().exchange(code, pending)

    def check_confidential(self, url: str) -> None:
        """Let the token endpoint pass."""
        if url != self.config["token_url"]:
            super().check_confidential(url)


@pytest.mark.parametrize("client", [LooksAtNoScheme, LooksWhenItConnects, FollowsRedirects])
def test_plain_http_is_found(put: Put, client: type[ModelClient]) -> None:
    """The secret goes over plain http."""
    assert failed(put("H06", client)) == {"refused", "nothing-sent"}


def test_late_refusal_is_right(put: Put) -> None:
    """Nothing has been sent yet."""
    assert put("H06", LooksWhenItSends).verdict is Verdict.PASS
