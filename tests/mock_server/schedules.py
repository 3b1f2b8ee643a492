"""Clients of one grant, side by side, in an order that is drawn."""

import types
from collections.abc import Coroutine, Generator, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st
from livestorm_mock_server.store.protocol import AlreadyUsedError, Rotation, Store
from livestorm_mock_server.store.records import AccessToken

from .linearizability import LOST, Call, Model
from .test_store import done, grant_of, token_request
from .walking_store import WalkingStore

KINDS = ("redeem", "rotate", "rotate", "rotate", "present", "find", "revoke", "revoke family")
MOST_CLIENTS, MOST_OPERATIONS = 8, 3
FIRST = 1
"""The id of the pair that is there at the start."""


@types.coroutine
def pause() -> Generator[None]:
    """Let the others go on."""
    yield


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What a client asks of the store."""

    kind: str
    on: str
    """The name of the pair that it is about."""
    gives: str
    """The name of the pair that it may get."""
    now: float


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """What each client does, who goes on when, and who is killed where."""

    clients: tuple[tuple[Operation, ...], ...]
    turns: tuple[int, ...]
    killed_at: tuple[int, ...]
    """The turns at whose end the client is killed."""


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Draw a schedule of two to eight clients."""
    number = draw(st.integers(2, MOST_CLIENTS))
    names = st.sampled_from(["old", "old", "old", "0-0", "1-0", "0-1"])
    times = st.sampled_from([10.0, 10.0, 10.0, 45.0])
    clients = tuple(
        tuple(
            Operation(
                kind=draw(st.sampled_from(KINDS)),
                on=draw(names),
                gives=f"{client}-{at}",
                now=draw(times),
            )
            for at in range(draw(st.integers(1, MOST_OPERATIONS)))
        )
        for client in range(number)
    )
    turns = draw(st.lists(st.integers(0, number - 1), max_size=60))
    killed_at = draw(st.lists(st.integers(0, 60), max_size=2))
    return Schedule(clients=clients, turns=tuple(turns), killed_at=tuple(killed_at))


async def perform(store: Store, operation: Operation, rotation: Rotation) -> Hashable:
    """Do what a client asks for; give what it can tell of the answer."""
    new = token_request(operation.gives, operation.now)
    access, refresh = f"access-{operation.on}", f"refresh-{operation.on}"
    try:
        match operation.kind:
            case "redeem":
                return _told(await store.redeem_code("code", new, reuse=False))
            case "rotate":
                return _told(await store.rotate(refresh, new, rotation=rotation))
            case "present":
                return _told(await store.present_token(access, operation.now))
            case "find":
                return _told(await store.find_refresh_token(refresh))
            case "revoke":
                await store.revoke_token(FIRST, operation.now)
            case _:
                await store.revoke_family(FIRST, operation.now)
    except (AlreadyUsedError, KeyError):
        return "nothing"
    return "revoked"


def _told(token: AccessToken | None) -> Hashable:
    if token is None:
        return "nothing"
    return (token.token, token.refresh_token, token.revoked_at, token.previous_refresh_token)


async def prepare(store: Store) -> None:
    """Put a pair and a code into a store."""
    await store.issue_token(token_request("old", 0), reuse=False)
    await store.issue_code(grant_of("code", 0))


def sequential(rotation: Rotation) -> Model[WalkingStore]:
    """Give the model of a rotation mode."""
    start = WalkingStore()
    done(prepare(start))

    def apply(state: WalkingStore, operation: Hashable) -> tuple[WalkingStore, Hashable]:
        assert isinstance(operation, Operation)
        after = state.copy()
        return after, done(perform(after, operation, rotation))

    return Model(start=start, apply=apply, key=WalkingStore.fingerprint)


def play(schedule: Schedule, stores: Sequence[Store], rotation: Rotation) -> list[Call]:
    """Let the clients work on the stores, each on one; give what they saw."""
    history: list[Call] = []
    clock = iter(range(10_000))

    async def work(client: int) -> None:
        store = stores[client % len(stores)]
        for operation in schedule.clients[client]:
            call = Call(
                client=client, operation=operation, called=next(clock), returned=None, outcome=LOST
            )
            try:
                await pause()
                outcome = await perform(store, operation, rotation)
                await pause()
                call = replace(call, returned=next(clock), outcome=outcome)
            finally:
                history.append(call)

    _take_turns(schedule, {client: work(client) for client in range(len(schedule.clients))})
    return sorted(history, key=lambda call: call.called)


def _take_turns(schedule: Schedule, working: dict[int, Coroutine[Any, Any, None]]) -> None:
    turn = 0
    while working:
        drawn = schedule.turns[turn] if turn < len(schedule.turns) else turn
        client = sorted(working)[drawn % len(working)]
        try:
            working[client].send(None)
        except StopIteration:
            del working[client]
        else:
            if turn in schedule.killed_at:
                working.pop(client).close()
        turn += 1
