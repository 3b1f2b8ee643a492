"""The audit as a whole: its shape, its ways to be asked, its discretion."""

import pytest
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.audit.rules import RULES

from .sender import Sender, found

pytestmark = pytest.mark.livestorm(rate_limits=False, consent="approve")


def test_control_api_shows_findings(livestorm: LivestormSandbox, sender: Sender) -> None:
    """`GET /_mock/audit` has the documented shape, one finding for all of one message."""
    sender.authorize(state=None)
    sender.authorize(state=None)
    assert sender.http.get(f"{livestorm.control_url}/audit").json() == {
        "findings": [
            {
                "rule": "missing_state",
                "severity": "error",
                "message": "the authorization request has no state",
                "reference": "RFC 6749, section 10.12",
                "exchanges": [1, 2],
            }
        ]
    }


def test_control_api_shows_nothing_of_an_empty_journal(
    livestorm: LivestormSandbox, sender: Sender
) -> None:
    """Without requests there are no findings."""
    assert sender.http.get(f"{livestorm.control_url}/audit").json() == {"findings": []}


def test_python_gives_the_same(livestorm: LivestormSandbox, sender: Sender) -> None:
    """`livestorm.audit()` gives what the control API shows."""
    sender.authorize(state=None)
    shown = sender.http.get(f"{livestorm.control_url}/audit").json()["findings"]
    assert [finding.as_json() for finding in livestorm.audit()] == shown


def test_cleared_journal_has_no_findings(livestorm: LivestormSandbox, sender: Sender) -> None:
    """The audit judges what the journal holds."""
    sender.authorize(state=None)
    livestorm.journal.clear()
    assert found(livestorm) == {}


def test_findings_stand_in_the_order_of_the_rules(
    livestorm: LivestormSandbox, sender: Sender
) -> None:
    """The order is that of the table, not that of the exchanges."""
    sender.authorize(client_secret="a-secret")
    sender.authorize(state=None, code_challenge=None)
    ids = [rule.id for rule in RULES]
    broken = list(found(livestorm))
    assert broken == ["missing_state", "missing_pkce", "secret_in_query"]
    assert broken == sorted(broken, key=ids.index)


def test_rule_ids_are_unique() -> None:
    """No two rules have one id."""
    assert len({rule.id for rule in RULES}) == len(RULES)
