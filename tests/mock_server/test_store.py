"""The lifecycles of codes and tokens in the store, against a table."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)
from livestorm_mock_server.store.protocol import (
    AlreadyUsedError,
    Rotation,
    RotationMode,
    Store,
    TokenRequest,
)
from livestorm_mock_server.store.records import (
    AccessGrant,
    AccessToken,
    Application,
    Organization,
    User,
)

from .stores import NewStore, some

T = TypeVar("T")

GRACE = 30.0
LIFETIME = 100
CODE_LIFETIME = 50

# What a refresh makes of the pair that was refreshed, and what ends it later.
AFTER_REFRESH = {
    "on_use": "superseded",  # revoked when the new access token is first presented
    "instant": "revoked",
    "grace": "dying",  # revoked when the grace period is over
    "family": "revoked",
    "grace_then_family": "dying",
    "never": "current",
}

WORKSPACE = Organization(id="workspace", name="Workspace", slug="workspace")
ADA = User(
    id=1,
    uuid="ada",
    first_name="Ada",
    last_name="Martin",
    email="ada@example.test",
    organization=WORKSPACE,
)
CLIENT = Application(
    id=1,
    name="Client",
    client_id="client",
    client_secret="secret",
    redirect_uris=("https://client.example.test/callback",),
)
OTHER = Application(
    id=2,
    name="Other",
    client_id="other",
    client_secret="secret",
    redirect_uris=("https://other.example.test/callback",),
)


def done(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that must not wait: an operation of the store is one step."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise AssertionError("the store waited within an operation")


def token_request(
    name: str, now: float, *, application: Application = CLIENT, expires_in: int | None = LIFETIME
) -> TokenRequest:
    """Make a request for a pair whose values carry a name."""
    return TokenRequest(
        token=f"access-{name}",
        refresh_token=f"refresh-{name}",
        application=application,
        user=ADA,
        scopes=("identity:read",),
        created_at=now,
        expires_in=expires_in,
    )


def grant_of(code: str, now: float, *, application: Application = CLIENT) -> AccessGrant:
    """Make a grant for a code."""
    return AccessGrant(
        code=code,
        application=application,
        user=ADA,
        redirect_uri="https://client.example.test/callback",
        scopes=("identity:read",),
        created_at=now,
        expires_in=CODE_LIFETIME,
    )


@dataclass
class Pair:
    """What the model knows of an access token and its refresh token."""

    id: int
    access: str
    refresh: str
    family: int
    born_at: float
    state: str = "current"
    dies_at: float | None = None
    successor_of: "Pair | None" = None
    successor: "Pair | None" = None
    forced_expiry: bool = False

    def is_revoked(self, now: float) -> bool:
        """Tell whether the pair is at its end."""
        return self.state == "revoked" or (self.dies_at is not None and self.dies_at <= now)

    def is_expired(self, now: float) -> bool:
        """Tell whether the access token's lifetime is over."""
        return self.forced_expiry or now > self.born_at + LIFETIME


@dataclass
class Code:
    """What the model knows of a code."""

    code: str
    born_at: float
    state: str = "issued"


