"""E04, E05, E08: clients that do not understand a refusal."""

import pytest
from livestorm_contract_tests.suite.verdicts import Verdict

from .common_mistakes import (
    RefreshesOnEveryRefusal,
    RepeatsRefusedCalls,
    ReportsNoStatus,
    ReportsNoText,
    TakesRefusalsForLogouts,
)
from .conftest import Put, failed
from .model_client import Answer, ModelClient


class ReadsEveryMember(ModelClient):
    """Takes the first error's members for there."""

    def detail(self, answer: Answer) -> str:
        """Read them."""
        error = answer.json()["errors"][0]  # type: ignore[index]
        return f": {error['title']}, {error['detail']}"


class RefreshesAndReports(ModelClient):
    """Refreshes on a refusal, and does not call again."""

    def read_document(self, answer: Answer, path: str) -> object:
        """Refresh first."""
        if 400 <= answer.status < 500:
            self.refresh("u1", self.user("u1"), None)
        return super().read_document(answer, path)


FORBIDDEN: dict[type[ModelClient], set[str]] = {
    TakesRefusalsForLogouts: {"kind"},
    RefreshesAndReports: {"no-refresh"},
    RefreshesOnEveryRefusal: {"no-refresh", "no-retry"},
    RepeatsRefusedCalls: {"no-retry"},
    ReportsNoStatus: set(),
    ReportsNoText: {"scope-reported"},
}
ERRORS: dict[type[ModelClient], set[str]] = {
    ReadsEveryMember: {"kind", "status-reported", "text-reported"},
    TakesRefusalsForLogouts: {"kind"},
    ReportsNoStatus: {"status-reported"},
    ReportsNoText: {"text-reported"},
}
WRONG_FOR_GOOD: dict[type[ModelClient], set[str]] = {
    TakesRefusalsForLogouts: {"kind"},
    RefreshesAndReports: {"no-refresh"},
    RefreshesOnEveryRefusal: {"no-refresh", "no-retry"},
    RepeatsRefusedCalls: {"no-retry"},
    ReportsNoStatus: set(),
    ReportsNoText: {"body-reported"},
}


@pytest.mark.parametrize("client", FORBIDDEN)
def test_mistaken_403_is_found(put: Put, client: type[ModelClient]) -> None:
    """The journal shows what was tried in vain, and the reply what it says."""
    assert failed(put("E04", client)) == FORBIDDEN[client]


def test_missing_scope_has_to_be_reported(put: Put) -> None:
    """It is no mere warning."""
    assert put("E04", ReportsNoText, strict=False).verdict is Verdict.FAIL


@pytest.mark.parametrize("client", ERRORS)
def test_mistaken_jsonapi_error_is_found(put: Put, client: type[ModelClient]) -> None:
    """The reply shows what was read of it."""
    assert failed(put("E05", client)) == ERRORS[client]


@pytest.mark.parametrize("client", WRONG_FOR_GOOD)
def test_repeated_404_is_found(put: Put, client: type[ModelClient]) -> None:
    """The journal shows what was tried in vain, and the reply what it says."""
    assert failed(put("E08", client)) == WRONG_FOR_GOOD[client]
