"""What a run is to do, and for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from ..driving.messages import Ready
from ..driving.under_test import ClientUnderTest
from ..suite.case import Case
from ..suite.case_result import CaseResult
from ..suite.settings import Settings
from .baseline import Baseline
from .jobs import Job
from .requirements import Requirements, newest
from .scoring import scored


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a command line said, for those of the commands that come next."""

    options: Sequence[str] = ()
    """What each of them has, too, beside the client, the set and `--strict`."""
    chosen: Sequence[str] = ()
    """What chose the cases."""
    baseline: Sequence[str] = ()
    """What names the baseline, where there is one."""
    suggested: str = "baseline.yaml"
    """The file that a baseline may be written to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The jobs that are put to a client, and in which light their results are seen."""

    client: ClientUnderTest
    jobs: Sequence[Job]
    settings: Settings
    requirements: Requirements = field(default_factory=newest)
    """The set by which the client is scored."""
    scores_all: bool = False
    """Whether what the set does not hold counts, too."""
    baseline: Baseline = field(default_factory=Baseline)
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    """The day that decides which entries of the baseline count."""
    core_under: Sequence[Mapping[str, object]] = ()
    """Provider options under each of which the core is run once more."""
    asked: Asked = field(default_factory=Asked)
    """The command line that it comes from."""

    @property
    def cases(self) -> list[Case]:
        """The cases of the jobs, each once."""
        return list({job.case.id: job.case for job in self.jobs}.values())

    @property
    def core(self) -> list[Case]:
        """The cases that are run once more."""
        return [one for one in self.cases if self.core_under and self._is_core(one)]

    @property
    def total(self) -> int:
        """How many results there are to come."""
        return len(self.cases) + len(self.core) * len(self.core_under)

    def score(self, result: CaseResult, variant: str, ready: Ready) -> CaseResult:
        """Give the result of a variant as far as it counts for this client."""
        if self.scores_all:
            return result
        return scored(result, variant, self.requirements, ready, strict=self.settings.strict)

    def counts_under(self, provider: Mapping[str, object]) -> bool:
        """Tell whether the core counts under a value of an open question."""
        known = self.requirements.alternatives
        return all(value in known.get(name, ()) for name, value in provider.items())

    def _is_core(self, case: Case) -> bool:
        return self.requirements.profile_of(case.id) == "core"
