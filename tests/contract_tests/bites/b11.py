"""B11: clients that let foreign texts and parameters through."""

import sys
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.callbacks import Callbacks
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Pending, User
from .table import Bite, Table


class RefusesUnknownParameters(Callbacks):
    """Knows all that may be in a callback."""

    def check_duplicates(self, names: list[str]) -> None:
        """Refuse the rest."""
        super().check_duplicates(names)
        if not {"code", "state", "error", "error_description"}.issuperset(names):
            raise Failure(Kind.PROTOCOL_ERROR, "a parameter is unknown")


class PassesParametersOn(Callbacks, TokenEndpoint):
    """Sends the callback's parameters to the token endpoint, whoever wrote them."""

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


class QuotesTheDescription(Callbacks):
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


class LogsTheDescription(Callbacks):
    """Logs what came, whose second line looks like the client's own."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Log it."""
        sys.stderr.write(f"WARNING authorization failed: {given.get('error_description')}\n")
        super().check_granted(given)


class TakesHostilityForABug(Callbacks):
    """Has no word for what it can't print."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Expect a good text."""
        assert given.get("error_description", "").isprintable()
        super().check_granted(given)


class ReadsStrictly(Callbacks):
    """Decodes a callback as UTF-8, and knows no other octets."""

    def pairs_of(self, url: str) -> list[tuple[str, str]]:
        """Read the parameters."""
        return parse_qsl(urlsplit(url).query, keep_blank_values=True, errors="strict")


TABLE = Table(
    [
        Bite(RefusesUnknownParameters, {"unknown-ignored"}),
        Bite(PassesParametersOn, {"not-passed-on"}),
        Bite(QuotesTheDescription, {"limited", "markup", "one-line"}),
        Bite(QuotesOneLine, {"limited"}),
        Bite(QuotesMarkup, {"markup"}),
        Bite(QuotesLines, {"one-line"}),
        Bite(LogsTheDescription, {"log-line"}, apart=True),
        Bite(TakesHostilityForABug, {"kind"}),
        Bite(ReadsStrictly, {"kind"}),
    ],
)
