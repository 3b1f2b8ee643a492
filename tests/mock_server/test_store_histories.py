"""The store against one that walks all tokens, over random histories."""

from collections.abc import Callable, Coroutine
from itertools import product
from operator import methodcaller
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from livestorm_mock_server.store.protocol import (
    AlreadyUsedError,
    RateLimits,
    Rotation,
    RotationMode,
    Store,
    TokenRequest,
)
from livestorm_mock_server.store.records import AccessGrant, AccessToken, Application, User
from msgspec.structs import replace

from .stores import NewStore, some
from .test_store import ADA, CLIENT, OTHER, done
from .walking_store import WalkingStore

GRACE = 20.0
USERS = (ADA, replace(ADA, id=2, uuid="max", email="max@example.test"))
APPLICATIONS = (CLIENT, OTHER)
SCOPES = (("a",), ("a", "b"), ("b", "a"), ())
LIMITS = RateLimits(interval_limit=2, monthly_limit=4, monthly_period="30_days")

Operation = Callable[[Store], Coroutine[Any, Any, Any]]


def outcome(operation: Operation, store: Store) -> Any:
    """Give what an operation gives, without what the stores note for themselves."""
    try:
        given: Any = done(operation(store))
    except AlreadyUsedError:
        return "already used"
    return _plain(given)


def _plain(given: Any) -> Any:
    if isinstance(given, AccessToken):
        return replace(given, successor=None)
    return [_plain(one) for one in given] if isinstance(given, list) else given


