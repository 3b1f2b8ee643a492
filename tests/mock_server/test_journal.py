"""The journal as a ring."""

from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.exchange import Exchange
from livestorm_mock_server.journal import Journal
from livestorm_mock_server.rails.request import Request
from livestorm_mock_server.sandbox import Sandbox
from livestorm_mock_server.scenario import Scenario

SANDBOX = Sandbox(Scenario())
LABELS = ("token.refresh_token", "token", "token_info", "api.me", "api.ping", None)


def write(journal: Journal, endpoint: str | None) -> None:
    """Write an exchange down."""
    request = Request(method="GET", raw_path="/", query=b"", headers=[], body=b"")
    exchange = Exchange(request=request, sandbox=SANDBOX, now=0.0, endpoint=endpoint)
    journal.open(exchange, 0.0)


@given(count=st.integers(0, 20), capacity=st.integers(1, 8))
def test_journal_keeps_the_newest(count: int, capacity: int) -> None:
    """The oldest exchanges make room, and the numbers tell how many there were."""
    journal = Journal(capacity)
    for _ in range(count):
        write(journal, None)
    kept = range(max(0, count - capacity) + 1, count + 1)
    assert [entry.seq for entry in journal.entries()] == list(kept)


@given(labels=st.lists(st.sampled_from(LABELS)), since=st.integers(0, 20))
def test_journal_gives_what_came_since(labels: list[str | None], since: int) -> None:
    """`since` is the number of the last exchange that is known."""
    journal = Journal()
    for label in labels:
        write(journal, label)
    assert [entry.seq for entry in journal.entries(since=since)] == list(
        range(since + 1, len(labels) + 1)
    )


@given(labels=st.lists(st.sampled_from(LABELS)))
def test_label_of_a_group_gives_all_of_it(labels: list[str | None]) -> None:
    """`token` gives the token endpoint's exchanges, and not those of `token_info`."""
    journal = Journal()
    for label in labels:
        write(journal, label)
    found = [entry.exchange.endpoint for entry in journal.entries(endpoint="token")]
    assert found == [label for label in labels if label in ("token", "token.refresh_token")]
