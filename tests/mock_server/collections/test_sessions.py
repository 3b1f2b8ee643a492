"""Sessions begin and end by the virtual clock."""

from collections.abc import Mapping

import pytest
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.scenario_files import read_scenario
from livestorm_mock_server.snapshots.encoding import encode

SOON, LATER, LAST = 9_000_000_000, 9_000_003_600, 9_000_007_200
SCENARIO = f"""
[[collections]]
type = "sessions"
path = "/v1/sessions"
items = [{{ id = "one", status = "upcoming", started_at = {SOON}, ended_at = {LATER} }}]
"""
pytestmark = pytest.mark.livestorm(read_scenario(SCENARIO, "sessions.toml", None))


def status_at(livestorm: LivestormSandbox, now: float) -> object:
    """Give the status of the session at a virtual time."""
    livestorm.clock.set(now)
    (session,) = livestorm.items("sessions")
    assert isinstance(session["attributes"], dict)
    return session["attributes"]["status"]


@pytest.mark.parametrize(
    ("now", "status"),
    [(SOON - 1, "upcoming"), (SOON, "live"), (LATER - 1, "live"), (LATER, "past")],
)
def test_session_has_the_status_of_its_times(
    livestorm: LivestormSandbox, now: float, status: str
) -> None:
    """However far the clock leaps."""
    assert status_at(livestorm, now) == status


@pytest.mark.parametrize(
    ("changed", "statuses"),
    [
        ({"started_at": LATER, "ended_at": LAST}, ["upcoming", "live", "past"]),
        ({"ended_at": 0}, ["live", "live", "live"]),
        ({"started_at": 0}, ["upcoming", "upcoming", "upcoming"]),
        ({"status": "canceled"}, ["canceled", "canceled", "canceled"]),
        ({"status": "live"}, ["live", "past", "past"]),
        ({"started_at": "soon"}, ["upcoming", "upcoming", "upcoming"]),
    ],
)
def test_session_that_is_changed_has_its_new_times(
    livestorm: LivestormSandbox, changed: Mapping[str, object], statuses: list[str]
) -> None:
    """None of the old ones, and none at all where that is over or unset."""
    livestorm.change_item("sessions", "one", changed)
    assert [status_at(livestorm, now) for now in (SOON, LATER, LAST)] == statuses


@pytest.mark.parametrize("far", [9_000_000_000_000, 9e300, 10**400, -(10**400), True, 9e9])
def test_session_at_any_time_can_be_kept(livestorm: LivestormSandbox, far: object) -> None:
    """One that the clock never reaches, such as one in milliseconds, brings nothing."""
    livestorm.change_item("sessions", "one", {"started_at": far})
    state = livestorm.state()
    livestorm.restore(state)
    assert encode(livestorm.state()) == encode(state)


def test_session_that_is_deleted_brings_nothing(livestorm: LivestormSandbox) -> None:
    """Its times are forgotten with it."""
    livestorm.delete_item("sessions", "one")
    livestorm.clock.set(LAST)
    assert livestorm.items("sessions") == []