class Histories(RuleBasedStateMachine):
    """Both stores under the same operations; the clock goes forth and back."""

    modes: ClassVar[tuple[RotationMode, ...]] = ()
    repeats: ClassVar[bool] = False
    users: ClassVar[tuple[User | None, ...]] = (*USERS, None)
    applications: ClassVar[tuple[Application, ...]] = APPLICATIONS
    scopes: ClassVar[tuple[tuple[str, ...], ...]] = SCOPES
    operations: ClassVar[tuple[str, ...]] = ()
    """What is drawn from; all where none is named."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store, self.model = store, WalkingStore()
        self.now = 1_000.0
        self.drawn = 0
        self.codes: list[str] = []

    @initialize()
    def register(self) -> None:
        """The applications are registered."""
        for application in APPLICATIONS:
            self.both(methodcaller("add_application", application))

    def both(self, operation: Operation) -> None:
        """Let both stores do the same."""
        assert outcome(operation, self.store) == outcome(operation, self.model)

    @rule(seconds=st.sampled_from([0.0, 1.0, 15.0, 200.0, -7.0, -150.0]))
    def let_time_pass(self, seconds: float) -> None:
        """Time passes, or is set back."""
        self.now += seconds

    @rule(data=st.data(), number=st.integers(1, 5))
    def operate(self, data: st.DataObject, number: int) -> None:
        """Operations give the same in both."""
        for _ in range(number):
            self.both(self.draw(data))

    @rule(data=st.data(), number=st.integers(1, 4))
    def rehearse(self, data: st.DataObject, number: int) -> None:
        """What is done in a rehearsal is undone; until then it gives what it always does."""
        codes, drawn = list(self.codes), self.drawn

        async def play() -> None:
            async with self.store.rehearsal() as store:
                for _ in range(number):
                    outcome(self.draw(data), store)

        done(play())
        self.codes, self.drawn = codes, drawn

    def draw(self, data: st.DataObject) -> Operation:
        """Draw an operation on what there is."""
        name = data.draw(st.sampled_from(self.operations or tuple(OPERATIONS)), label="operation")
        return OPERATIONS[name](self, data)

    def request(self, data: st.DataObject) -> TokenRequest:
        """Draw a request for a token."""
        self.drawn += 1
        name = f"{self.drawn}-{data.draw(st.integers(0, 10**9))}"
        return TokenRequest(
            token=f"access-{name}",
            refresh_token=data.draw(st.sampled_from([f"refresh-{name}", None])),
            application=data.draw(st.sampled_from(self.applications)),
            user=data.draw(st.sampled_from(self.users)),
            scopes=data.draw(st.sampled_from(self.scopes)),
            created_at=self.now,
            expires_in=data.draw(st.sampled_from([None, 0, 100])),
        )

    def token(self, data: st.DataObject) -> AccessToken | None:
        """Draw a token that there is."""
        there = list(done(self.store.tokens()))
        return data.draw(st.sampled_from(there)) if there else None

    @invariant()
    def the_same_is_known(self) -> None:
        """Both know the same tokens, by each of their names, and the same of each grant."""
        self.both(methodcaller("tokens"))
        for token in done(self.model.tokens()):
            self.both(methodcaller("find_token", token.token))
            self.both(methodcaller("find_refresh_token", token.refresh_token or ""))
        for code in self.codes:
            self.both(methodcaller("find_code", code))
        for user in USERS:
            self.both(methodcaller("authorized_applications", user))
        for whose in product(USERS, APPLICATIONS, SCOPES):
            self.both(methodcaller("has_valid_token", *whose))


def _issue_code(history: Histories, data: st.DataObject) -> Operation:
    history.drawn += 1
    code = f"code-{history.drawn}-{data.draw(st.integers(0, 10**9))}"
    history.codes.append(code)
    grant = AccessGrant(
        code=code,
        application=data.draw(st.sampled_from(APPLICATIONS)),
        user=data.draw(st.sampled_from(USERS)),
        redirect_uri="https://client.example.test/callback",
        scopes=("a",),
        created_at=history.now,
        expires_in=50,
    )
    return lambda store: store.issue_code(grant)


def _redeem_code(history: Histories, data: st.DataObject) -> Operation:
    if not history.codes:
        return _issue_code(history, data)
    code, new = data.draw(st.sampled_from(history.codes)), history.request(data)
    reuse = data.draw(st.booleans())
    return lambda store: store.redeem_code(code, new, reuse=reuse)


def _issue_token(history: Histories, data: st.DataObject) -> Operation:
    new, reuse = history.request(data), data.draw(st.booleans())
    return lambda store: store.issue_token(new, reuse=reuse)


def _rotate(history: Histories, data: st.DataObject) -> Operation:
    there = [one for one in done(history.store.tokens()) if one.refresh_token is not None]
    if not there:
        return _issue_token(history, data)
    old = data.draw(st.sampled_from(there))
    mode = data.draw(st.sampled_from(history.modes))
    rotation = Rotation(mode=mode, grace=GRACE, repeats=history.repeats)
    new = replace(
        history.request(data),
        refresh_token=f"refresh-{history.drawn}-{old.id}",
        application=old.application,
        user=old.user,
    )
    return lambda store: store.rotate(str(old.refresh_token), new, rotation=rotation)


def _on_token(
    operate: Callable[[Histories, AccessToken], Operation],
) -> Callable[[Histories, st.DataObject], Operation]:
    def draw(history: Histories, data: st.DataObject) -> Operation:
        token = history.token(data)
        return _issue_token(history, data) if token is None else operate(history, token)

    return draw


def _rename(history: Histories, token: AccessToken) -> Operation:
    history.drawn += 1
    text = f"renamed-{history.drawn}-{token.id}-{len(token.token)}"
    return lambda store: store.rename_token(token.id, token=text, refresh_token=None)


def _revoke_application(history: Histories, data: st.DataObject) -> Operation:
    user, application = data.draw(st.sampled_from(USERS)), data.draw(st.sampled_from(APPLICATIONS))
    now = history.now
    return lambda store: store.revoke_application(user, application.id, now)


def _count(history: Histories, data: st.DataObject) -> Operation:
    bucket, now = data.draw(st.sampled_from(["one", "other"])), history.now
    return lambda store: store.count_request(bucket, now, now, LIMITS)


def _present(history: Histories, token: AccessToken) -> Operation:
    now = history.now
    return lambda store: store.present_token(token.token, now)


def _revoke(history: Histories, token: AccessToken) -> Operation:
    now = history.now
    return lambda store: store.revoke_token(token.id, now)


def _revoke_family(history: Histories, token: AccessToken) -> Operation:
    now = history.now
    return lambda store: store.revoke_family(token.family, now)


def _expire(history: Histories, token: AccessToken) -> Operation:
    return lambda store: store.expire_token(token.id)


OPERATIONS: dict[str, Callable[[Histories, st.DataObject], Operation]] = {
    "count_request": _count,
    "expire_token": _on_token(_expire),
    "issue_code": _issue_code,
    "issue_token": _issue_token,
    "present_token": _on_token(_present),
    "redeem_code": _redeem_code,
    "rename_token": _on_token(_rename),
    "revoke_application": _revoke_application,
    "revoke_family": _on_token(_revoke_family),
    "revoke_token": _on_token(_revoke),
    "rotate": _rotate,
}


class InAllModes(Histories):
    modes = ("on_use", "instant", "grace", "family", "grace_then_family", "never")


class Never(Histories):
    modes = ("never",)
    operations = ("issue_token", "rotate", "rotate", "revoke_token", "revoke_family")


class Repeating(Histories):
    modes = ("grace",)
    repeats = True
    operations = ("issue_token", "rotate", "rotate", "revoke_token", "present_token")


class Reusing(Histories):
    users = (ADA,)
    applications = (CLIENT,)
    scopes = (("a",),)
    operations = ("issue_token", "redeem_code", "revoke_token")


@pytest.mark.parametrize("histories", [InAllModes, Never, Repeating, Reusing])
def test_store_gives_what_one_that_walks_all_tokens_gives(
    new_store: NewStore, store_name: str, histories: type[Histories]
) -> None:
    """Whatever is done in whatever order, the store gives what a plain one does."""
    machine: Any = lambda: histories(new_store())  # noqa: E731
    run_state_machine_as_test(machine, settings=some(store_name, examples=30, steps=20))
