"""Mistakes that several cases find."""

from livestorm_contract_tests.driving.kinds import Kind

from .model_client import Answer, Failure, Message, ModelClient, User


class Impatient(ModelClient):
    """Waits for no answer long, so that a test with a hanging server is quick."""

    def read_seconds(self) -> float:
        """Wait shortly."""
        return 2.0


class DropsTokens(ModelClient):
    """Deletes the refresh token whenever a refresh fails, as a logout does."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Delete it."""
        try:
            super().refresh_with(name, user, stored)
        except Failure:
            self.save(user, {**stored, "refresh_token": None})
            raise

    def refresh_attempts(self) -> int:
        """Try once."""
        return 1


class StaysBroken(ModelClient):
    """Opens a circuit breaker at the first failure, and never closes it."""

    broken = False

    def configure(self, config: Message) -> None:
        """Close it for the next case."""
        super().configure(config)
        self.broken = False

    def call(self, message: Message) -> Message:
        """Refuse by itself after a failure."""
        if self.broken:
            raise Failure(Kind.RETRY_LATER, "the circuit is open")
        try:
            return super().call(message)
        except Failure:
            self.broken = True
            raise

    def refresh_attempts(self) -> int:
        """Try once."""
        return 1


class ReportsNoStatus(ModelClient):
    """Wraps errors so that the status is lost."""

    def op_call(self, message: Message) -> Message:
        """Leave the status out."""
        reply = super().op_call(message)
        error = {**reply.get("error", {}), "http_status": None}
        return {**reply, "http_status": None, "error": error, "results": []}


class ReportsNoText(ModelClient):
    """Says that it failed, not why."""

    def detail(self, answer: Answer) -> str:
        """Read no body."""
        return ""

    def challenge_code(self, answer: Answer) -> str | None:
        """Read no header."""
        return None


class RepeatsRefusedCalls(ModelClient):
    """Sends a refused call again and again with the same token."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send up to four times."""
        for _ in range(3):
            answer = super().api_request(method, path, message, stored)
            if answer.status < 400:
                return answer
        return super().api_request(method, path, message, stored)


class IgnoresRefusals(ModelClient):
    """Leaves a 401 to its caller, though it says that it does not."""

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Never refresh."""
        return False


class RefreshesTwice(ModelClient):
    """Refreshes again what it has just refreshed, as two layers do that both answer a 401."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Refresh, and once more."""
        super().refresh_with(name, user, stored)
        super().refresh_with(name, user, self.load(user) or stored)


class RefreshesOnEveryRefusal(ModelClient):
    """Takes each 4xx for an expired token."""

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Refresh on all."""
        return 400 <= answer.status < 500


class TakesRefusalsForLogouts(ModelClient):
    """Sends its user to connect again whenever the API refuses something."""

    def read_document(self, answer: Answer, path: str) -> object:
        """Ask for a new connection."""
        if 400 <= answer.status < 500:
            told, code = f"refused{self.detail(answer)}", self.challenge_code(answer)
            raise Failure(Kind.REAUTH_REQUIRED, told, code=code, status=answer.status)
        return super().read_document(answer, path)


class KeepsTokensInMemory(ModelClient):
    """Says that it saves, and does not."""

    def __init__(self) -> None:
        super().__init__()
        self.memory: dict[str, Message] = {}

    def load(self, user: User) -> Message | None:
        """Look into the memory first."""
        return self.memory.get(str(user.path)) or super().load(user)

    def save(self, user: User, stored: Message) -> None:
        """Keep."""
        self.memory[str(user.path)] = stored
