"""The virtual clock."""

from email.utils import parsedate_to_datetime

import pytest
from hypothesis import example, given
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


@given(moves=st.lists(st.tuples(steps, st.integers(0, 1000))), ahead=st.integers(0, 1000))
def test_wall_and_pace_always_pass(moves: list[tuple[int, int]], ahead: int) -> None:
    """Whether the process's time stands or leaps, `wall` and `pace` pass with the steady one."""
    process, steady = Wall(), Wall(0.0)
    clock = VirtualClock(process, steady)
    clock.advance(ahead)
    for leap, passes in moves:
        before = clock.wall(), clock.pace()
        process.now += leap
        steady.now += passes
        assert clock.now() == process.now + ahead
        assert (clock.wall(), clock.pace()) == (before[0] + passes, before[1] + passes)


@example(moves=[(0, 100)])
@given(moves=st.lists(st.tuples(steps, st.integers(0, 1000))))
def test_reset_brings_all_times_together(moves: list[tuple[int, int]]) -> None:
    """What the process's time stood or leapt before a reset is not kept."""
    process, steady = Wall(), Wall(0.0)
    clock = VirtualClock(process, steady)
    for leap, passes in moves:
        process.now += leap
        steady.now += passes
        clock.wall()
    clock.reset()
    assert clock.wall() == clock.pace() == clock.now() == process.now


@given(moment=moments, leap=steps, passes=st.integers(0, 1000), frozen=st.booleans())
def test_limits_are_counted_from_where_the_clock_was_set(
    moment: int, leap: int, passes: int, frozen: bool
) -> None:
    """Whoever moves the sandbox's own clock knows the second in which requests are counted."""
    process, steady = Wall(), Wall(0.0)
    clock = VirtualClock(process, steady)
    process.now += leap
    if frozen:
        clock.freeze()
    clock.set(moment)
    clock.resume()
    steady.now += passes
    assert clock.pace() == moment + passes


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
