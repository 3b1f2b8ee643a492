"""H to J: clients that fail one check of a case whose checks fail together elsewhere."""

import ctypes
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from livestorm_contract_tests.driving.kinds import Kind

from .common_mistakes import KeepsTokensInMemory, RefreshesTwice
from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient, User
from .test_c11 import ForgetsTokens


class HasNoWordForRedirects(ModelClient):
    """Blames its settings for an answer of the server."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Rename the failure."""
        return Failure(Kind.CONFIG_ERROR, "moved", status=answer.status)


class LooksWhereItLeads(ModelClient):
    """Opens the target of a redirect, without any secret."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Look, and look at no answer."""
        answer = super().token_request(form)
        if target := answer.headers.get("location"):
            self.send("GET", urljoin(self.config["token_url"], target), headers={})
        return answer


class SendsItThere(ModelClient):
    """Repeats a token request at the target of a redirect, and does not like the answer."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Repeat it, and look at no answer."""
        answer = super().token_request(form)
        if target := answer.headers.get("location"):
            url = urljoin(self.config["token_url"], target)
            self.send("POST", url, headers={}, data={**form, **self.form_credentials()})
        return answer


class RefusesWithTheWrongWord(ModelClient):
    """Calls plain http an answer that can't be read."""

    def check_confidential(self, url: str) -> None:
        """Rename the failure."""
        try:
            super().check_confidential(url)
        except Failure as failure:
            failure.kind = Kind.PROTOCOL_ERROR
            raise


class AsksForHttps(ModelClient):
    """Looks whether a server with plain http leads to https, before it refuses."""

    def check_confidential(self, url: str) -> None:
        """Ask, then refuse."""
        try:
            super().check_confidential(url)
        except Failure:
            httpx.head(url, trust_env=False, timeout=2)
            raise


class LosesHope(ModelClient):
    """Leaves the winner's pair alone, and does not go on with it."""

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Report the refusal."""
        super().grant_is_dead(user, stored)
        raise Failure(Kind.REAUTH_REQUIRED, "the grant is gone")


class SaysItIsGone(ModelClient):
    """Goes on with the winner's pair, and says that the grant is dead."""

    is_gone = False

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Remember the refusal."""
        self.is_gone = True
        super().grant_is_dead(user, stored)

    def told_state(self, user: User) -> Message:
        """Tell of it."""
        return {**super().told_state(user), "needs_reauth": self.is_gone}


class RefreshesCommandsTwice(ModelClient):
    """Refreshes twice when it is told to."""

    def op_refresh(self, message: Message) -> Message:
        """Refresh, and once more."""
        super().op_refresh(message)
        return super().op_refresh(message)


class SendsNothingFirst(ModelClient):
    """Sends a refresh token that nobody has, before each refresh."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Send a placeholder, and look at no answer."""
        self.token_request({"grant_type": "refresh_token", "refresh_token": "none"})
        super().refresh_with(name, user, stored)


class CallsForTheFirst(ModelClient):
    """Calls with the token of the user that was seen first."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Take the other token."""
        first = self.load(next(iter(self.users.values()))) or stored
        return super().api_request(method, path, message, first)


class TellsOfTheFirst(ModelClient):
    """Tells of the user that was seen first."""

    def told_state(self, user: User) -> Message:
        """Tell of another."""
        return super().told_state(next(iter(self.users.values())))


class LosesTheReply(ModelClient):
    """Refreshes on command, and reports a failure."""

    def op_refresh(self, message: Message) -> Message:
        """Forget how it went."""
        super().op_refresh(message)
        return {"kind": Kind.PROTOCOL_ERROR}


class TriesTheOldOneFirst(ModelClient):
    """Keeps the refresh token before, and sends it first."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Send the one before, and look at no answer."""
        if before := stored.get("before"):
            self.token_request({"grant_type": "refresh_token", "refresh_token": before})
        super().refresh_with(name, user, stored)
        now = self.load(user) or {}
        self.save(user, {**now, "before": stored["refresh_token"]})


