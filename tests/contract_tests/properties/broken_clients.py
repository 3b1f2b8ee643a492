"""Broken clients, and the script by which each fails one invariant of a property alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.properties.answers.answer import Answer
from livestorm_contract_tests.properties.answers.api_answers import JSONAPI
from livestorm_contract_tests.properties.answers.oddities import dump
from livestorm_contract_tests.properties.answers.token_answers import GOOD_MEMBERS
from livestorm_contract_tests.properties.draw import SLOW, exchange, one_call, refreshes_in_a_row
from livestorm_contract_tests.properties.script import (
    Arm,
    Call,
    Disarm,
    Expire,
    Refresh,
    Restart,
    Script,
    Seed,
    Step,
)

from ..bites.common_mistakes import KeepsTokensInMemory
from ..bites.model_client import Answer as Got
from ..bites.model_client import Failure, Message, ModelClient, Pending, User


class IntroducesItself(ModelClient):
    """Asks who the user is with each new token, by a member that tokens don't have."""

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Store, and ask."""
        super().store_token(name, user, members, sent, sent_at)
        token = members.get("accessToken", "undefined")
        self.api_request("GET", "/me", {}, {"access_token": token})


class StoresNoRefreshToken(ModelClient):
    """Keeps what it needs for the next hours."""

    def kept_refresh_token(self, came: object, sent: str | None) -> Message:
        """Keep none."""
        return {"refresh_token": None}


class ResendsCodes(ModelClient):
    """Takes the exchange of a code for something that can be tried again."""

    def exchange(self, code: str, pending: Pending) -> Got:
        """Send the code, and once more where the server was busy."""
        answer = super().exchange(code, pending)
        return super().exchange(code, pending) if answer.status >= 500 else answer


class RefreshesTwice(ModelClient):
    """Has two layers that refresh, each with the token that it read before."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Refresh, and once more."""
        super().refresh_with(name, user, stored)
        super().refresh_with(name, user, stored)

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Flag the grant, whatever another layer has brought."""
        self.save(user, {**stored, "needs_reauth": True})
        raise Failure(Kind.REAUTH_REQUIRED, "the grant is gone", status=400)


class AsksThrice(ModelClient):
    """Has three plug-ins that ask for the user with each new token."""

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Store, and ask."""
        super().store_token(name, user, members, sent, sent_at)
        for _ in range(3):
            self.api_request("GET", "/me", {}, members)


class IgnoresRetryAfter(ModelClient):
    """Asks again at once."""

    def retry_after(self, answer: Got) -> float | None:
        """Read no header."""
        return None


class FallsBack(ModelClient):
    """Goes on with the connection that there was where a new one fails."""

    def connect(self, name: str, url: str) -> Message:
        """Connect, or refresh at once."""
        try:
            return super().connect(name, url)
        except Failure:
            return self.refresh(name, self.user(name), None)


class ShowsItsSecret(ModelClient):
    """Shows with each error what was sent."""

    def describe(self, error: Exception) -> Message:
        """Show the form."""
        return {**super().describe(error), "message": f"{error}: {self.form_credentials()}"}


class HasNoWordForOutages(ModelClient):
    """Reads members of what is no answer at all."""

    def check_available(self, answer: Got) -> None:
        """Fail as Python does."""
        if answer.status >= 500:
            raise KeyError("access_token")
        super().check_available(answer)


class StaysBroken(ModelClient):
    """Opens a circuit breaker at the first failure, and never closes it."""

    def configure(self, config: Message) -> None:
        """Close it for the next case."""
        super().configure(config)
        self.is_open = False

    def report(self, operation: Callable[[], Message]) -> Message:
        """Open it when anything fails."""
        reply = super().report(operation)
        self.is_open = self.is_open or reply["kind"] != "ok"
        return reply

    def call(self, message: Message) -> Message:
        """Refuse by itself after a failure."""
        if self.is_open:
            raise Failure(Kind.RETRY_LATER, "the circuit is open")
        return super().call(message)


