"""Running cases: several workers, each with a process of the client, and no order between them."""

import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

from ..driving.carrier import AdapterFailed, Crash, Garbage, Hang, NotOffered
from ..driving.messages import Ready
from .capabilities import missing
from .case import Case, Variant
from .client import Refused, Unsupported
from .pool import Launch, Pool
from .settings import Settings
from .stage import Stage, open_stage
from .verdicts import CaseResult, Verdict, merged, worst


def run_cases(
    cases: Sequence[Case],
    launch: Launch,
    settings: Settings,
    *,
    tell: Callable[[CaseResult], None] = lambda result: None,
) -> tuple[Ready, list[CaseResult]]:
    """Run cases against the client that `launch` starts; give what it is, and the results.

    `tell` hears of each case as it is finished. Raises AdapterFailed where the client never
    gets ready.
    """
    first = launch()
    ready = first.ready
    pool = Pool(launch, settings.workers, first=first)
    try:
        with ThreadPoolExecutor(settings.workers) as workers:
            plays: dict[Future[CaseResult], Case] = {
                workers.submit(play, case, variant, pool, settings): case
                for case in cases
                for variant in case.variants
            }
            return ready, list(_collected(cases, plays, tell))
    finally:
        pool.close()


def _collected(
    cases: Sequence[Case],
    plays: Mapping["Future[CaseResult]", Case],
    tell: Callable[[CaseResult], None],
) -> Iterator[CaseResult]:
    done: dict[str, list[CaseResult]] = {case.id: [] for case in cases}
    results: dict[str, CaseResult] = {}
    for future in as_completed(plays):
        case = plays[future]
        done[case.id].append(future.result())
        if len(done[case.id]) == len(case.variants):
            results[case.id] = merged(done[case.id])
            tell(results[case.id])
    return iter([results[case.id] for case in cases])


def play(case: Case, variant: Variant, pool: Pool, settings: Settings) -> CaseResult:
    """Run one variant of a case; whatever happens is its result."""
    started = time.monotonic()
    stage: Stage | None = None

    def result(verdict: Verdict, reason: str | None = None, *, broken: bool = False) -> CaseResult:
        checks = [] if stage is None else stage.results
        return CaseResult(
            case=case,
            verdict=verdict,
            checks=checks,
            reason=reason,
            seconds=time.monotonic() - started,
            is_broken=broken,
        )

    try:
        with pool.lease() as lease:
            if lacks := missing(case.needs, lease.carrier.ready):
                return result(Verdict.SKIP, f"not-supported: {', '.join(lacks)}")
            with open_stage(case, variant, lease, settings) as stage:
                case.play(stage)
            stage.check_driving(stage.has_judged, "the case has judged nothing")
            return result(worst(check.verdict for check in stage.results))
    except (Unsupported, NotOffered) as error:
        return result(Verdict.SKIP, f"not-supported: {error}")
    except Refused as error:
        return result(Verdict.FAIL, str(error))
    except Hang as error:
        return result(Verdict.HANG, str(error))
    except Crash as error:
        return result(Verdict.CRASH, str(error))
    except Garbage as error:
        return result(Verdict.ERROR, str(error))
    except AdapterFailed as error:
        return result(Verdict.ERROR, str(error), broken=True)
    except Exception:
        return result(Verdict.ERROR, f"the suite failed: {traceback.format_exc()}", broken=True)
