"""Clients that are right in other ways than the model client pass, or the case is not for them."""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

import pytest
from livestorm_contract_tests.driving.bare import BareCarrier
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.properties.answers.answer import Answer as Answered
from livestorm_contract_tests.properties.properties import PROPERTIES
from livestorm_contract_tests.properties.script import (
    Call,
    Connect,
    Disarm,
    Expire,
    Refresh,
    Script,
    Seed,
)
from livestorm_contract_tests.report.findings import skips
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.jobs import run_cases
from livestorm_contract_tests.runs.requirements import newest
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict

from .bites.play import failed, put
from .bites.shared.exchanged import TakesAnything
from .bites.shared.fragile import WaitsShortly
from .bites.shared.scripts import LIMITED, armed
from .bites.table import Bite
from .model_client.api_calls import ApiCalls
from .model_client.authorization import Authorization
from .model_client.callbacks import Callbacks
from .model_client.limits import Limits
from .model_client.offer import Offer
from .model_client.operations import Operations
from .model_client.part import Part
from .model_client.refreshing import Refreshing
from .model_client.store import Store
from .model_client.token_endpoint import TokenEndpoint
from .model_client.values import Answer, Failure, Message, Pending, User
from .some_cases import some_of


class RefreshesOnCommand(WaitsShortly, Offer, Refreshing):
    """Refreshes when it is told to only, uses no token that is over, and can do little else."""

    features: ClassVar[Message] = {"refresh": "explicit", "pkce": True}
    ops: ClassVar[tuple[str, ...]] = ("begin", "callback", "call", "refresh", "seed", "state")

    def fresh(self, name: str, user: User) -> Message:
        """Refuse what is over."""
        stored = self.client.store.load(user)
        if stored is None or stored.get("needs_reauth") or self.has_expired(stored):
            raise Failure(Kind.REAUTH_REQUIRED, "not connected, or expired")
        return stored

    def has_expired(self, stored: Message) -> bool:
        """Tell whether a token is over."""
        return stored["expires_at"] is not None and self.now() >= stored["expires_at"]

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Leave a 401 to the caller."""
        return False

    def refresh_attempts(self) -> int:
        """Try once."""
        return 1


class LeavesRefreshingToItsCaller(Offer, Refreshing):
    """Uses what there is, and reports a 401."""

    features: ClassVar[Message] = {**Offer.features, "refresh": "explicit", "on_401": False}

    def is_due(self, stored: Message) -> bool:
        """Use what there is."""
        return False

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Report a 401."""
        return False