class RefreshesAtOnce(ModelClient):
    """Has no lock."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Refresh, whoever else does."""
        self.refresh_with(name, user, self.load(user) or {})
        return {}


class SendsTokensInQueries(ModelClient):
    """Sends the access token in the URL, too, as some APIs want it."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Got:
        """Add it to the query."""
        query = f"?access_token={stored['access_token']}"
        return super().api_request(method, path + query, message, stored)


class CallsTooOften(ModelClient):
    """Asks five times where once would do."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Got:
        """Send five times."""
        for _ in range(4):
            super().api_request(method, path, message, stored)
        return super().api_request(method, path, message, stored)


class FailsAtOnce(ModelClient):
    """Has no word for what happens to the second of two calls."""

    def op_call(self, message: Message) -> Message:
        """Report the last of several as an unknown exception."""
        reply = super().op_call(message)
        *others, last = reply["results"]
        return {**reply, "results": [*others, {**last, "kind": "bug"}]} if others else reply


class TakesAnyAnswer(ModelClient):
    """Believes whatever comes."""

    def read_tokens(self, answer: Got) -> Message:
        """Look at nothing."""
        members = answer.json()
        return {"access_token": "None", **(members if isinstance(members, dict) else {})}


class ForgetsInvalidGrant(ModelClient):
    """Polls a grant that is dead."""

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Report it, and remember nothing."""
        raise Failure(Kind.REAUTH_REQUIRED, "the grant is gone", status=400)


class RefreshesForEver(ModelClient):
    """Refreshes at each 401, however often."""

    def call(self, message: Message) -> Message:
        """Try five times."""
        name = message.get("user", "u1")
        user = self.user(name)
        for _ in range(5):
            stored = self.load(user) or {}
            answer = self.call_api(user, "GET", message["path"], message, stored, most=1)
            if answer.status != 401:
                break
            self.refresh(name, user, stored["access_token"])
        self.read_document(answer, message["path"])
        return {"http_status": answer.status}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bite:
    """A client that breaks one invariant of a property alone, under a script of that property."""

    case: str
    invariant: str
    client: type[ModelClient]
    script: Script

    def __str__(self) -> str:
        return f"{self.case}-{self.invariant}-{self.client.__name__}"


def armed(answer: Answer, on: str, times: int | None = None) -> Arm:
    """Have a part of the provider give an answer."""
    return Arm(fault=answer.as_fault(on, times=times))


def sequence(*steps: Step) -> Script:
    """Have things happen to a connection."""
    return Script(steps=(Seed(), *steps))


CODE, TOKEN, API = "token.authorization_code", "token.refresh_token", "api"

GRANTED = Answer(status=200, body=dump(dict(GOOD_MEMBERS)))
DOCUMENT = Answer(status=200, content_type=JSONAPI, body=dump({"data": {"type": "a", "id": "1"}}))
BUSY = Answer(status=502)
LIMITED = Answer(status=429, headers={"Retry-After": "1"})

GRANTED_CODE = exchange(armed(GRANTED, CODE))
BUSY_CODE = exchange(armed(BUSY, CODE))
CODE_AFTER_SEED = exchange(armed(BUSY, CODE), [Seed()])
GRANTED_REFRESH = refreshes_in_a_row([armed(GRANTED, TOKEN)])
BUSY_REFRESH = refreshes_in_a_row([armed(BUSY, TOKEN)])
CALL_AFTER_REFRESH = one_call(Seed(expired=True), [armed(DOCUMENT, API)])
BUSY_CALL = one_call(Seed(), [armed(BUSY, API)])

Row: TypeAlias = tuple[str, type[ModelClient], Script]

BY_CASE: Final[Mapping[str, Sequence[Row]]] = {
    "P01": [
        ("INV-1", IntroducesItself, GRANTED_CODE),
        ("INV-2", StoresNoRefreshToken, GRANTED_CODE),
        ("INV-3", ResendsCodes, exchange(armed(BUSY, CODE, times=1))),
        ("INV-4", AsksThrice, GRANTED_CODE),
        ("INV-5", FallsBack, exchange(armed(LIMITED, CODE), [Seed()])),
        ("INV-6", ShowsItsSecret, BUSY_CODE),
        ("INV-7", HasNoWordForOutages, BUSY_CODE),
        ("INV-9", StaysBroken, CODE_AFTER_SEED),
    ],
    "P02": [
        ("INV-1", IntroducesItself, GRANTED_REFRESH),
        ("INV-2", StoresNoRefreshToken, GRANTED_REFRESH),
        ("INV-3", RefreshesTwice, GRANTED_REFRESH),
        ("INV-4", AsksThrice, GRANTED_REFRESH),
        ("INV-5", IgnoresRetryAfter, refreshes_in_a_row([armed(LIMITED, TOKEN)])),
        ("INV-6", ShowsItsSecret, BUSY_REFRESH),
        ("INV-7", HasNoWordForOutages, BUSY_REFRESH),
        ("INV-9", StaysBroken, BUSY_REFRESH),
    ],
    "P03": [
        ("INV-1", IntroducesItself, CALL_AFTER_REFRESH),
        ("INV-2", StoresNoRefreshToken, CALL_AFTER_REFRESH),
        ("INV-3", RefreshesTwice, CALL_AFTER_REFRESH),
        ("INV-4", AsksThrice, CALL_AFTER_REFRESH),
        ("INV-5", IgnoresRetryAfter, one_call(Seed(), [armed(LIMITED, API)])),
        ("INV-6", ShowsItsSecret, BUSY_CALL),
        ("INV-6", SendsTokensInQueries, BUSY_CALL),
        ("INV-7", HasNoWordForOutages, BUSY_CALL),
        ("INV-9", StaysBroken, BUSY_CALL),
    ],
    "P04": [
        ("INV-1", IntroducesItself, sequence(Refresh(), Call())),
        ("INV-2", StoresNoRefreshToken, sequence(Expire(), Call())),
        ("INV-3", RefreshesTwice, sequence(Refresh(), Call())),
        ("INV-4", AsksThrice, sequence(Expire(), Call())),
        ("INV-4", CallsTooOften, sequence(Call(parallel=2), Disarm())),
        ("INV-5", IgnoresRetryAfter, sequence(armed(LIMITED, API), Call())),
        ("INV-6", ShowsItsSecret, sequence(armed(BUSY, API), Call())),
        ("INV-7", HasNoWordForOutages, sequence(armed(BUSY, API), Call())),
        ("INV-7", FailsAtOnce, sequence(Call(parallel=2), Disarm())),
        ("INV-8", RefreshesAtOnce, sequence(SLOW, Expire(), Call(parallel=2))),
        ("INV-9", StaysBroken, sequence(armed(BUSY, API), Call())),
        ("INV-10", KeepsTokensInMemory, sequence(Call(), Restart())),
    ],
}
"""For each property: an invariant, a client that breaks it alone, and the script that shows it."""

BITES: Final = [
    Bite(case=case, invariant=invariant, client=client, script=script)
    for case, rows in BY_CASE.items()
    for invariant, client, script in rows
]

FOUND_BY_DRAWING: Final[Sequence[tuple[str, type[ModelClient], str]]] = [
    ("P01", TakesAnyAnswer, "INV-1"),
    ("P02", StoresNoRefreshToken, "INV-2"),
    ("P02", ForgetsInvalidGrant, "INV-2"),
    ("P02", ShowsItsSecret, "INV-6"),
    ("P03", RefreshesForEver, "INV-4"),
    ("P03", IgnoresRetryAfter, "INV-5"),
    ("P04", RefreshesAtOnce, "INV-8"),
    ("P04", KeepsTokensInMemory, "INV-10"),
]
"""A property, a client, and the invariant that some drawn script shows to be broken."""
