"""Clients of two servers see what they would have seen one after the other at one."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ..linearizability import LOST, Call, Model, find_order
from ..schedules import Operation, perform, prepare
from ..test_store import ROTATIONS, done
from ..walking_store import WalkingStore
from .conftest import Machine, Shared

EXAMPLES = 12
MODES = ("instant", "on_use")
"""Those in which a request changes the store in one operation."""
KINDS = {"exchange": "redeem", "refresh": "rotate", "use": "present", "revoke": "revoke"}
"""What clients do, and the operation of the store that decides about it."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request: with the pair that all have, or with the newest of the client's own."""

    kind: str
    with_own: bool


Plans = tuple[tuple[Asked, ...], ...]

ASKED = st.builds(
    Asked,
    kind=st.sampled_from(["exchange", "refresh", "refresh", "use", "revoke"]),
    with_own=st.booleans(),
)
PLANS: st.SearchStrategy[Plans] = st.lists(
    st.lists(ASKED, min_size=1, max_size=3).map(tuple), min_size=2, max_size=6
).map(tuple)


class Race:
    """Clients of a sandbox, and what each asked for and was told."""

    def __init__(self, shared: Shared) -> None:
        self._machines = (shared.one, shared.other)
        self._credentials = shared.credentials
        self._old = shared.pair()
        location = httpx.URL(shared.one.control("POST", "authorize")["location"])
        self._code = {
            "grant_type": "authorization_code",
            "code": location.params["code"],
            "redirect_uri": str(location.copy_with(query=None)),
        }
        self._clock = count()
        self.history: list[Call] = []

    def run(self, plans: Plans) -> list[Call]:
        """Let all clients go at once; give what they saw."""
        at_once = threading.Barrier(len(plans))
        with ThreadPoolExecutor(len(plans)) as pool:
            list(
                pool.map(
                    lambda number: self._play(number, plans[number], at_once), range(len(plans))
                )
            )
        return sorted(self.history, key=lambda call: call.called)

    def _play(self, client: int, plan: tuple[Asked, ...], at_once: threading.Barrier) -> None:
        machine, own, name = self._machines[client % 2], self._old, "old"
        at_once.wait(20)
        for at, asked in enumerate(plan):
            pair, on = (own, name) if asked.with_own else (self._old, "old")
            gives = f"{client}-{at}"
            operation = Operation(kind=KINDS[asked.kind], on=on, gives=gives, now=10.0)
            call = Call(
                client=client,
                operation=operation,
                called=next(self._clock),
                returned=None,
                outcome=LOST,
            )
            outcome, given_pair = self._ask(machine, asked.kind, pair)
            self.history.append(replace(call, returned=next(self._clock), outcome=outcome))
            if asked.kind == "refresh" and given_pair is not None:
                own, name = given_pair, gives

    def _ask(
        self, machine: Machine, kind: str, pair: dict[str, str]
    ) -> tuple[Hashable, dict[str, str] | None]:
        if kind == "use":
            answer = machine.ping(Authorization=f"Bearer {pair['access_token']}")
            return answer.status_code == 200, None
        if kind == "revoke":
            token = {"token": self._old["access_token"], **self._credentials}
            return machine.http.post(f"{machine.url}/oauth/revoke", data=token).is_success, None
        refresh = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
        answer = machine.token(
            **(self._code if kind == "exchange" else refresh), **self._credentials
        )
        return answer.is_success, answer.json() if answer.is_success else None


def model_of(mode: str) -> Model[WalkingStore]:
    """Give what the requests mean, one after the other."""
    start = WalkingStore()
    done(prepare(start))

    def apply(state: WalkingStore, operation: Hashable) -> tuple[WalkingStore, Hashable]:
        assert isinstance(operation, Operation)
        after = state.copy()
        told = done(perform(after, operation, ROTATIONS[mode]))
        is_good = told != "nothing"
        if operation.kind == "present" and is_good:
            assert isinstance(told, tuple)
            ended = told[2]
            is_good = ended is None or ended > operation.now
        return after, is_good

    return Model(start=start, apply=apply, key=WalkingStore.fingerprint)


@pytest.mark.parametrize("mode", MODES)
def test_clients_of_two_servers_are_as_one_after_the_other(
    open_shared: Callable[..., Shared], mode: str
) -> None:
    """Two to six clients refresh, exchange, use and revoke at once, at whichever server."""
    model = model_of(mode)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(PLANS)
    def check(plans: Plans) -> None:
        provider = {"rotation": mode, "rate_limits": False}
        history = Race(open_shared(provider=provider)).run(plans)
        assert find_order(history, model) is not None, "\n".join(map(str, history))

    check()
