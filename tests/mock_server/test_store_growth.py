"""What an operation of the store costs does not grow with what else is in it."""

import sys
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any

import pytest
from livestorm_mock_server.store.memory import MemoryStore
from livestorm_mock_server.store.protocol import Rotation, Store
from livestorm_mock_server.store.redis.store import RedisStore
from msgspec.structs import replace

from .redis_servers import BlockingServer, CountingServer
from .test_store import ADA, CLIENT, done, grant_of, token_request

FEW, MANY = 10, 10_000
MANY_IN_REDIS = 200
SEARCH = 400
"""Steps that a search in a sorted list of so many takes beyond one in a short list."""
SCOPES = ("identity:read",)


def steps_of(operation: Coroutine[Any, Any, object]) -> int:
    """Count the steps of the interpreter that an operation takes, the same at each run."""
    steps = 0

    def trace(frame: FrameType, event: str, argument: object) -> Callable[..., Any]:
        nonlocal steps
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        steps += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        done(operation)
    finally:
        sys.settrace(before)
    return steps


def fill(store: Store, number: int) -> Store:
    """Give a user so many tokens for an application, in families of two."""
    done(store.add_application(CLIENT))
    for one in range(number):
        done(store.issue_code(grant_of(f"code-{one}", one)))
        done(store.issue_token(token_request(f"{one}", one), reuse=False))
        renewed = token_request(f"{one}-renewed", one)
        done(store.rotate(f"refresh-{one}", renewed, rotation=Rotation(mode="on_use")))
    return store


async def rehearse(store: Store) -> None:
    """Rehearse a refresh."""
    async with store.rehearsal() as rehearsed:
        new = token_request("new", MANY)
        await rehearsed.rotate("refresh-7-renewed", new, rotation=Rotation(mode="instant"))


Operation = Callable[[Store], Coroutine[Any, Any, object]]

OPERATIONS: dict[str, Operation] = {
    "authorized_applications": lambda store: store.authorized_applications(ADA),
    "expire_token": lambda store: store.expire_token(7),
    "find_token": lambda store: store.find_token("access-7"),
    "has_valid_token": lambda store: store.has_valid_token(ADA, CLIENT, SCOPES),
    "has_valid_token, without one": lambda store: store.has_valid_token(ADA, CLIENT, ()),
    "issue_code": lambda store: store.issue_code(grant_of("new", MANY)),
    "issue_token": lambda store: store.issue_token(token_request("new", MANY), reuse=False),
    "issue_token, with reuse": lambda store: store.issue_token(
        token_request("new", MANY), reuse=True
    ),
    "present_token": lambda store: store.present_token("access-7-renewed", MANY),
    "redeem_code": lambda store: store.redeem_code("code-7", token_request("n", 8), reuse=False),
    "revoke_application, of another user": lambda store: store.revoke_application(
        replace(ADA, id=2), CLIENT.id, MANY
    ),
    "revoke_family": lambda store: store.revoke_family(7, MANY),
    "revoke_token": lambda store: store.revoke_token(8, MANY),
    "rotate, in a grace period": lambda store: store.rotate(
        "refresh-7",
        token_request("new", MANY),
        rotation=Rotation(mode="grace", grace=30, repeats=True),
    ),
    "rotate, without rotation": lambda store: store.rotate(
        "refresh-7", token_request("new", MANY), rotation=Rotation(mode="never")
    ),
}


@pytest.fixture(scope="module")
def few() -> Store:
    """A store with a few tokens."""
    return fill(MemoryStore(), FEW)


@pytest.fixture(scope="module")
def many() -> Store:
    """A store with many tokens."""
    return fill(MemoryStore(), MANY)


@pytest.fixture(scope="module")
def counting_server(redis_server: BlockingServer) -> CountingServer:
    """The Redis server, which counts what the script does."""
    return CountingServer(redis_server.client)


@pytest.fixture(scope="module")
def few_in_redis(counting_server: CountingServer) -> Store:
    """A store on Redis with a few tokens."""
    return fill(RedisStore(counting_server, "few"), FEW)


@pytest.fixture(scope="module")
def many_in_redis(counting_server: CountingServer) -> Store:
    """A store on Redis with many tokens."""
    return fill(RedisStore(counting_server, "many"), MANY_IN_REDIS)