class Lifecycles(RuleBasedStateMachine):
    """One store under one rotation mode, beside its model."""

    codes = Bundle("codes")
    pairs = Bundle("pairs")

    def __init__(self, store: Store, rotation: Rotation) -> None:
        super().__init__()
        self.store, self.rotation = store, rotation
        self.now = 1_000.0
        self.model: list[Pair] = []
        self.model_codes: list[Code] = []

    def _name(self) -> str:
        return str(len(self.model) + len(self.model_codes))

    def _add(self, token: AccessToken, *, parent: Pair | None = None) -> Pair:
        pair = Pair(
            id=token.id,
            access=token.token,
            refresh=str(token.refresh_token),
            family=token.id if parent is None else parent.family,
            born_at=self.now,
        )
        self.model.append(pair)
        return pair

    def _end(self, pair: Pair) -> None:
        if not pair.is_revoked(self.now):
            pair.state = "revoked"

    @rule(target=codes)
    def issue_code(self) -> Code:
        """A new code is issued."""
        code = Code(f"code-{len(self.model_codes)}", self.now)
        done(self.store.issue_code(grant_of(code.code, self.now)))
        self.model_codes.append(code)
        return code

    @rule(target=pairs, code=consumes(codes))
    def redeem_unused_code(self, code: Code) -> Pair:
        """A code gives one pair."""
        if code.state == "revoked":
            with pytest.raises(AlreadyUsedError):
                done(self.store.redeem_code(code.code, self._request(), reuse=False))
            return self._add(done(self.store.issue_token(self._request(), reuse=False)))
        token = done(self.store.redeem_code(code.code, self._request(), reuse=False))
        code.state = "redeemed"
        return self._add(token)

    @rule(data=st.data())
    def redeem_used_code(self, data: st.DataObject) -> None:
        """A used code gives nothing."""
        used = [code for code in self.model_codes if code.state != "issued"]
        if used:
            code = data.draw(st.sampled_from(used))
            with pytest.raises(AlreadyUsedError):
                done(self.store.redeem_code(code.code, self._request(), reuse=False))

    @rule(target=pairs)
    def issue_token(self) -> Pair:
        """A pair may come without a code."""
        return self._add(done(self.store.issue_token(self._request(), reuse=False)))

    @rule(pair=pairs, target=pairs)
    def rotate(self, pair: Pair) -> Pair:
        """A refresh gives a successor and does to the pair what the mode says."""
        if self.rotation.mode == "never":
            pair = self._newest_with(pair.refresh)
        if pair.is_revoked(self.now):
            with pytest.raises(AlreadyUsedError):
                self._rotate(pair)
            return pair
        if self.rotation.repeats and pair.successor is not None:
            return self._repeat(pair, pair.successor)
        new = self._add(self._rotate(pair), parent=pair)
        pair.successor = new
        match AFTER_REFRESH[self.rotation.mode]:
            case "revoked":
                self._end(pair)
            case "superseded":
                new.successor_of = pair
            case "dying" if pair.dies_at is None:
                pair.dies_at = self.now + GRACE
        return new

    def _repeat(self, pair: Pair, successor: Pair) -> Pair:
        """A refresh token that comes again gets the pair that it got before, if that lives."""
        if successor.is_revoked(self.now):
            with pytest.raises(AlreadyUsedError):
                self._rotate(pair)
        else:
            assert self._rotate(pair).id == successor.id
        return successor

    @rule(pair=pairs)
    def present(self, pair: Pair) -> None:
        """The first presentation of an access token ends the pair that it replaced."""
        found = done(self.store.present_token(pair.access, self.now))
        assert found is not None
        assert found.id == pair.id
        if pair.successor_of is not None:
            self._end(pair.successor_of)
            pair.successor_of = None

    @rule(pair=pairs)
    def revoke(self, pair: Pair) -> None:
        """A revoked pair is revoked at once, with all access tokens of its refresh token."""
        done(self.store.revoke_token(pair.id, self.now))
        self._end(pair)
        if self.rotation.mode == "never" and pair is self._newest_with(pair.refresh):
            for one in self.model:
                if one.refresh == pair.refresh:
                    self._end(one)

    @rule(pair=pairs)
    def revoke_family(self, pair: Pair) -> None:
        """Each pair of the chain is revoked, and no other."""
        done(self.store.revoke_family(pair.family, self.now))
        for one in self.model:
            if one.family == pair.family:
                self._end(one)

    @rule()
    def disconnect(self) -> None:
        """All pairs and all unused codes of the user are revoked."""
        done(self.store.revoke_application(ADA, CLIENT.id, self.now))
        for pair in self.model:
            self._end(pair)
        for code in self.model_codes:
            code.state = "revoked" if code.state == "issued" else code.state

    @rule(pair=pairs)
    def expire(self, pair: Pair) -> None:
        """An access token's life ends, its refresh token's does not."""
        done(self.store.expire_token(pair.id))
        pair.forced_expiry = True

    @rule(seconds=st.floats(0, 40))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.now += seconds

    @rule()
    def rehearse(self) -> None:
        """What happens in a rehearsal is undone."""

        async def disconnect() -> None:
            async with self.store.rehearsal() as store:
                await store.revoke_application(ADA, CLIENT.id, self.now)

        done(disconnect())

    @invariant()
    def tokens_are_as_the_model_says(self) -> None:
        """Each pair is revoked and expired exactly when the model says so."""
        found = {pair.id: done(self.store.find_token(pair.access)) for pair in self.model}
        assert {
            pair_id: (token.is_revoked(self.now), token.is_expired(self.now))
            for pair_id, token in found.items()
            if token is not None
        } == {
            pair.id: (pair.is_revoked(self.now), pair.is_expired(self.now)) for pair in self.model
        }

    @invariant()
    def refresh_tokens_lead_to_their_pair(self) -> None:
        """A refresh token leads to its pair, the newest where it stays the same."""
        found = {
            pair.refresh: done(self.store.find_refresh_token(pair.refresh)) for pair in self.model
        }
        assert {refresh: token and token.id for refresh, token in found.items()} == {
            pair.refresh: pair.id for pair in self.model
        }

    @invariant()
    def families_are_as_the_model_says(self) -> None:
        """A chain of refreshes is one family."""
        assert {token.id: token.family for token in done(self.store.tokens())} == {
            pair.id: pair.family for pair in self.model
        }

    @invariant()
    def codes_are_as_the_model_says(self) -> None:
        """Each code is used and expired exactly when the model says so."""
        found = {code.code: done(self.store.find_code(code.code)) for code in self.model_codes}
        assert {
            code: (grant.is_used, grant.is_expired(self.now))
            for code, grant in found.items()
            if grant is not None
        } == {
            code.code: (code.state != "issued", self.now > code.born_at + CODE_LIFETIME)
            for code in self.model_codes
        }

    def _request(self) -> TokenRequest:
        return token_request(self._name(), self.now)

    def _rotate(self, pair: Pair) -> AccessToken:
        return done(self.store.rotate(pair.refresh, self._request(), rotation=self.rotation))

    def _newest_with(self, refresh: str) -> Pair:
        return [pair for pair in self.model if pair.refresh == refresh][-1]


