"""What is done when the API refuses a call."""

from livestorm_contract_tests.driving.kinds import Kind

from ...model_client.api_calls import ApiCalls
from ...model_client.operations import Operations
from ...model_client.refreshing import Refreshing
from ...model_client.values import Answer, Failure, Message


class ReportsNoStatus(Operations):
    """Wraps errors so that the status is lost."""

    def op_call(self, message: Message) -> Message:
        """Leave the status out."""
        reply = super().op_call(message)
        error = {**reply.get("error", {}), "http_status": None}
        return {**reply, "http_status": None, "error": error, "results": []}


class ReportsNoText(ApiCalls):
    """Says that it failed, not why."""

    def detail(self, answer: Answer) -> str:
        """Read no body."""
        return ""

    def challenge_code(self, answer: Answer) -> str | None:
        """Read no header."""
        return None


class RepeatsRefusedCalls(ApiCalls):
    """Sends a refused call again and again with the same token."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send up to four times."""
        for _ in range(3):
            answer = super().api_request(method, path, message, stored)
            if answer.status < 400:
                return answer
        return super().api_request(method, path, message, stored)


class IgnoresRefusals(Refreshing):
    """Leaves a 401 to its caller, though it says that it does not."""

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Never refresh."""
        return False


class RefreshesOnEveryRefusal(Refreshing):
    """Takes each 4xx for an expired token."""

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Refresh on all."""
        return 400 <= answer.status < 500


class TakesRefusalsForLogouts(ApiCalls):
    """Sends its user to connect again whenever the API refuses something."""

    def read_document(self, answer: Answer, path: str) -> object:
        """Ask for a new connection."""
        if 400 <= answer.status < 500:
            told, code = f"refused{self.detail(answer)}", self.challenge_code(answer)
            raise Failure(Kind.REAUTH_REQUIRED, told, code=code, status=answer.status)
        return super().read_document(answer, path)


class KnowsFewRefusals(ApiCalls):
    """Has a list of the 4xx that are failures, and takes each other one for an empty result."""

    def read_document(self, answer: Answer, path: str) -> object:
        """Look it up."""
        is_known = answer.status in (400, 401, 403, 404, 410, 422)
        return super().read_document(answer, path) if is_known or answer.status < 400 else None


class RefreshesAndReports(ApiCalls):
    """Refreshes on a refusal, and does not call again."""

    def read_document(self, answer: Answer, path: str) -> object:
        """Refresh first."""
        if 400 <= answer.status < 500:
            self.client.refreshing.refresh("u1", self.client.store.user("u1"), None)
        return super().read_document(answer, path)
