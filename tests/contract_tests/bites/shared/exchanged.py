"""What is made of an answer to a code."""

import sys

from livestorm_contract_tests.driving.kinds import Kind

from ...model_client.api_calls import ApiCalls
from ...model_client.operations import Operations
from ...model_client.refreshing import Refreshing
from ...model_client.token_endpoint import TokenEndpoint
from ...model_client.values import Answer, Failure, Message, User


class NamesEachAlike(TokenEndpoint):
    """Has one exception for all refusals, without the code."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Forget the code."""
        del answer, members
        return Failure(Kind.BUG, "[object Object]")


class AsksAgain(TokenEndpoint):
    """Repeats a refused request."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Send, and send again."""
        answer = super().token_request(form)
        return answer if answer.status < 400 else super().token_request(form)


class TakesAnything(TokenEndpoint):
    """Stores whatever comes."""

    def read_tokens(self, answer: Answer) -> Message:
        """Look at nothing."""
        members = answer.json()
        return {"access_token": "None", **(members if isinstance(members, dict) else {})}


class ChangesItsMind(TokenEndpoint):
    """Refuses every second token."""

    count = 0

    def read_tokens(self, answer: Answer) -> Message:
        """Count."""
        self.count += 1
        members = super().read_tokens(answer)
        if self.count % 2:
            raise Failure(Kind.PROTOCOL_ERROR, "not this time", status=answer.status)
        return members


class UsesNothing(Refreshing):
    """Takes an unknown lifetime for no connection."""

    def fresh(self, name: str, user: User) -> Message:
        """Refuse."""
        raise Failure(Kind.REAUTH_REQUIRED, "expired")


class StumblesOverSuccess(TokenEndpoint):
    """Fails where all went well."""

    def read_tokens(self, answer: Answer) -> Message:
        """Expect another status."""
        raise Failure(Kind.PROTOCOL_ERROR, "not 201", status=answer.status)


class HasNoWordForRefusals(TokenEndpoint):
    """Raises what no caller is told to expect, with all that the server said."""

    def read_tokens(self, answer: Answer) -> Message:
        """Rename the failure."""
        try:
            return super().read_tokens(answer)
        except Failure as failure:
            code = failure.code or self.code_of(answer)
            raise Failure(Kind.BUG, "unexpected", code=code, status=failure.status) from None

    def code_of(self, answer: Answer) -> str | None:
        """Give the code of an answer that was not read as an error."""
        members = answer.json()
        code = members.get("error") if isinstance(members, dict) else None
        return code if isinstance(code, str) else None


class QuotesTheAnswer(TokenEndpoint):
    """Shows an answer that it refuses, so that the operator can see what is wrong."""

    def read_tokens(self, answer: Answer) -> Message:
        """Add the body to the error."""
        try:
            return super().read_tokens(answer)
        except Failure as failure:
            failure.args = (f"{failure}: {answer.body.decode('utf-8', 'replace')}",)
            raise


class LogsTheAnswer(TokenEndpoint):
    """Logs an answer that it refuses, and reports nothing of it."""

    def read_tokens(self, answer: Answer) -> Message:
        """Write the body to standard error."""
        try:
            return super().read_tokens(answer)
        except Failure:
            sys.stderr.write(f"refused: {answer.body!r}\n")
            raise


class HidesTheCode(Operations):
    """Reports the right kind, and neither code nor status."""

    def describe(self, error: Exception) -> Message:
        """Leave all out."""
        return {"class": type(error).__name__, "message": "failed", "repr": "Failure()"}


class NeedsAWarmUp(ApiCalls):
    """Reports its first call after a connection as failed."""

    is_cold = True

    def call(self, message: Message) -> Message:
        """Call, and lose the answer the first time."""
        was_cold, self.is_cold = self.is_cold, False
        told = super().call(message)
        if was_cold:
            raise Failure(Kind.PROTOCOL_ERROR, "not ready")
        return told
