"""What is done in a while."""

import asyncio

from livestorm_mock_server.shared.later import MOST, Later


def test_end_waits_for_what_work_begins() -> None:
    """Not only for what was under way when it was asked to end."""
    done: list[str] = []

    async def play() -> None:
        later = Later()

        async def first() -> None:
            later.do(second)
            done.append("first")

        async def second() -> None:
            done.append("second")

        later.do(first)
        await later.end()

    asyncio.run(play())
    assert done == ["first", "second"]


def test_no_more_is_under_way_than_there_is_room_for() -> None:
    """While nothing ends, further work is left undone; afterwards there is room again."""
    done: list[int] = []

    async def play() -> None:
        later, gate = Later(), asyncio.Event()

        async def wait() -> None:
            await gate.wait()
            done.append(1)

        for _ in range(MOST + 10):
            later.do(wait)
        gate.set()
        await later.end()
        later.do(wait)
        await later.end()

    asyncio.run(play())
    assert len(done) == MOST + 1