class NoticesARestart(ModelClient):
    """Knows when it finds tokens that it has not saved."""

    was_restarted = False

    def configure(self, config: Message) -> None:
        """Look at the store."""
        super().configure(config)
        self.was_restarted = any(Path(config["store_dir"]).iterdir())


class CallsNothingAfterARestart(NoticesARestart):
    """Can't call with tokens from before."""

    def call(self, message: Message) -> Message:
        """Refuse."""
        if self.was_restarted:
            raise Failure(Kind.PROTOCOL_ERROR, "from another time")
        return super().call(message)


class TellsNothingAfterARestart(NoticesARestart):
    """Can't tell of tokens from before."""

    def told_state(self, user: User) -> Message:
        """Tell of none."""
        if self.was_restarted:
            return {"token": None, "needs_reauth": False}
        return super().told_state(user)


class CallsItAnAnswer(ModelClient):
    """Has another word for a store that fails."""

    def report(self, operation: Any) -> Message:
        """Rename the failure."""
        reply = super().report(operation)
        return {**reply, "kind": "protocol_error"} if reply["kind"] == "config_error" else reply


class SpendsFirst(KeepsTokensInMemory):
    """Finds out that it can't save when the refresh token is spent, and keeps the new pair."""

    def save(self, user: User, stored: Message) -> None:
        """Keep it in memory too."""
        super().save(user, stored)
        ModelClient.save(self, user, stored)

    def probe(self, user: User) -> None:
        """Look at nothing."""

    def store_lock(self, user: User) -> Any:
        """Lock within the process."""
        return user.lock


class ShowsItsSecret(ModelClient):
    """Has a process title that shows its settings."""

    def configure(self, config: Message) -> None:
        """Write over the arguments, as setproctitle does."""
        super().configure(config)
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        start, end = int(fields[45]), int(fields[46])
        title = str(config["client_secret"]).encode()[: end - start]
        ctypes.memmove(start, title, len(title))


ALONE = [
    ("H04", "kind", HasNoWordForRedirects),
    ("H04", "not-followed", LooksWhereItLeads),
    ("H04", "store-unchanged", ForgetsTokens),
    ("H06", "refused", RefusesWithTheWrongWord),
    ("H06", "nothing-sent", AsksForHttps),
    ("I01", "one-refresh", RefreshesTwice),
    ("I05", "one-refresh", RefreshesCommandsTwice),
    ("I06", "kind", LosesHope),
    ("I06", "not-flagged", SaysItIsGone),
    ("I07", "own-refresh", SendsNothingFirst),
    ("I07", "own-token", CallsForTheFirst),
    ("I07", "own-store", TellsOfTheFirst),
    ("J01", "works", LosesTheReply),
    ("J01", "newest-refresh-token", TriesTheOldOneFirst),
    ("J03", "kind", CallsItAnAnswer),
    ("J03", "refresh-token-unspent", SpendsFirst),
]


@pytest.mark.parametrize(("case", "check", "client"), ALONE)
def test_one_fault_fails_one_check(
    put: Put, case: str, check: str, client: type[ModelClient]
) -> None:
    """No other check tells of this fault, and this one tells of no other."""
    assert failed(put(case, client)) == {check}


@pytest.mark.parametrize(
    ("case", "check", "client"),
    [
        ("J02", "works", CallsNothingAfterARestart),
        ("J02", "store-whole", TellsNothingAfterARestart),
        ("J06", "not-in-process", ShowsItsSecret),
    ],
)
def test_one_fault_of_a_process_fails_one_check(
    put: Put, case: str, check: str, client: type[ModelClient]
) -> None:
    """The same for what only a process of its own can get wrong."""
    assert failed(put(case, client, apart=True)) == {check}


def test_secret_sent_elsewhere_is_found(put: Put) -> None:
    """Whoever sends a secret there has followed."""
    assert failed(put("H04", SendsItThere)) == {"no-secret-elsewhere", "not-followed"}
