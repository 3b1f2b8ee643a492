"""What several cases catch: clients that do something after a callback that has failed."""

from livestorm_contract_tests.driving.kinds import Kind

from .model_client import Failure, Message, ModelClient


class SendsSomethingAnyway(ModelClient):
    """Asks the token endpoint before it refuses a callback."""

    def connect(self, name: str, url: str) -> Message:
        """Send what it takes for the code."""
        try:
            return super().connect(name, url)
        except Failure:
            self.exchange("None", self.new_pending())
            raise


class Disconnects(ModelClient):
    """Ends the session that there is over a callback that has failed."""

    def connect(self, name: str, url: str) -> Message:
        """End it."""
        try:
            return super().connect(name, url)
        except Failure:
            self.user(name).path.unlink(missing_ok=True)
            raise


class CallsItDenial(ModelClient):
    """Has one error for all callbacks that fail: the user refused."""

    def connect(self, name: str, url: str) -> Message:
        """Say so."""
        try:
            return super().connect(name, url)
        except Failure:
            raise Failure(Kind.DENIED, "the authorization failed") from None