ROTATIONS = {
    "on_use": Rotation(mode="on_use"),
    "instant": Rotation(mode="instant"),
    "grace": Rotation(mode="grace", grace=GRACE),
    "family": Rotation(mode="family"),
    "grace_then_family": Rotation(mode="grace_then_family", grace=GRACE),
    "grace, with the same pair": Rotation(mode="grace", grace=GRACE, repeats=True),
    "never": Rotation(mode="never"),
}


@pytest.mark.parametrize("rotation", ROTATIONS)
def test_lifecycles_are_as_the_model_says(
    new_store: NewStore, store_name: str, rotation: str
) -> None:
    """Whatever is done with codes and tokens, they are what the model says, in each mode."""
    machine: Any = lambda: Lifecycles(new_store(), ROTATIONS[rotation])  # noqa: E731
    run_state_machine_as_test(machine, settings=some(store_name, examples=40, steps=30))


def in_parallel(*operations: Coroutine[Any, Any, AccessToken]) -> list[AccessToken]:
    """Run operations at once; give what the winners got."""

    async def gather() -> list[AccessToken | BaseException]:
        return await asyncio.gather(*operations, return_exceptions=True)

    results = asyncio.run(gather())
    losers = [one for one in results if isinstance(one, BaseException)]
    assert all(isinstance(one, AlreadyUsedError) for one in losers)
    return [one for one in results if not isinstance(one, BaseException)]


def test_code_redeemed_in_parallel_has_one_winner(store: Store) -> None:
    """Of eight exchanges of a code, one gets a token."""
    done(store.issue_code(grant_of("code", 0)))
    redeem = [store.redeem_code("code", token_request(str(n), 1), reuse=False) for n in range(8)]
    assert len(in_parallel(*redeem)) == 1
    assert len(done(store.tokens())) == 1


def test_redeemed_code_knows_its_token(store: Store) -> None:
    """A used code leads to the token that it gave."""
    done(store.issue_code(grant_of("code", 0)))
    token = done(store.redeem_code("code", token_request("a", 1), reuse=False))
    grant = done(store.find_code("code"))
    assert grant is not None
    assert grant.token_id == token.id


@pytest.mark.parametrize(
    ("rotation", "winners"),
    [
        ("on_use", 8),
        ("instant", 1),
        ("grace", 8),
        ("family", 1),
        ("grace_then_family", 8),
        ("never", 8),
    ],
)
def test_refresh_token_rotated_in_parallel_has_the_winners_of_its_mode(
    store: Store, rotation: RotationMode, winners: int
) -> None:
    """Modes that end the old pair at once have one winner, the others let all win."""
    done(store.issue_token(token_request("old", 0), reuse=False))
    rotate = [
        store.rotate(
            "refresh-old",
            token_request(str(n), 1),
            rotation=Rotation(mode=rotation, grace=GRACE),
        )
        for n in range(8)
    ]
    assert len(in_parallel(*rotate)) == winners


def test_grace_period_is_not_prolonged_by_a_second_refresh(store: Store) -> None:
    """The old pair dies when the first refresh said so."""
    done(store.issue_token(token_request("old", 0), reuse=False))
    grace = Rotation(mode="grace", grace=30)
    done(store.rotate("refresh-old", token_request("a", 10), rotation=grace))
    done(store.rotate("refresh-old", token_request("b", 35), rotation=grace))
    old = done(store.find_token("access-old"))
    assert old is not None
    assert (old.is_revoked(39.9), old.is_revoked(40)) == (False, True)


def test_token_is_reused_for_the_same_scopes(store: Store) -> None:
    """With reuse, the same application, user and scopes get the same token."""
    first = done(store.issue_token(token_request("a", 0), reuse=True))
    assert done(store.issue_token(token_request("b", 1), reuse=True)) == first