class GoesByItsClockOnly(WaitsShortly, Offer, Refreshing):
    """Refreshes what it knows to be over, reports a 401, and has no clock that could be moved."""

    features: ClassVar[Message] = {**Offer.features, "on_401": False, "clock": False}
    ops: ClassVar[tuple[str, ...]] = ("begin", "callback", "call", "refresh", "seed", "state")

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Leave a 401 to the caller."""
        return False


class NeverRefreshes(RefreshesOnCommand):
    """Has its user connect again when the token is over, and tells nothing of its store."""

    features: ClassVar[Message] = {"auth_methods": ["client_secret_basic"]}
    ops: ClassVar[tuple[str, ...]] = ("begin", "callback", "call")


class WaitsForNothing(WaitsShortly, Offer, Operations, Limits):
    """Leaves all waiting to its caller, to whom it tells more than the server asked for."""

    features: ClassVar[Message] = {**Offer.features, "clock": False, "parallel": False}
    ops: ClassVar[tuple[str, ...]] = ("begin", "callback", "call", "refresh", "seed", "state")

    def may_retry(self, failure: Failure) -> bool:
        """Never try again."""
        return False

    def report(self, operation: Callable[[], Message]) -> Message:
        """Spread the callers."""
        reply = super().report(operation)
        if "not_before_s" in reply:
            reply["not_before_s"] *= 1.4
        return reply


class UsesTheOtherWord(WaitsShortly, Callbacks, TokenEndpoint, ApiCalls):
    """Reports the other kind wherever there are two."""

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Take a foreign callback for one that makes no sense."""
        try:
            return super().check_state(user, given)
        except Failure:
            raise Failure(Kind.PROTOCOL_ERROR, "no such flow") from None

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Take each 4xx for a matter of settings, but for the end of the grant."""
        failure = super().refusal(answer, members)
        if failure.kind is Kind.PROTOCOL_ERROR and 400 <= answer.status < 500:
            failure.kind = Kind.CONFIG_ERROR
        return failure

    def lost(self, error: Exception) -> Failure:
        """Tell nothing but that it passes."""
        return Failure(Kind.RETRY_LATER, f"no whole answer: {type(error).__name__}")

    def read_document(self, answer: Answer, path: str) -> object:
        """Tell a missing permission from a wrong request."""
        try:
            return super().read_document(answer, path)
        except Failure as failure:
            kinds = {3: Kind.SECURITY_ERROR, 4: Kind.CONFIG_ERROR}
            if answer.status != 401:
                failure.kind = kinds.get(answer.status // 100, failure.kind)
            if answer.status == 403:
                failure.kind = Kind.DENIED
            raise


class RefreshesEarly(WaitsShortly, Refreshing):
    """Refreshes when half of the lifetime is over."""

    def is_due(self, stored: Message) -> bool:
        """Compare with the half of what was told."""
        early = (stored.get("lifetime") or 0) / 2
        return stored["expires_at"] is not None and self.now() >= stored["expires_at"] - early


class PausesByItself(WaitsShortly, Operations, TokenEndpoint, ApiCalls, Limits):
    """Sends nothing for a moment after a failure that passes, and says for how long."""

    free_at = 0.0

    def op_seed(self, message: Message) -> Message:
        """End the pause."""
        self.free_at = 0.0
        return super().op_seed(message)

    def token_request(self, form: dict[str, str]) -> Answer:
        """Refuse during the pause."""
        self.check_free()
        return super().token_request(form)

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Refuse during the pause."""
        self.check_free()
        return super().api_request(method, path, message, stored)

    def pause(self, user: User) -> None:
        """Leave all waiting to the caller."""

    def check_free(self) -> None:
        """Raise Failure during the pause."""
        wait = self.free_at - self.now()
        if wait > 0:
            raise Failure(Kind.RETRY_LATER, "too early", not_before=wait)

    def check_available(self, answer: Answer) -> None:
        """Begin a pause."""
        try:
            super().check_available(answer)
        except Failure as failure:
            failure.not_before = failure.not_before or 0.3
            self.free_at = self.now() + failure.not_before
            raise

    def may_retry(self, failure: Failure) -> bool:
        """Never try again."""
        return False


class AsksWhoItIs(WaitsShortly, Callbacks):
    """Takes a user for connected once the API has said who it is."""

    def connect(self, name: str, url: str) -> Message:
        """Connect, and ask."""
        told = super().connect(name, url)
        self.client.api.call({"user": name, "path": "/me"})
        return told


class StoresWhoItKnows(WaitsShortly, Callbacks, Store):
    """Stores tokens once the API has said whose they are, and drops them where it does not."""

    def connect(self, name: str, url: str) -> Message:
        """Connect, and take the new tokens back that the API refuses."""
        user = self.client.store.user(name)
        before = self.load(user)
        told = super().connect(name, url)
        brought = self.load(user)
        assert brought is not None
        try:
            answer = self.client.api.call_api(user, "GET", "/me", {}, brought)
            self.client.api.read_document(answer, "/me")
        except Failure:
            if before is None:
                user.path.unlink()
            else:
                self.save(user, before)
            raise
        return told


