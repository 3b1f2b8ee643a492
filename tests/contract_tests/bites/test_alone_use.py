"""B, D to G: clients that fail one check of a case whose checks fail together elsewhere."""

from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .fragile_clients import Impatient
from .model_client import LARGEST_BODY, Answer, Failure, Message, ModelClient, User

ASKING = ("call", "refresh", "callback")


class SaysItIsOver(ModelClient):
    """Reports a grant as dead after any failure, and goes on with it."""

    was_lost = False

    def command(self, message: Message) -> Message:
        """Remember how the last operation ended."""
        reply = super().command(message)
        if message.get("op") in ASKING:
            self.was_lost = reply["kind"] != Kind.OK
        return {**reply, "needs_reauth": self.was_lost} if message.get("op") == "state" else reply


class SaysItIsOverSoon(Impatient, SaysItIsOver):
    """The same with short time-outs."""


class RefusesCallsAfterACallback(ModelClient):
    """Takes a callback that failed for the end of the session, and changes no token."""

    is_locked = False

    def connect(self, name: str, url: str) -> Message:
        """Lock."""
        try:
            return super().connect(name, url)
        except Failure:
            self.is_locked = True
            raise

    def call(self, message: Message) -> Message:
        """Refuse."""
        if self.is_locked:
            raise Failure(Kind.SECURITY_ERROR, "locked")
        return super().call(message)


class Complains(ModelClient):
    """Stores what came, and fails the first time that a member is missing."""

    has_complained = False
    member = ""

    def configure(self, config: Message) -> None:
        """Begin anew."""
        super().configure(config)
        self.has_complained = False

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Store, and complain."""
        super().store_token(name, user, members, sent, sent_at)
        if self.member not in members and not self.has_complained:
            self.has_complained = True
            raise Failure(Kind.PROTOCOL_ERROR, f"no {self.member} came")


class MissesARefreshToken(Complains):
    """Expects a refresh token each time."""

    member = "refresh_token"


class MissesALifetime(Complains):
    """Expects a lifetime each time."""

    member = "expires_in"


class TellsNoRefreshToken(ModelClient):
    """Says that it has no refresh token."""

    def told_state(self, user: User) -> Message:
        """Leave it out."""
        told = super().told_state(user)
        return {**told, "token": {**told["token"], "refresh_token": None}}


class FlagsAndPolls(ModelClient):
    """Says that the grant is dead, and sends it at each use."""

    is_dead = False

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Note it where nobody looks."""
        self.is_dead = True
        raise Failure(Kind.REAUTH_REQUIRED, "the grant is gone")

    def told_state(self, user: User) -> Message:
        """Tell what was noted."""
        return {**super().told_state(user), "needs_reauth": self.is_dead}


class SendsTheAccessTokenToo(ModelClient):
    """Tries to refresh with the access token when it has refreshed."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Send another token, and look at no answer."""
        super().refresh_with(name, user, stored)
        form = {"grant_type": "refresh_token", "refresh_token": stored["access_token"]}
        self.token_request(form)


class TellsTimeWithAnotherWord(ModelClient):
    """Says when to come back, and that the answer can't be read."""

    def report(self, operation: Any) -> Message:
        """Replace the kind."""
        reply = super().report(operation)
        return {**reply, "kind": "protocol_error"} if reply["kind"] == "retry_later" else reply


class GivesTheLastAway(ModelClient):
    """Paces itself, and fails the call that was the last for now."""

    def heed_limits(self, user: User, answer: Answer) -> None:
        """Remember, and raise."""
        super().heed_limits(user, answer)
        if answer.headers.get("ratelimit-interval-remaining") == "0":
            raise Failure(Kind.PROTOCOL_ERROR, "no requests left", status=answer.status)


class CrashesOverDates(ModelClient):
    """Expects digits in RateLimit-Reset."""

    def reset_after(self, answer: Answer) -> float | None:
        """Convert what there is."""
        int(answer.headers.get("ratelimit-reset", "0"))
        return super().reset_after(answer)


class BelievesAnyMoment(ModelClient):
    """Takes milliseconds for seconds."""

    def reset_after(self, answer: Answer) -> float | None:
        """Subtract, whatever it is."""
        value = answer.headers.get("ratelimit-reset", "")
        wait = int(value) - self.now() if value.isdecimal() else 0
        return wait if wait > 0 else None


class PutsSuccessOff(ModelClient):
    """Takes a reset beside a success for a pause, until it meets a real one."""

    was_limited = False

    def configure(self, config: Message) -> None:
        """Begin anew."""
        super().configure(config)
        self.was_limited = False

    def heed_limits(self, user: User, answer: Answer) -> None:
        """Look at the header."""
        self.was_limited = self.was_limited or answer.status == 429
        if "ratelimit-reset" in answer.headers and not self.was_limited:
            raise Failure(Kind.RETRY_LATER, "limited", status=200, not_before=1.0)


