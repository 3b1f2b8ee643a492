"""What is given once is given once, however many clients ask for it at the same time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from threading import Barrier
from typing import Any

import pytest
import redis
from hypothesis import Phase, given, settings
from livestorm_mock_server.store.memory import MemoryStore
from livestorm_mock_server.store.protocol import AlreadyUsedError, Rotation, Store, TokenRequest
from livestorm_mock_server.store.records import AccessToken
from livestorm_mock_server.store.redis.script import Argument, Script
from livestorm_mock_server.store.redis.store import RedisStore

from .linearizability import LOST, Call, Model, find_order
from .redis_servers import BlockingServer
from .schedules import Schedule, pause, play, prepare, schedules, sequential
from .stores import some
from .test_store import ROTATIONS, done, grant_of, token_request

WORKERS = 4
ROUNDS = 100
NewStores = Callable[[], Sequence[Store]]


class Distant:
    """A server to which a script is under way for a while, and its answer, too."""

    def __init__(self, server: BlockingServer) -> None:
        self._server = server

    async def run(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        """Run the script."""
        await pause()
        answer = await self._server.run(script, keys, arguments)
        await pause()
        return answer


@pytest.fixture
def workers(store_name: str, redis_server: BlockingServer) -> NewStores:
    """What gives the same store, prepared, as each worker has it."""
    redis_server.client.flushdb()
    numbers = count(1)

    def in_memory() -> list[Store]:
        store = MemoryStore()
        done(prepare(store))
        return [store]

    def on_redis() -> list[Store]:
        name = f"races/{next(numbers)}"
        done(prepare(RedisStore(redis_server, name)))
        return [RedisStore(Distant(redis_server), name) for _ in range(WORKERS)]

    return in_memory if store_name == "memory" else on_redis


@pytest.mark.parametrize("rotation", ROTATIONS)
def test_grant_is_as_if_its_clients_came_one_after_the_other(
    workers: NewStores, store_name: str, rotation: str
) -> None:
    """Two to eight clients, some of which are killed, see what a sequence would have shown."""
    model = sequential(ROTATIONS[rotation])

    @some(store_name, examples=80, steps=1)
    @given(schedules())
    def check(schedule: Schedule) -> None:
        history = play(schedule, workers(), ROTATIONS[rotation])
        assert find_order(history, model) is not None, history

    check()


class Racy:
    """A store that looks first and acts then; alone, it does right."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def rotate(
        self, refresh_token: str, new: TokenRequest, *, rotation: Rotation
    ) -> AccessToken:
        """Refresh a pair that was not revoked a moment ago."""
        old = await self._store.find_refresh_token(refresh_token)
        await pause()
        if old is None or old.is_revoked(new.created_at):
            raise AlreadyUsedError
        try:
            return await self._store.rotate(refresh_token, new, rotation=rotation)
        except AlreadyUsedError:
            return await self._store.issue_token(new, reuse=False)


def test_race_is_found_in_few_schedules(workers: NewStores) -> None:
    """A store with a race between two operations is caught within 200 schedules."""
    rotation = ROTATIONS["instant"]
    model = sequential(rotation)

    @settings(max_examples=200, deadline=None, derandomize=True, phases=[Phase.generate])
    @given(schedules())
    def check(schedule: Schedule) -> None:
        stores: Any = [Racy(store) for store in workers()]
        assert find_order(play(schedule, stores, rotation), model) is not None

    with pytest.raises(AssertionError):
        check()


def take(state: bool, operation: object) -> tuple[bool, str]:
    """Take the only thing there is, or find that it is gone."""
    return False, "taken" if state else "gone"


ONE_THING = Model(start=True, apply=take, key=bool)
TAKEN = Call(client=0, operation="take", called=0, returned=2, outcome="taken")
ALSO = replace(TAKEN, client=1, called=1, returned=3)
GONE = replace(ALSO, outcome="gone")
HISTORIES = {
    "one gets it": ([TAKEN, GONE], True),
    "the one that asked later gets it": ([replace(TAKEN, outcome="gone"), ALSO], True),
    "the one that came after the other's answer gets it": (
        [replace(TAKEN, outcome="gone"), replace(ALSO, called=3, returned=4)],
        False,
    ),
    "both get it": ([TAKEN, ALSO], False),
    "nobody gets it": ([GONE], False),
    "the one that got it was killed": (
        [replace(TAKEN, returned=None, outcome=LOST), GONE],
        True,
    ),
    "one was killed before it got it": ([replace(TAKEN, returned=None, outcome=LOST), ALSO], True),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_checker_tells_what_could_have_been_a_sequence(name: str) -> None:
    """A history is right just where some order of its calls explains each answer."""
    history, is_right = HISTORIES[name]
    assert (find_order(history, ONE_THING) is not None) == is_right


def test_code_is_redeemed_once_over_many_connections(redis_server: BlockingServer) -> None:
    """Of four clients at a time, each with its own connection, one gets the pair."""
    redis_server.client.flushdb()
    at_once = Barrier(WORKERS)

    def redeem(worker: int) -> list[int]:
        at = redis_server.client.connection_pool
        with redis.Redis(connection_pool=at, single_connection_client=True) as client:
            store = RedisStore(BlockingServer(client), "raced")
            won = []
            for number in range(ROUNDS):
                at_once.wait(30)
                new = token_request(f"{worker}-{number}", 1)
                try:
                    done(store.redeem_code(f"code-{number}", new, reuse=False))
                except AlreadyUsedError:
                    continue
                won.append(number)
            return won

    store = RedisStore(redis_server, "raced")
    for number in range(ROUNDS):
        done(store.issue_code(grant_of(f"code-{number}", 0)))
    with ThreadPoolExecutor(WORKERS) as pool:
        winners = [number for won in pool.map(redeem, range(WORKERS)) for number in won]
    assert sorted(winners) == list(range(ROUNDS))
    assert len(done(store.tokens())) == ROUNDS