def test_expired_token_is_not_reused(store: Store) -> None:
    """With reuse, an expired token is replaced."""
    first = done(store.issue_token(token_request("a", 0), reuse=True))
    later = done(store.issue_token(token_request("b", LIFETIME + 1), reuse=True))
    assert later.id != first.id


def test_revoked_token_is_not_reused(store: Store) -> None:
    """With reuse, a revoked token is replaced."""
    first = done(store.issue_token(token_request("a", 0), reuse=True))
    done(store.revoke_token(first.id, 1))
    assert done(store.issue_token(token_request("b", 2), reuse=True)).id != first.id


def test_token_of_another_application_is_not_reused(store: Store) -> None:
    """With reuse, each application has its own token."""
    first = done(store.issue_token(token_request("a", 0), reuse=True))
    other = token_request("b", 1, application=OTHER)
    assert done(store.issue_token(other, reuse=True)).id != first.id


def test_disconnecting_an_application_spares_the_others(store: Store) -> None:
    """Only the tokens for the disconnected application are revoked."""
    mine = done(store.issue_token(token_request("a", 0), reuse=False))
    other = done(store.issue_token(token_request("b", 0, application=OTHER), reuse=False))
    done(store.revoke_application(ADA, CLIENT.id, 1))
    revoked = {token.id: token.is_revoked(1) for token in done(store.tokens())}
    assert revoked == {mine.id: True, other.id: False}


def test_disconnecting_an_application_ends_a_grace_period(store: Store) -> None:
    """A pair that was going to die is revoked at once."""
    grace = Rotation(mode="grace", grace=GRACE)
    done(store.issue_token(token_request("old", 0), reuse=False))
    done(store.rotate("refresh-old", token_request("a", 1), rotation=grace))
    done(store.revoke_application(ADA, CLIENT.id, 2))
    assert [token.revoked_at for token in done(store.tokens())] == [2, 2]


def test_revocation_keeps_its_first_moment(store: Store) -> None:
    """A pair that is revoked again stays revoked since the first time."""
    token = done(store.issue_token(token_request("a", 0), reuse=False))
    done(store.revoke_token(token.id, 5))
    done(store.revoke_token(token.id, 9))
    found = done(store.find_token("access-a"))
    assert found is not None
    assert found.revoked_at == 5


def test_presented_token_has_replaced_another_once(store: Store) -> None:
    """The pair that an access token replaced is forgotten when it is first presented."""
    done(store.issue_token(token_request("old", 0), reuse=False))
    done(store.rotate("refresh-old", token_request("a", 1), rotation=Rotation(mode="on_use")))
    before, presented = done(store.find_token("access-a")), done(store.present_token("access-a", 2))
    assert before is not None
    assert presented is not None
    assert before.previous_refresh_token == "refresh-old"
    assert presented.previous_refresh_token is None
    assert done(store.find_token("access-a")) == presented


def test_newest_pair_is_revoked_with_those_left_behind(store: Store) -> None:
    """Without rotation, the access tokens that a refresh token gave are revoked with its pair."""
    never = Rotation(mode="never")
    done(store.issue_token(token_request("old", 0), reuse=False))
    done(store.rotate("refresh-old", token_request("a", 1), rotation=never))
    newest = done(store.rotate("refresh-old", token_request("b", 2), rotation=never))
    done(store.revoke_token(newest.id, 3))
    assert [token.revoked_at for token in done(store.tokens())] == [3, 3, 3]


def test_family_is_revoked_with_those_left_behind(store: Store) -> None:
    """A chain of refreshes ends as a whole, also where the refresh token stays the same."""
    first = done(store.issue_token(token_request("old", 0), reuse=False))
    rotation = Rotation(mode="never")
    done(store.rotate("refresh-old", token_request("a", 1), rotation=rotation))
    done(store.revoke_family(first.family, 2))
    assert [token.revoked_at for token in done(store.tokens())] == [2, 2]


def test_token_without_a_lifetime_can_be_expired(store: Store) -> None:
    """Also a token that never expires by itself can be expired."""
    token = done(store.issue_token(token_request("a", 0, expires_in=None), reuse=False))
    done(store.expire_token(token.id))
    found = done(store.find_token("access-a"))
    assert found is not None
    assert found.is_expired(10)


def test_cleared_store_is_empty(store: Store) -> None:
    """After clear, nothing is known."""
    done(store.issue_code(grant_of("code", 0)))
    done(store.issue_token(token_request("a", 0), reuse=False))
    done(store.clear())
    assert done(store.find_code("code")) is None
    assert done(store.find_token("access-a")) is None
