"""The journal as a ring of exchanges that are answered in any order."""

import asyncio
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server import InvalidInputError
from livestorm_mock_server.exchange import Exchange
from livestorm_mock_server.journal.entry import Entry
from livestorm_mock_server.journal.journal import Journal, Size
from livestorm_mock_server.journal.query import Query
from livestorm_mock_server.rails.request import Request
from livestorm_mock_server.rails.response import Response
from livestorm_mock_server.sandbox import Sandbox
from livestorm_mock_server.scenario import Scenario

SANDBOX = Sandbox(Scenario())
LABELS = ("token.refresh_token", "token", "token_info", "api.me", "api.ping", None)
ALL = Query()


def write(journal: Journal, endpoint: str | None = None) -> Entry:
    """Write an exchange down."""
    request = Request(method="GET", raw_path="/", query=b"", headers=[], body=b"")
    exchange = Exchange(request=request, provider=SANDBOX, now=0.0, endpoint=endpoint)
    return journal.open(exchange)


async def read(journal: Journal, count: int, *, after: int = 0) -> list[int]:
    """Follow the journal until so many exchanges have come; give their numbers."""
    numbers: list[int] = []
    async with aclosing(journal.follow(ALL, after=after)) as coming:
        while len(numbers) < count:
            numbers += [entry.seq for entry in await anext(coming)]
    return numbers


@given(count=st.integers(0, 20), capacity=st.integers(1, 8))
def test_journal_keeps_the_newest(count: int, capacity: int) -> None:
    """The oldest exchanges make room, and the numbers tell how many there were."""
    journal = Journal(Size(exchanges=capacity))
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


def test_unknown_filter_is_refused() -> None:
    """A filter that there is not is an error that names the nearest."""
    with pytest.raises(InvalidInputError, match="did you mean 'endpoint'"):
        Journal().entries(endpiont="token")


@given(order=st.permutations(range(6)), after=st.integers(0, 5))
def test_reader_misses_nothing_whatever_is_answered_first(order: list[int], after: int) -> None:
    """Events are in the order of the answers, so that a reader can go on from the last one."""
    journal = Journal()
    entries = [write(journal) for _ in order]
    for index in order:
        journal.answer(entries[index], Response())
    answered = [entries[index].seq for index in order]
    assert asyncio.run(read(journal, len(order) - after, after=after)) == answered[after:]


@given(capacity=st.integers(1, 4), count=st.integers(1, 8))
def test_events_go_on_in_the_successor(capacity: int, count: int) -> None:
    """A reader of a sandbox that is reset does not take new events for old ones."""
    journal = Journal()
    for _ in range(count):
        journal.answer(write(journal), Response())
    following = journal.successor(Size(exchanges=capacity))
    entry = write(following)
    following.answer(entry, Response())
    assert (entry.seq, entry.event) == (1, count + 1)


def test_closed_journal_lets_its_readers_go() -> None:
    """Who waits for an exchange does not wait for ever."""

    async def read_until_closed() -> list[list[Entry]]:
        journal = Journal()
        asyncio.get_running_loop().call_soon(journal.close)
        return [entries async for entries in journal.follow(ALL)]

    assert asyncio.run(read_until_closed()) == []


def test_idle_reader_is_told_that_nothing_came() -> None:
    """After `idle` seconds there is an empty list, and the reader goes on."""

    async def read_twice() -> tuple[list[Entry], int]:
        journal = Journal()
        async with aclosing(journal.follow(ALL, idle=0.001)) as coming:
            nothing = await anext(coming)
            entry = write(journal)
            journal.answer(entry, Response())
            return nothing, len(await anext(coming))

    assert asyncio.run(read_twice()) == ([], 1)


def test_wait_passes_over_what_has_made_room() -> None:
    """An exchange that is answered when it is no longer kept is not what was waited for."""

    async def answer_two() -> list[int]:
        journal = Journal(Size(exchanges=1))
        slow, quick = write(journal), write(journal)
        waiting = asyncio.create_task(journal.wait(10, ALL))
        await asyncio.sleep(0)
        journal.answer(slow, Response(status=200))
        await asyncio.sleep(0)
        journal.answer(quick, Response(status=200))
        return [entry.seq for entry in await waiting]

    assert asyncio.run(answer_two()) == [2]