def steps_in(store: Store, operation: Operation) -> int:
    """Count the steps of an operation, and take it back."""

    async def measure() -> int:
        async with store.rehearsal() as rehearsed:
            return steps_of(operation(rehearsed))

    return done(measure())


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_costs_the_same_among_many_tokens(few: Store, many: Store, name: str) -> None:
    """An operation takes as many steps in a store of 20,000 tokens as in one of 20."""
    operation = OPERATIONS[name]
    assert steps_in(many, operation) <= steps_in(few, operation) + SEARCH


def test_rehearsal_costs_the_same_among_many_tokens(few: Store, many: Store) -> None:
    """Nothing is copied to rehearse a refresh."""
    assert steps_of(rehearse(many)) <= steps_of(rehearse(few)) + SEARCH


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_on_redis_costs_the_same_among_many_tokens(
    few_in_redis: Store, many_in_redis: Store, counting_server: CountingServer, name: str
) -> None:
    """A script gives as many commands, and reads as much, among 400 tokens as among 20."""
    operation = OPERATIONS[name]

    async def measure(store: Store) -> int:
        async with store.rehearsal() as rehearsed:
            await operation(rehearsed)
        return counting_server.cost

    assert done(measure(many_in_redis)) == done(measure(few_in_redis))


def test_each_operation_on_redis_is_one_round_trip(
    few_in_redis: Store, counting_server: CountingServer
) -> None:
    """Every operation asks the server once."""

    async def measure(operation: Operation) -> int:
        async with few_in_redis.rehearsal() as rehearsed:
            before = counting_server.runs
            await operation(rehearsed)
            return counting_server.runs - before

    assert {name: done(measure(one)) for name, one in OPERATIONS.items()} == dict.fromkeys(
        OPERATIONS, 1
    )


def test_ended_pairs_make_room_for_newer_ones(store: Store) -> None:
    """Of the pairs that were revoked, the newest are remembered, and a living one for ever."""
    store.kept = 3
    living = done(store.issue_token(token_request("living", 0), reuse=False))
    for number in range(10):
        token = done(store.issue_token(token_request(f"{number}", number), reuse=False))
        done(store.revoke_token(token.id, number))
    done(store.issue_token(token_request("last", 11), reuse=False))
    known = [one.token for one in done(store.tokens())]
    assert known == [living.token, "access-7", "access-8", "access-9", "access-last"]
    assert done(store.find_refresh_token("refresh-6")) is None


def test_dying_pair_is_remembered_until_it_is_dead(store: Store) -> None:
    """A pair in its grace period is not forgotten, however many there are."""
    store.kept = 0
    grace = Rotation(mode="grace", grace=100)
    done(store.issue_token(token_request("old", 0), reuse=False))
    done(store.rotate("refresh-old", token_request("new", 1), rotation=grace))
    done(store.issue_token(token_request("other", 100), reuse=False))
    assert done(store.find_token("access-old")) is not None
    done(store.issue_token(token_request("another", 101), reuse=False))
    assert done(store.find_token("access-old")) is None


def test_token_without_a_refresh_token_is_forgotten_once_it_expired(store: Store) -> None:
    """A token that can't be refreshed is over with its lifetime."""
    store.kept = 0
    alone = replace(token_request("alone", 0, expires_in=10), refresh_token=None)
    done(store.issue_token(alone, reuse=False))
    done(store.issue_token(token_request("other", 10), reuse=False))
    assert done(store.find_token("access-alone")) is not None
    done(store.issue_token(token_request("another", 11), reuse=False))
    assert done(store.find_token("access-alone")) is None


def test_codes_make_room_once_they_are_used_or_expired(store: Store) -> None:
    """Of the codes that are over, the newest are remembered; a usable one is never forgotten."""
    store.kept = 2
    for number in range(4):
        done(store.issue_code(grant_of(f"{number}", number)))
    assert done(store.find_code("0")) is not None
    done(store.issue_code(grant_of("late", 1_000)))
    done(store.issue_code(grant_of("later", 1_001)))
    known = [code for code in "0123" if done(store.find_code(code)) is not None]
    assert len(known) == 0


def test_forgotten_token_of_a_used_code_is_no_error(store: Store) -> None:
    """A code whose pair is forgotten can still be tried, to no effect."""
    store.kept = 0
    token = done(store.issue_token(token_request("old", 0), reuse=False))
    done(store.revoke_token(token.id, 0))
    done(store.issue_token(token_request("new", 1), reuse=False))
    done(store.revoke_token(token.id, 2))
    assert done(store.find_token("access-old")) is None
