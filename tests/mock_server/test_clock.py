"""The virtual clock."""

from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server.clock import VirtualClock

moments = st.integers(0, 4_000_000_000)
steps = st.integers(-1_000_000, 1_000_000)


class Wall:
    """Real time that a test moves."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@given(passes=st.integers(0, 1000))
def test_clock_runs_with_the_wall(passes: int) -> None:
    """Untouched, it is the wall clock."""
    wall = Wall()
    clock = VirtualClock(wall)
    wall.now += passes
    assert clock.now() == wall.now


@given(moves=st.lists(steps), frozen=st.booleans())
def test_advances_add_up(moves: list[int], frozen: bool) -> None:
    """Several moves are one move by their sum, frozen or not."""
    clock = VirtualClock(Wall(1_700_000_000))
    if frozen:
        clock.freeze()
    for move in moves:
        clock.advance(move)
    assert clock.now() == 1_700_000_000 + sum(moves)


@given(moment=moments, passes=st.integers(0, 1000))
def test_set_clock_runs_on_from_there(moment: int, passes: int) -> None:
    """After it was set, time goes on."""
    wall = Wall()
    clock = VirtualClock(wall)
    clock.set(moment)
    wall.now += passes
    assert clock.now() == moment + passes


@given(moment=moments, passes=st.integers(0, 1000))
def test_frozen_clock_stands_still(moment: int, passes: int) -> None:
    """Frozen, it shows what it was set to, whatever passes outside."""
    wall = Wall()
    clock = VirtualClock(wall)
    clock.freeze()
    clock.set(moment)
    wall.now += passes
    assert (clock.now(), clock.frozen) == (moment, True)


@given(pause=st.integers(0, 1000), passes=st.integers(0, 1000))
def test_resumed_clock_runs_on_from_where_it_stood(pause: int, passes: int) -> None:
    """The time of the freeze is not caught up with."""
    wall = Wall()
    clock = VirtualClock(wall)
    stood_at = clock.now()
    clock.freeze()
    wall.now += pause
    clock.resume()
    wall.now += passes
    assert (clock.now(), clock.frozen) == (stood_at + passes, False)


def test_reset_clock_shows_the_wall_again() -> None:
    """A reset forgets moves and freezes."""
    wall = Wall()
    clock = VirtualClock(wall)
    clock.advance(10)
    clock.freeze()
    clock.reset()
    assert (clock.now(), clock.frozen) == (wall.now, False)


@given(moment=moments)
def test_http_date_tells_the_virtual_time(moment: int) -> None:
    """The Date header's form is read back as the same second."""
    clock = VirtualClock(Wall())
    clock.set(moment)
    assert parsedate_to_datetime(clock.http_date()).timestamp() == moment


@settings(deadline=None)
@given(stands=st.lists(st.integers(0, 1000)), moves=st.integers(1, 1000))
def test_limits_are_counted_in_time_that_always_passes(stands: list[int], moves: int) -> None:
    """While the process's time stands still, `pace` and `wall` pass with the real one."""
    wall, steady = Wall(), Wall(0.0)
    clock = VirtualClock(wall, steady)
    clock.advance(10)
    for stood in stands:
        steady.now += stood
        assert clock.now() == 1_700_000_010
        clock.wall()
    wall.now += moves
    steady.now += moves
    assert clock.wall() == 1_700_000_000 + sum(stands) + moves
    assert clock.pace() == clock.wall() + 10


@given(passes=st.integers(0, 1000))
def test_limits_stand_still_with_a_frozen_clock(passes: int) -> None:
    """Who freezes the sandbox's own clock wants the limits to stay."""
    steady = Wall(0.0)
    clock = VirtualClock(Wall(), steady)
    clock.freeze()
    steady.now += passes
    assert clock.pace() == clock.now() == 1_700_000_000


@pytest.mark.parametrize("moment", [1e300, -1e13])
def test_clock_refuses_moments_without_a_date(moment: float) -> None:
    """A moment that no date has is refused when it is set."""
    with pytest.raises(ValueError, match="expected"):
        VirtualClock(Wall()).set(moment)
