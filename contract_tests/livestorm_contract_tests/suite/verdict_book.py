"""What a case finds out: the outcomes that were noted, and the checks that were made."""

from collections.abc import Callable, Mapping
from typing import Final

from ..driving.evidence import evidence_of
from ..driving.kinds import Kind, may_be
from ..driving.outcome import Outcome, contradiction
from ..fake.journal import Exchange
from .verdicts import CheckResult, Level, judge

CONTRADICTION = "reply-fits-journal"
"""A check that each case has: what the client says must fit what it did."""

MISFIT = "values-have-their-types"
"""A check that each case has: what the client holds must be of the type that it says it is."""

HOW_IT_FAILED = "the client does not say how it failed"
"""Why a check is left open."""

AUTHORIZATION = "authorization-taken"
"""A check that is made only where it fails: a flow must begin, and the server take its request."""

IN_EACH_CASE: Final[Mapping[str, str]] = {
    CONTRADICTION: "what the client reports must fit what it did",
    MISFIT: "a time that the client holds is a number, a token a text, whatever the server sent",
    AUTHORIZATION: "the client begins an authorization, and the server takes its request",
}
"""The checks that a case has beside its own, with what each requires."""


class VerdictBook:
    """The outcomes and checks of one variant of a case; `checks` are requirements by name."""

    def __init__(
        self,
        case: str,
        variant: str,
        *,
        checks: Mapping[str, str],
        level_of: Callable[[str], Level],
        strict: bool,
        says_how: bool,
    ) -> None:
        self._case, self._variant = case, variant
        self._checks, self._level_of = checks, level_of
        self._says_how = says_how
        self.is_strict = strict
        """Whether what only should be is demanded."""
        self.outcomes: list[Outcome] = []
        self.results: list[CheckResult] = []
        self.left_open: list[str] = []
        """The checks that need to know more than the client says of a failure."""
        self.hung_at: Exchange | None = None
        """What was sent last by an operation that did not end."""
        self.others_answer = False
        """Whether answers come from elsewhere than the fake, whose journal then shows nothing."""
        self.has_judged = False
        """Whether the case has made a check of its own."""

    def check(self, name: str, holds: bool, *outcomes: Outcome, told: str | None = None) -> bool:
        """Note whether a requirement holds, with the outcomes that show it; give `holds`."""
        shown = () if holds else outcomes or tuple(self.outcomes[-1:])
        evidence = {"found": told, "outcomes": evidence_of(shown)}
        self._add(name, self._level_of(name), self._checks[name], evidence, holds=holds)
        self.has_judged = True
        return holds

    def check_kind(self, name: str, outcome: Outcome, *allowed: Kind) -> bool:
        """Check that an operation was reported as one of these kinds.

        Of a client that does not say how it failed, `failed` is taken, and how stays open.
        """
        holds = may_be(outcome.kind, *allowed)
        if holds and outcome.kind is Kind.FAILED:
            self.leave_open(name)
        wanted = " or ".join(sorted(allowed))
        told = f"reported as {outcome.kind}, allowed is {wanted}"
        return self.check(name, holds, outcome, told=told)

    def check_told(self, name: str, holds: bool, outcome: Outcome, told: str | None = None) -> None:
        """Note whether an error tells what it has to, unless the client says nothing of errors."""
        if self._says_how:
            self.check(name, holds, outcome, told=told)
        else:
            self.leave_open(name)

    def leave_open(self, name: str) -> None:
        """Note a check that needs to know how the client failed, which it does not say."""
        if name not in self.left_open:
            self.left_open.append(name)

    def note(self, outcome: Outcome) -> None:
        """Keep an outcome, check it against the journal, and its values by their types."""
        self.outcomes.append(outcome)
        found = None if self.others_answer else contradiction(outcome)
        self._note(CONTRADICTION, found, outcome)
        self._note(MISFIT, "; ".join(outcome.reply.misfits) or None, outcome)

    def fail_authorization(self, told: str) -> None:
        """Note that no flow began, or that the server did not take its request."""
        requirement = IN_EACH_CASE[AUTHORIZATION]
        self._add(AUTHORIZATION, Level.MUST, requirement, {"found": told}, holds=False)

    def _note(self, name: str, found: str | None, outcome: Outcome) -> None:
        """Note a check that each case has."""
        evidence = {"found": found, "outcomes": evidence_of([] if found is None else [outcome])}
        self._add(name, Level.MUST, IN_EACH_CASE[name], evidence, holds=found is None)

    def _add(
        self,
        name: str,
        level: Level,
        requirement: str,
        evidence: Mapping[str, object],
        *,
        holds: bool,
    ) -> None:
        shown = {} if holds else {"variant": self._variant, **evidence}
        self.results.append(
            CheckResult(
                check=f"{self._case}:{name}",
                level=level,
                verdict=judge(level, holds=holds, strict=self.is_strict),
                requirement=requirement,
                evidence=shown,
            )
        )