class HasItsOwnCallback(Offer, Authorization, TokenEndpoint):
    """Is an application with a callback URL of its own, whatever it is configured with."""

    redirect_uri = "https://app.example/integrations/livestorm/callback?tenant=7"
    features: ClassVar[Message] = {**Offer.features, "redirect_uri": redirect_uri}

    @property
    def config(self) -> Message:
        """Know better."""
        return {**super().config, "redirect_uri": self.redirect_uri}


class SaysOkOrFailed(WaitsShortly, Offer, Operations):
    """Has one word for all failures, and says nothing else of them."""

    features: ClassVar[Message] = {**Offer.features, "kinds": "ok_or_failed"}

    def report(self, operation: Callable[[], Message]) -> Message:
        """Leave the reason out."""
        reply = super().report(operation)
        return reply if reply["kind"] == Kind.OK else {"kind": Kind.FAILED}


class Bare(Offer):
    """Connects, tells nothing of its store, has no clock, and takes one command at a time."""

    ops: ClassVar[tuple[str, ...]] = ("begin", "callback")
    features: ClassVar[Message] = {
        "pkce": True,
        "iss": True,
        "auth_methods": ["client_secret_post"],
        "base_path": True,
    }


JOB = """
import json, os, sys, time
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit
told = lambda name: os.environ[f"LIVESTORM_MOCK_{name}"]
def send(method, url, form=None, headers={}):
    to = urlsplit(url)
    http = HTTPConnection(to.netloc, timeout=10)
    target = f"{to.path}?{to.query}" if to.query else to.path
    http.request(method, target, form and urlencode(form), headers)
    answer = http.getresponse()
    if answer.status >= 400:
        sys.exit(75 if answer.status == 429 or answer.status >= 500 else 78)
    return json.loads(answer.read())
token = told("ACCESS_TOKEN")
if float(told("EXPIRES_AT")) < time.time():
    form = {"grant_type": "refresh_token", "refresh_token": told("REFRESH_TOKEN")}
    form |= {"client_id": told("CLIENT_ID"), "client_secret": told("CLIENT_SECRET")}
    kind = {"content-type": "application/x-www-form-urlencoded"}
    token = send("POST", told("TOKEN_URL"), form, kind)["access_token"]
send("GET", told("BASE_URL") + told("PATH"), headers={"authorization": f"Bearer {token}"})
"""

CASES = [case for case in newest().cases if case[0] in "ABCDE"]
RIGHT = (
    GoesByItsClockOnly,
    RefreshesOnCommand,
    NeverRefreshes,
    WaitsForNothing,
    UsesTheOtherWord,
    RefreshesEarly,
    PausesByItself,
    AsksWhoItIs,
    StoresWhoItKnows,
)


EACH = 5
"""Each plays one case in so many."""


def played(cases: Sequence[str]) -> list[tuple[str, type[Part]]]:
    """Give each client with the cases that it plays."""
    return [
        (case, one) for number, one in enumerate(RIGHT) for case in some_of(cases, number, of=EACH)
    ]


REFUSED = (armed(Answered(status=401), "api"), armed(Answered(status=403), "api"))
REFUSED_IN_A_PAUSE = (
    Seed(),
    armed(LIMITED, "token", times=1),
    Refresh(),
    armed(Answered(status=401), "api", times=1),
    Call(),
)
WHILE_IT_CONNECTS = [
    Script(steps=(*before, arm, Connect(), *after))
    for arm in REFUSED
    for before in ((), (Seed(),), (Seed(), Expire()))
    for after in ((), (Disarm(), Call()))
]


@pytest.mark.parametrize(("case", "client"), played(CASES))
def test_right_client_passes(case: str, client: type[Part]) -> None:
    """What the catalogue and the protocol leave open is not judged."""
    result = put(case, Bite(client))
    assert result.verdict in (Verdict.PASS, Verdict.SKIP), (result.reason, result.checks)


