"""What limits and outages are mistaken for."""

import time
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

from livestorm_contract_tests.driving.kinds import Kind

from ...model_client.api_calls import ApiCalls
from ...model_client.limits import Limits
from ...model_client.operations import Operations
from ...model_client.values import Answer, Failure, Message, User
from .fragile import WaitsShortly


class IgnoresPauses(Limits):
    """Tries again in a moment, whatever Retry-After says."""

    def may_retry(self, failure: Failure) -> bool:
        """Read no header."""
        time.sleep(self.backoff())
        return failure.kind is Kind.RETRY_LATER

    def pause(self, user: User) -> None:
        """Remember no pause."""


class ForgetsPauses(Limits):
    """Keeps a pause until the end of the operation that was told of it."""

    def put_off(self, user: User, until: float) -> None:
        """Remember nothing."""


class TellsNoTime(Operations):
    """Keeps to itself how long the pause is."""

    def op_call(self, message: Message) -> Message:
        """Leave the time out."""
        return {**super().op_call(message), "not_before_s": None}

    def op_refresh(self, message: Message) -> Message:
        """Leave the time out."""
        return {**super().op_refresh(message), "not_before_s": None}


class TakesLimitsForRefusals(Limits):
    """Has one word for every status that is not 200."""

    def check_available(self, answer: Answer) -> None:
        """Tell no refusal from another."""
        if answer.status >= 400:
            raise Failure(Kind.PROTOCOL_ERROR, "refused", status=answer.status)


class KnowsFewOutages(WaitsShortly, Limits):
    """Has a list of the 5xx that pass, and takes each other one for an answer."""

    def check_available(self, answer: Answer) -> None:
        """Look it up."""
        if answer.status < 500 or answer.status in (500, 502, 503, 504):
            super().check_available(answer)


class FailsOnLimits(Limits):
    """Expects a number in Retry-After and in RateLimit-Reset."""

    def retry_after(self, answer: Answer) -> float | None:
        """Convert what there is."""
        if answer.status not in (429, 503):
            return None
        return float(int(answer.headers.get("retry-after", "")))


class ForgetsUsersOnLimits(ApiCalls):
    """Takes a 429 for the end of the session."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Flag the user."""
        try:
            return super().call_api(user, method, path, message, stored, most)
        except Failure as failure:
            if failure.status in (429, 503):
                self.client.store.save(user, {**stored, "needs_reauth": True})
            raise


class NeverGivesUp(ApiCalls):
    """Repeats a call five times."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Ask for more attempts."""
        return super().call_api(user, method, path, message, stored, most=5)


class StaysLimited(Limits):
    """Never asks again once it was limited, like a circuit breaker that does not close."""

    def pause(self, user: User) -> None:
        """Open the circuit for good."""
        if user.not_before:
            raise Failure(Kind.RETRY_LATER, "the circuit is open", status=429, not_before=0.0)


class StaysBusy(Limits):
    """Goes on reporting a limit that is over."""

    was_limited = False

    def check_available(self, answer: Answer) -> None:
        """Remember one refusal for good."""
        self.was_limited = self.was_limited or answer.status in (429, 503)
        if self.was_limited:
            raise Failure(Kind.RETRY_LATER, "limited", status=answer.status)


class SleepsThroughAll(Limits):
    """Waits for as long as the test can bear, where it should report."""

    def may_retry(self, failure: Failure) -> bool:
        """Wait within no budget."""
        time.sleep(min(failure.not_before or 0, 3.2))
        return False


class TriesAgainAtOnce(ApiCalls, Limits):
    """Waits for zero seconds where it can't read for how many, on the same connection."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send twice, with nothing between that takes time on a busy machine."""
        base = urlsplit(self.config["api_base"])
        headers = {"Authorization": f"Bearer {stored['access_token']}"}
        connection = HTTPConnection(base.netloc, timeout=self.client.http.read_seconds())
        with closing(connection):
            for _ in range(2):
                connection.request(method, base.path + path, headers=headers)
                response = connection.getresponse()
                body = response.read()
                if response.status == 200:
                    break
        return Answer(response.status, response.headers, body)

    def may_retry(self, failure: Failure) -> bool:
        """Leave it at that."""
        return False


class IgnoresRetryAfter(Limits):
    """Asks again in a moment, as it reads no header."""

    def retry_after(self, answer: Answer) -> float | None:
        """Read none."""
        return None


class HasNoWordForOutages(Limits):
    """Expects JSON from whatever answers."""

    def check_available(self, answer: Answer) -> None:
        """Parse it."""
        assert answer.status < 500 or answer.json() is not None
        super().check_available(answer)
