"""B11: clients that let foreign texts and parameters through."""

import sys
from collections.abc import Mapping

import pytest
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.suite.verdicts import Level

from .conftest import Put, failed
from .model_client import Answer, Failure, ModelClient, Pending, User


class RefusesUnknownParameters(ModelClient):
    """Knows all that may be in a callback."""

    def check_duplicates(self, names: list[str]) -> None:
        """Refuse the rest."""
        super().check_duplicates(names)
        if not {"code", "state", "error", "error_description"}.issuperset(names):
            raise Failure(Kind.PROTOCOL_ERROR, "a parameter is unknown")


class PassesParametersOn(ModelClient):
    """Sends the callback's parameters to the token endpoint, one and all."""

    def check_callback(self, user: User, pairs: list[tuple[str, str]]) -> Pending:
        """Keep them."""
        self.kept = {name: value for name, value in pairs if name != "state"}
        return super().check_callback(user, pairs)

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Send them."""
        form = {"grant_type": "authorization_code", "redirect_uri": pending.redirect_uri}
        return self.token_request(
            {**self.kept, **form, "code": code, "code_verifier": pending.verifier}
        )


class QuotesTheDescription(ModelClient):
    """Makes the description the text of its error."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Quote it."""
        try:
            super().check_granted(given)
        except Failure as failure:
            told = self.quoted(given["error_description"])
            raise Failure(failure.kind, f"the user refused: {told}") from None

    def quoted(self, description: str) -> str:
        """Quote all of it."""
        return description


class QuotesOneLine(QuotesTheDescription):
    """Replaces line breaks, and limits nothing else."""

    def quoted(self, description: str) -> str:
        """Join the lines."""
        return " ".join(description.split()).replace("<", "&lt;")


class QuotesMarkup(QuotesTheDescription):
    """Cuts the description, and escapes no markup."""

    def quoted(self, description: str) -> str:
        """Cut it."""
        return " ".join(description.split())[:200]


class QuotesLines(QuotesTheDescription):
    """Cuts and escapes the description for a page, where lines do not matter."""

    def quoted(self, description: str) -> str:
        """Escape it for a page."""
        return description[:200].replace("<", "&lt;")


class LogsTheDescription(ModelClient):
    """Logs what came."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Log it."""
        sys.stderr.write(f"WARNING authorization failed: {given.get('error_description')}\n")
        super().check_granted(given)


class TakesHostilityForABug(ModelClient):
    """Has no word for what it can't print."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Expect a good text."""
        assert given.get("error_description", "").isprintable()
        super().check_granted(given)


def test_refused_unknown_parameters_are_found(put: Put) -> None:
    """Providers add some without a word."""
    assert failed(put("B11", RefusesUnknownParameters)) == {"unknown-ignored"}


def test_parameters_passed_on_are_found(put: Put) -> None:
    """A callback is written by whoever sends the browser."""
    assert failed(put("B11", PassesParametersOn)) == {"not-passed-on"}


@pytest.mark.parametrize(
    ("client", "checks"),
    [
        (QuotesTheDescription, {"one-line", "markup", "limited"}),
        (QuotesOneLine, {"limited"}),
        (QuotesMarkup, {"markup"}),
        (QuotesLines, {"one-line"}),
    ],
)
def test_description_quoted_as_it_came_is_found(
    put: Put, client: type[ModelClient], checks: set[str]
) -> None:
    """Its line breaks, its markup, its length."""
    assert failed(put("B11", client)) == checks


def test_description_logged_as_it_came_is_found(put: Put) -> None:
    """A second line in a log looks like the client's own."""
    assert failed(put("B11", LogsTheDescription, apart=True)) == {"log-line"}


def test_crash_over_a_description_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("B11", TakesHostilityForABug)) == {"kind"}


def test_levels_say_what_a_specification_demands(put: Put) -> None:
    """Texts of errors are no pages, and have no length that anybody wrote down."""
    levels = {one.check: one.level for one in put("B11", ModelClient).checks}
    assert levels["B11:one-line"] is Level.MUST
    assert levels["B11:markup"] is Level.SHOULD
    assert levels["B11:limited"] is Level.ROBUST
