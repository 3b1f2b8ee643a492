"""No secret stands in what is reported, wherever a client shows it."""

from typing import ClassVar
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_contract_tests.suite.masking import HIDDEN, LEAST, mask
from livestorm_contract_tests.suite.verdicts import Verdict

from ..bites.play import put
from ..bites.table import Bite
from ..model_client.authorization import Authorization
from ..model_client.operations import Operations
from ..model_client.part import Part
from ..model_client.values import Message, User

TEXTS = st.text(st.characters(exclude_characters=HIDDEN, exclude_categories=["Cs"]))


@given(secret=TEXTS.filter(lambda it: len(it) >= LEAST), around=st.tuples(TEXTS, TEXTS))
def test_secret_is_hidden_wherever_it_stands(secret: str, around: tuple[str, str]) -> None:
    """In any text of the evidence, as it is or as a URL has it."""
    before, after = around
    quoted = f"{before}{quote(secret, safe='')}{after}"
    evidence = {"found": before + secret + after, "outcomes": [{"error": quoted}]}
    shown = str(mask(evidence, [secret]))
    assert shown.count(HIDDEN) >= 2
    assert secret not in shown


@given(TEXTS)
def test_nothing_else_changes(text: str) -> None:
    """Without a secret, and with one that is too short to tell."""
    evidence = {"found": text, "outcomes": [{"seq": 1, "status": None}]}
    assert mask(evidence, []) == evidence
    assert mask(evidence, ["a", "true"]) == evidence


class LeavesWithItsSecret(Authorization):
    """Begins at another server, with all that it has in the query."""

    secrets: ClassVar[set[str]] = set()

    def begin(self, user: User) -> Message:
        """Show the secret."""
        self.secrets.add(self.config["client_secret"])
        query = f"client_secret={self.config['client_secret']}"
        return {
            **super().begin(user),
            "authorize_url": f"http://127.0.0.1:9/oauth/authorize?{query}",
        }


class TellsItsTokens(Operations):
    """Calls all its failures by the tokens that it has."""

    secrets: ClassVar[set[str]] = set()

    def op_call(self, message: Message) -> Message:
        """Show the tokens."""
        stored = self.client.store.load(self.user_of(message)) or {}
        self.secrets.update({stored["access_token"], stored["refresh_token"]})
        told = f"{stored['access_token']} and {stored['refresh_token']}"
        return {"kind": "bug", "error": {"message": told, "repr": told}}


@pytest.mark.parametrize(
    ("case", "client"), [("A01", LeavesWithItsSecret), ("E01", TellsItsTokens)]
)
def test_report_hides_what_a_client_shows(case: str, client: type[Part]) -> None:
    """The failure is told, and the secret is not."""
    result = put(case, Bite(client))
    shown = str([one.evidence for one in result.checks])
    assert result.verdict is Verdict.FAIL
    assert HIDDEN in shown
    assert [one for one in vars(client)["secrets"] if one in shown] == []
