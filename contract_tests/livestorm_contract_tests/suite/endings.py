"""How driving a client can end before its time, and the verdict on each way."""

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..driving.carrier import AdapterFailed, Crash, Garbage, Hang, NotOffered
from .case_result import CaseResult
from .client import CutShort
from .driver import Unsupported
from .verdicts import Verdict, worst

VERDICTS: Mapping[type[Exception], Verdict] = {
    Unsupported: Verdict.SKIP,
    NotOffered: Verdict.SKIP,
    Hang: Verdict.HANG,
    Crash: Verdict.CRASH,
    Garbage: Verdict.ERROR,
    AdapterFailed: Verdict.ERROR,
}


def ended(result: CaseResult, error: Exception, judged: Sequence[Verdict] = ()) -> CaseResult:
    """Give the result of a case that ended so; what is none of the known ways is the suite's.

    What was `judged` before counts, where the case only could not go on.
    """
    if isinstance(error, CutShort | Unsupported) and worst(judged) not in (
        Verdict.PASS,
        Verdict.SKIP,
    ):
        return replace(result, verdict=worst(judged))
    verdict = VERDICTS.get(type(error))
    reason = str(error)
    if verdict is None:
        reason = f"the suite failed: {''.join(traceback.format_exception(error))}"
    elif verdict is Verdict.SKIP:
        reason = f"not-supported: {error}"
    means_nothing = verdict is None or isinstance(error, AdapterFailed)
    return replace(result, verdict=verdict or Verdict.ERROR, reason=reason, is_broken=means_nothing)
