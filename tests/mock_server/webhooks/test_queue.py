"""What is on its way, held to a model of a schedule."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server.clock import VirtualClock
from livestorm_mock_server.webhooks.delivery import Delivery, Parcel
from livestorm_mock_server.webhooks.queue import Queue


class Plan(NamedTuple):
    """When a parcel is due, in seconds from the beginning, and its retries, each of which fails."""

    due_at: float
    retries: tuple[int, ...]


class Sent(NamedTuple):
    """An attempt: when it was made, and of which parcel."""

    at: float
    number: int


PLANS = st.lists(
    st.builds(
        Plan, st.integers(0, 20).map(float), st.lists(st.integers(0, 10), max_size=4).map(tuple)
    ),
    max_size=8,
)
BODIES = (b"a", b"bb", b"ccc")
MOVES = st.lists(st.integers(0, 15), max_size=6)


class Nothing:
    """An agenda of a world that stands still."""

    due_at = None

    def catch_up(self) -> None:
        """Do nothing."""


def model(plans: Sequence[Plan], times: Sequence[float]) -> list[Sent]:
    """Give the attempts at these times: what is due first, and of several what came first."""
    waiting = [(one.due_at, number, number, 0) for number, one in enumerate(plans)]
    came, sent = len(waiting), list[Sent]()
    for now in times:
        while waiting and min(waiting)[0] <= now:
            due_at, _, number, made = waiting.pop(waiting.index(min(waiting)))
            sent.append(Sent(now, number))
            if made < len(plans[number].retries):
                later = due_at + plans[number].retries[made]
                waiting.append((later, came, number, made + 1))
                came += 1
    return sent


async def play(plans: Sequence[Plan], times: Sequence[float]) -> list[Sent]:
    """Have a queue do it, on a clock that stands at each of these times."""
    clock, sent = VirtualClock(lambda: 0.0, lambda: 0.0), list[Sent]()
    clock.freeze()
    counted: list[tuple[int, int]] = []
    left = {number: list(one.retries) for number, one in enumerate(plans)}

    async def attempt(parcel: Parcel) -> None:
        delivery = parcel.delivery
        sent.append(Sent(clock.now(), delivery.number))
        waiting = {id(one.body): len(one.body) for _, _, one in queue._waiting}
        counted.append((queue.bytes, sum(waiting.values())))
        await asyncio.sleep(0)  # An attempt takes a while, in which the queue goes on.
        if left[delivery.number] and delivery.due_at is not None:
            delivery.due_at += left[delivery.number].pop(0)
        else:
            delivery.end("failed")

    queue = Queue(clock, Nothing(), attempt)
    clock.call_when_moved(queue.wake)
    deliveries = [
        Delivery(number=number, event="", webhook=None, url="", cause="", due_at=one.due_at)
        for number, one in enumerate(plans)
    ]
    for index, now in enumerate(times):
        clock.set(now)
        if index == 0:
            queue.put([Parcel(delivery=one, body=BODIES[one.number % 3]) for one in deliveries])
        await queue.settle(10, deliveries)
    await queue.drop()
    assert [one for one in deliveries if one.state == "pending"] == []
    assert all(told == right for told, right in counted)
    assert queue.bytes == 0
    return sent


def test_burst_is_sent_a_hundred_at_a_time() -> None:
    """As each is a connection; none is left out."""

    async def run() -> list[int]:
        clock, under_way, seen = VirtualClock(lambda: 0.0, lambda: 0.0), set[int](), list[int]()
        all_of_first, all_of_second = asyncio.Barrier(100), asyncio.Barrier(50)

        async def attempt(parcel: Parcel) -> None:
            number = parcel.delivery.number
            under_way.add(number)
            seen.append(len(under_way))
            await (all_of_first if number < 100 else all_of_second).wait()
            under_way.discard(number)
            parcel.delivery.end("delivered")

        queue = Queue(clock, Nothing(), attempt)
        sent = [
            Delivery(number=number, event="", webhook=None, url="", cause="", due_at=0.0)
            for number in range(150)
        ]
        queue.put(Parcel(delivery=one, body=b"", burst=1) for one in sent)
        await queue.settle(10, sent)
        await queue.drop()
        return seen

    assert asyncio.run(run()) == [*range(1, 101), *range(1, 51)]


@settings(max_examples=60)
@given(PLANS, MOVES)
def test_each_attempt_comes_in_its_time_and_order(plans: list[Plan], moves: list[int]) -> None:
    """Whatever is planned and however the clock leaps: none early, none left out, none twice."""
    times = [float(sum(moves[:count])) for count in range(len(moves) + 1)]
    assert asyncio.run(play(plans, times)) == model(plans, times)
