"""What a run is to do, and for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from ..driving.under_test import ClientUnderTest
from ..suite.case import Case
from ..suite.settings import Settings
from .baseline import Baseline
from .jobs import Job
from .sets import profile_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The jobs that are put to a client, and in which light their results are seen."""

    client: ClientUnderTest
    jobs: Sequence[Job]
    settings: Settings
    baseline: Baseline = field(default_factory=Baseline)
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    """The day that decides which entries of the baseline count."""
    core_under: Sequence[Mapping[str, object]] = ()
    """Provider options under each of which the core is run once more."""

    @property
    def cases(self) -> list[Case]:
        """The cases of the jobs, each once."""
        return list({job.case.id: job.case for job in self.jobs}.values())

    @property
    def core(self) -> list[Case]:
        """The cases that are run once more."""
        return [one for one in self.cases if self.core_under and profile_of(one.id) == "core"]

    @property
    def total(self) -> int:
        """How many results there are to come."""
        return len(self.cases) + len(self.core) * len(self.core_under)