class PausesWithoutAWord(ModelClient):
    """Pauses, and reports what no caller is told to expect."""

    def check_available(self, answer: Answer) -> None:
        """Rename the failure."""
        try:
            super().check_available(answer)
        except Failure as failure:
            failure.kind = Kind.BUG
            raise


class RefreshesInVain(ModelClient):
    """Sends a refresh after each failure, and does not look at its answer."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Ask for new tokens."""
        try:
            return super().call_api(user, method, path, message, stored, most)
        except Failure:
            self.token_request({"grant_type": "refresh_token", "refresh_token": "none"})
            raise


class RefusesGzip(ModelClient):
    """Accepts what it then refuses."""

    def decoded(self, response: httpx.Response, raw: bytes) -> bytes:
        """Decode nothing."""
        if response.headers.get("content-encoding") == "gzip":
            raise Failure(Kind.PROTOCOL_ERROR, "gzip", status=response.status_code)
        return raw


class StopsWithoutAWord(ModelClient):
    """Stops reading, and reports what no caller is told to expect."""

    def send(self, method: str, url: str, **told: Any) -> Answer:
        """Rename the failure."""
        try:
            return super().send(method, url, **told)
        except Failure as failure:
            failure.kind = Kind.BUG
            raise


class CopiesAndCopies(ModelClient):
    """Takes memory for the whole of an answer of which it reads the beginning."""

    def read_body(self, response: httpx.Response, ends_at: float) -> bytes:
        """Take it."""
        try:
            return super().read_body(response, ends_at)
        finally:
            if response.num_bytes_downloaded > LARGEST_BODY:
                _ = b"a" * (100 << 20)


class ProbesFirst(ModelClient):
    """Looks without verification whether somebody is there."""

    is_probing = False

    def send(self, method: str, url: str, **told: Any) -> Answer:
        """Probe, then send."""
        self.is_probing = True
        super().send("GET", urljoin(url, "/"), headers={})
        self.is_probing = False
        return super().send(method, url, **told)

    def trust(self) -> Any:
        """Trust everybody for the probe."""
        return False if self.is_probing else super().trust()


ALONE = [
    ("B02", "session-works", RefusesCallsAfterACallback),
    ("D02", "accepted", MissesARefreshToken),
    ("D02", "kept", TellsNoRefreshToken),
    ("D03", "kept", TellsNoRefreshToken),
    ("D04", "accepted", MissesALifetime),
    ("D05", "no-polling", FlagsAndPolls),
    ("D07", "tokens-kept", SaysItIsOver),
    ("D08", "tokens-kept", SaysItIsOverSoon),
    ("D09", "same-token", SendsTheAccessTokenToo),
    ("D09", "store-untouched", SaysItIsOver),
    ("F05", "kind", TellsTimeWithAnotherWord),
    ("F05", "tokens-kept", SaysItIsOver),
    ("F06", "recovers", GivesTheLastAway),
    ("F07", "kind", CrashesOverDates),
    ("F07", "not-misread", BelievesAnyMoment),
    ("F07", "success-counts", PutsSuccessOff),
    ("F08", "kind", PausesWithoutAWord),
    ("F09", "no-refresh", RefreshesInVain),
    ("F09", "tokens-kept", SaysItIsOver),
    ("G04", "tokens-kept", SaysItIsOver),
    ("G05", "tokens-kept", SaysItIsOver),
    ("G07", "decodes", RefusesGzip),
    ("G08", "kind", StopsWithoutAWord),
    ("G11", "nothing-sent", ProbesFirst),
]


@pytest.mark.parametrize(("case", "check", "client"), ALONE)
def test_one_fault_fails_one_check(
    put: Put, case: str, check: str, client: type[ModelClient]
) -> None:
    """No other check tells of this fault, and this one tells of no other."""
    assert failed(put(case, client)) == {check}


@pytest.mark.parametrize(("case", "patience"), [("G01", 0.2), ("G02", 0.03), ("G03", 0.03)])
def test_grant_reported_dead_in_an_outage_is_found(put: Put, case: str, patience: float) -> None:
    """The state shows it, though the client goes on."""
    assert failed(put(case, SaysItIsOverSoon, patience=patience)) == {"tokens-kept"}


def test_memory_alone_is_found(put: Put) -> None:
    """A process of its own is measured."""
    assert failed(put("G08", CopiesAndCopies, apart=True)) == {"memory"}
