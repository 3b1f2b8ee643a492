"""Flows that are begun and ended between other operations, and scripts that break not each time."""

from typing import ClassVar

import pytest
from livestorm_contract_tests.properties.properties import NOT_EACH_TIME
from livestorm_contract_tests.properties.script import (
    Advance,
    Begin,
    Call,
    Callback,
    Expire,
    Refresh,
    Script,
    Seed,
    Step,
)
from livestorm_contract_tests.suite.verdicts import Verdict

from ..bites.play import failed, put
from ..bites.table import Bite
from ..model_client.authorization import Authorization
from ..model_client.client import ModelClient
from ..model_client.offer import Offer
from ..model_client.operations import Operations
from ..model_client.part import Part
from ..model_client.refreshing import Refreshing
from ..model_client.values import Answer, Message, User


class BeginsAnew(Authorization):
    """Deletes the tokens that there are when a flow begins."""

    def begin(self, user: User) -> Message:
        """Delete them."""
        user.path.unlink(missing_ok=True)
        return super().begin(user)


class BeginsNothing(Authorization):
    """Can't begin a flow where there are tokens."""

    def begin(self, user: User) -> Message:
        """Read what is there only before."""
        assert self.client.store.load(user) is None
        return super().begin(user)


class GivesUpOnDenials(Operations):
    """Takes the denial of another connection for the end of the one that there is."""

    def op_callback(self, message: Message) -> Message:
        """Flag the tokens."""
        reply = super().op_callback(message)
        store, user = self.client.store, self.user_of(message)
        if reply["kind"] == "denied" and (stored := store.load(user)):
            store.save(user, {**stored, "needs_reauth": True})
        return reply


class RefreshesOnCommand(Offer, Refreshing):
    """Leaves all refreshing to its caller."""

    features: ClassVar[Message] = {**Offer.features, "refresh": "explicit", "on_401": False}

    def is_due(self, stored: Message) -> bool:
        """Use what there is."""
        return False

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Report a 401."""
        return False


class DropsTokensOn401(RefreshesOnCommand, Operations):
    """Deletes the tokens when a call is refused."""

    def op_call(self, message: Message) -> Message:
        """Delete them."""
        reply = super().op_call(message)
        if reply["kind"] == "reauth_required":
            self.user_of(message).path.unlink(missing_ok=True)
        return reply


class DeletesTokensOnce(Operations):
    """Loses its tokens at the first refresh of its life, and never again."""

    lost: ClassVar[set[ModelClient]] = set()

    def op_refresh(self, message: Message) -> Message:
        """Delete them, once."""
        reply = super().op_refresh(message)
        if self.client not in self.lost:
            self.lost.add(self.client)
            self.user_of(message).path.unlink()
        return reply


@pytest.mark.parametrize(
    ("client", "script", "breaks"),
    [
        ((), (Seed(), Begin(), Call(), Callback()), set()),
        ((), (Seed(), Begin(), Callback(how="denied"), Call()), set()),
        ((), (Seed(), Begin(), Callback(how="forged"), Call()), set()),
        (BeginsAnew, (Seed(), Begin()), {"INV-2"}),
        (BeginsNothing, (Seed(), Begin()), {"INV-7"}),
        (GivesUpOnDenials, (Seed(), Begin(), Callback(how="denied")), {"INV-2"}),
        (RefreshesOnCommand, (Seed(), Advance(seconds=7201), Refresh(), Call()), set()),
        (RefreshesOnCommand, (Seed(), Expire(), Call()), set()),
        (DropsTokensOn401, (Seed(), Expire(), Call()), {"INV-2"}),
    ],
)
def test_sequence_is_judged(
    client: type[Part] | tuple[()], script: tuple[Step, ...], breaks: set[str]
) -> None:
    """A client breaks what it gets wrong of this sequence, and nothing else."""
    assert failed(put("P04", Bite(client, script=Script(steps=script)))) == breaks


@pytest.mark.parametrize("client", [BeginsAnew, GivesUpOnDenials])
def test_mistake_around_a_flow_is_drawn(client: type[Part]) -> None:
    """Nobody has to think of the script."""
    assert "INV-2" in failed(put("P04", Bite(client)))


def test_script_that_breaks_once_is_a_failure_of_the_client() -> None:
    """Hypothesis calls it flaky; it is reported with the script that broke, and says so."""
    result = put("P02", Bite(DeletesTokensOnce))
    assert result.verdict is Verdict.FAIL
    (found,) = [one.evidence["found"] for one in result.checks if one.verdict is not Verdict.PASS]
    assert NOT_EACH_TIME in str(found)
    assert result.script is not None
