"""What is done after a callback that has failed."""

from livestorm_contract_tests.driving.kinds import Kind

from ...model_client.callbacks import Callbacks
from ...model_client.values import Failure, Message


class SendsSomethingAnyway(Callbacks):
    """Asks the token endpoint before it refuses a callback."""

    def connect(self, name: str, url: str) -> Message:
        """Send what it takes for the code."""
        try:
            return super().connect(name, url)
        except Failure:
            self.client.tokens.exchange("None", self.client.authorization.new_pending())
            raise


class Disconnects(Callbacks):
    """Ends the session over a callback that has failed, so that anybody's link can end it."""

    def connect(self, name: str, url: str) -> Message:
        """End it."""
        try:
            return super().connect(name, url)
        except Failure:
            self.client.store.user(name).path.unlink(missing_ok=True)
            raise


class FlagsTheConnection(Callbacks):
    """Keeps the tokens, and says of the session that there is that it is over."""

    def connect(self, name: str, url: str) -> Message:
        """Flag it."""
        try:
            return super().connect(name, url)
        except Failure:
            user = self.client.store.user(name)
            if stored := self.client.store.load(user):
                self.client.store.save(user, {**stored, "needs_reauth": True})
            raise


class CallsItDenial(Callbacks):
    """Has one error for all callbacks that fail: the user refused."""

    def connect(self, name: str, url: str) -> Message:
        """Say so."""
        try:
            return super().connect(name, url)
        except Failure:
            raise Failure(Kind.DENIED, "the authorization failed") from None
