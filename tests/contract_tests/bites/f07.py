"""F07: clients that misread the moment of RateLimit-Reset."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.limits import Limits
from ..model_client.values import Answer, Failure, User
from .shared.limited import FailsOnLimits
from .table import Bite, Table


class PrefersTheReset(Limits):
    """Waits for the next month where a second would do."""

    def retry_after(self, answer: Answer) -> float | None:
        """Look at the wrong header first."""
        return self.reset_after(answer) or super().retry_after(answer)


class TakesMomentsForPauses(Limits):
    """Waits for as many seconds as have passed since 1970."""

    def reset_after(self, answer: Answer) -> float | None:
        """Subtract nothing."""
        value = answer.headers.get("ratelimit-reset", "")
        return float(value) if value.isdecimal() else None


class KnowsNoReset(Limits):
    """Does not look at RateLimit-Reset."""

    def reset_after(self, answer: Answer) -> float | None:
        """Give nothing."""
        return None


class HeedsEveryAnswer(Limits):
    """Puts off the next call after a success that says when the month ends."""

    def heed_limits(self, user: User, answer: Answer) -> None:
        """Look at no status."""
        if "ratelimit-reset" in answer.headers:
            raise Failure(Kind.RETRY_LATER, "limited", status=answer.status, not_before=1.0)


class CrashesOverDates(Limits):
    """Expects digits in RateLimit-Reset."""

    def reset_after(self, answer: Answer) -> float | None:
        """Convert what there is."""
        int(answer.headers.get("ratelimit-reset", "0"))
        return super().reset_after(answer)


class BelievesAnyMoment(Limits):
    """Takes milliseconds for seconds."""

    def reset_after(self, answer: Answer) -> float | None:
        """Subtract, whatever it is."""
        value = answer.headers.get("ratelimit-reset", "")
        wait = int(value) - self.now() if value.isdecimal() else 0
        return wait if wait > 0 else None


class PutsSuccessOff(Limits):
    """Takes a reset beside a success for a pause, until it meets a real one."""

    was_limited = False

    def heed_limits(self, user: User, answer: Answer) -> None:
        """Look at the header."""
        self.was_limited = self.was_limited or answer.status == 429
        if "ratelimit-reset" in answer.headers and not self.was_limited:
            raise Failure(Kind.RETRY_LATER, "limited", status=200, not_before=1.0)


class KnowsOtherTimeZones(Limits):
    """Reads the moment in a time zone that is half an hour ahead."""

    def reset_after(self, answer: Answer) -> float | None:
        """Subtract it."""
        wait = super().reset_after(answer)
        return wait and wait - 1800


TABLE = Table(
    [
        Bite(FailsOnLimits, {"kind"}),
        Bite(PrefersTheReset, {"retry-after-wins"}),
        Bite(TakesMomentsForPauses, {"not-misread", "used"}),
        Bite(KnowsNoReset),
        Bite(KnowsOtherTimeZones, {"used"}),
        Bite(HeedsEveryAnswer, {"retry-after-wins", "success-counts"}),
        Bite(CrashesOverDates, {"kind"}),
        Bite(BelievesAnyMoment, {"not-misread"}),
        Bite(PutsSuccessOff, {"success-counts"}),
    ],
)
