"""F07: clients that misread the moment of RateLimit-Reset."""

from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.suite.verdicts import Level

from .conftest import Put, failed
from .limited_clients import FailsOnLimits
from .model_client import Answer, Failure, ModelClient, User


class PrefersTheReset(ModelClient):
    """Waits for the next month where a second would do."""

    def retry_after(self, answer: Answer) -> float | None:
        """Look at the wrong header first."""
        return self.reset_after(answer) or super().retry_after(answer)


class TakesMomentsForPauses(ModelClient):
    """Waits for as many seconds as have passed since 1970."""

    def reset_after(self, answer: Answer) -> float | None:
        """Subtract nothing."""
        value = answer.headers.get("ratelimit-reset", "")
        return float(value) if value.isdecimal() else None


class KnowsNoReset(ModelClient):
    """Does not look at RateLimit-Reset."""

    def reset_after(self, answer: Answer) -> float | None:
        """Give nothing."""
        return None


class HeedsEveryAnswer(ModelClient):
    """Puts off the next call after a success that says when the month ends."""

    def heed_limits(self, user: User, answer: Answer) -> None:
        """Look at no status."""
        if "ratelimit-reset" in answer.headers:
            raise Failure(Kind.RETRY_LATER, "limited", status=answer.status, not_before=1.0)


def test_crash_over_a_missing_header_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("F07", FailsOnLimits)) == {"kind", "used"}


def test_preferred_reset_is_found(put: Put) -> None:
    """The pause is longer than Retry-After says."""
    assert failed(put("F07", PrefersTheReset)) == {"retry-after-wins"}


def test_moment_taken_for_a_pause_is_found(put: Put) -> None:
    """The pause is of decades."""
    assert failed(put("F07", TakesMomentsForPauses)) == {"not-misread", "used"}


def test_unknown_reset_is_found(put: Put) -> None:
    """The pause is not what the reset says."""
    assert failed(put("F07", KnowsNoReset)) == {"used"}


def test_unknown_reset_is_no_mere_warning(put: Put) -> None:
    """Nothing in the row is a SHOULD."""
    case = put("F07", KnowsNoReset).case
    assert {case.level_of(check) for check in case.checks} == {Level.ROBUST}


def test_success_that_is_put_off_is_found(put: Put) -> None:
    """A success has no pause."""
    assert failed(put("F07", HeedsEveryAnswer)) == {"retry-after-wins", "success-counts", "used"}
