"""The fake does with hostile requests what Puma does, or what was decided instead."""

from collections.abc import Iterator

import pytest
from livestorm_mock_server.journal.entry import Entry

from .comparison import load_decided
from .fake import Fake, run_fake
from .observing import Observation
from .probes import load_probes
from .recording import load_recording

PROBES = load_probes()
OBSERVED = load_recording().observed
DECIDED = load_decided()


@pytest.fixture(scope="module")
def fake() -> Iterator[Fake]:
    """One fake for all probes, each on a connection of its own."""
    with run_fake() as running:
        yield running


def assert_journal_has_answers(observed: Observation, entries: list[Entry]) -> None:
    """Check that each answer has its exchange, with its status and a reason."""
    refused = [int(word) for word in observed.answers if word not in ("served", "100")]
    statuses = [one.response.status for one in entries if one.response is not None]
    assert statuses[len(statuses) - len(refused) :] == refused
    assert all(one.exchange.reason for one in entries)


@pytest.mark.parametrize("name", [name for name in PROBES if name not in DECIDED])
def test_probe_becomes_what_it_becomes_at_puma(fake: Fake, name: str) -> None:
    """The same is served or refused, seen and written down; the connection goes on or ends."""
    observed, entries = fake.observe(PROBES[name])
    assert observed == OBSERVED[name]
    assert_journal_has_answers(observed, entries)


@pytest.mark.parametrize("name", DECIDED)
def test_decided_difference_is_one(fake: Fake, name: str) -> None:
    """What agrees after all leaves the table; what differs is written down no less."""
    observed, entries = fake.observe(PROBES[name])
    assert observed != OBSERVED[name]
    assert_journal_has_answers(observed, entries)


def test_recording_has_all_probes() -> None:
    """What is in the corpus was sent to Puma, and nothing else."""
    assert set(OBSERVED) == set(PROBES)


def test_no_two_probes_send_the_same() -> None:
    """Each row of the corpus is a case of its own."""
    assert len({probe.sent for probe in PROBES.values()}) == len(PROBES)