@pytest.mark.parametrize(("name", "client"), played([*PROPERTIES]))
def test_right_client_breaks_no_invariant(name: str, client: type[Part]) -> None:
    """Whatever is drawn, what they leave undone or do in another way breaks none."""
    result = put(name, Bite(client, examples=15))
    assert result.verdict in (Verdict.PASS, Verdict.SKIP), (result.reason, result.checks)


@pytest.mark.parametrize("client", RIGHT)
def test_refusal_in_a_pause_of_the_token_endpoint_may_wait(client: type[Part]) -> None:
    """Who would refresh, but may not ask for that yet, says so."""
    result = put("P04", Bite(client, script=Script(steps=REFUSED_IN_A_PAUSE)))
    assert result.verdict in (Verdict.PASS, Verdict.SKIP), (result.reason, result.checks)


@pytest.mark.parametrize("client", [AsksWhoItIs, StoresWhoItKnows])
@pytest.mark.parametrize("script", WHILE_IT_CONNECTS, ids=range(len(WHILE_IT_CONNECTS)))
def test_refusal_of_the_api_may_end_a_connection(script: Script, client: type[Part]) -> None:
    """Who asks for the user while it connects may tell how that ended, and keep what was there."""
    result = put("P04", Bite((LeavesRefreshingToItsCaller, client), script=script))
    assert result.verdict is Verdict.PASS, (result.reason, result.checks)


@pytest.mark.parametrize("case", [one for one in CASES if one[0] in "ABC"])
def test_application_with_its_own_callback_passes(case: str) -> None:
    """Its callback URL is registered and used, and another one is not asked of it."""
    result = put(case, Bite(HasItsOwnCallback))
    expected = Verdict.SKIP if case == "A05" else Verdict.PASS
    assert result.verdict is expected, (result.reason, result.checks)


@pytest.mark.parametrize("case", sorted(set(all_cases()) - {"G02", "G03"}))
def test_client_with_one_word_for_failures_passes(case: str) -> None:
    """What it does not say is not judged; all else is."""
    result = put(case, Bite(SaysOkOrFailed))
    assert result.verdict in (Verdict.PASS, Verdict.SKIP), (result.reason, result.checks)


def test_client_with_one_word_for_failures_is_judged_as_strictly_otherwise() -> None:
    """Who stores what is no token fails C09, whatever it calls its failures."""
    result = put("C09", Bite((SaysOkOrFailed, TakesAnything)))
    expected = {"kind", "reply-fits-journal", "store-unchanged"}
    assert failed(result) == expected, (result.reason, result.checks)


def test_reports_show_what_a_client_with_one_word_was_not_judged_by() -> None:
    """The checks that need to know how it failed stand among what was skipped."""
    result = put("C07", Bite(SaysOkOrFailed))
    (shown,) = skips([result])
    assert (result.verdict, shown.variants) == (Verdict.PASS, "kind, code-told")
    assert shown.reason == "not judged: the client does not say how it failed"


@pytest.mark.parametrize("case", sorted(all_cases()))
def test_bare_client_passes(case: str) -> None:
    """No case holds against a client what it does not offer."""
    result = put(case, Bite(Bare))
    assert result.verdict in (Verdict.PASS, Verdict.SKIP), (result.reason, result.checks)


@pytest.mark.parametrize("case", ["A08", "B01", "B02", "B03", "B05"])
def test_bare_client_is_judged_by_what_it_has(case: str) -> None:
    """A callback can be judged without a look into the store."""
    assert put(case, Bite(Bare)).verdict is Verdict.PASS


@pytest.mark.parametrize("case", ["D09", "E04", "E05", "E06", "E08"])
def test_right_command_passes(case: str) -> None:
    """What a command without an adapter can't say is not judged."""
    launch = partial(BareCarrier, [sys.executable, "-S", "-c", JOB])
    settings = Settings(seed="bites", strict=True)
    _, (result,) = run_cases([all_cases()[case]], launch, settings)
    assert result.verdict is Verdict.PASS, (result.reason, result.checks)
