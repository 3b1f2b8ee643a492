"""Clients that each do one thing wrong, as real ones have done."""

from collections.abc import Callable
from dataclasses import replace

import httpx
from livestorm_contract_tests.adapter import Kind

from .plain_client import PlainClient, is_token, read_object


class StoresWhateverA200Says(PlainClient):
    """C11: takes the status for the whole answer."""

    def classify_token_answer(self, response: httpx.Response) -> Kind:
        """Trust a 200."""
        if response.status_code == 200:
            return Kind.OK
        return super().classify_token_answer(response)

    def request_tokens(self, form: dict[str, str]) -> Kind:
        """Store what has the name of an access token, and something else where nothing has."""
        response = self.post(form)
        kind = self.classify_token_answer(response)
        if kind is Kind.OK:
            self.store({"access_token": "None", **read_object(response)}, form.get("refresh_token"))
        return kind


class ParsesJSONBeforeStatus(PlainClient):
    """C12: a gateway's HTML page is a crash."""

    def classify_token_answer(self, response: httpx.Response) -> Kind:
        """Parse first."""
        response.json()
        return super().classify_token_answer(response)


class DropsTokensOn500(PlainClient):
    """D08: a server's bad day logs the user out."""

    def refresh_tokens(self) -> Kind:
        """Forget the tokens when the server fails."""
        kind = super().refresh_tokens()
        if kind is Kind.RETRY_LATER:
            self.token, self.needs_reauth = None, True
        return kind


class OverwritesRefreshTokenWithEmpty(PlainClient):
    """D02, D03: a success without a refresh token loses the one there was."""

    def store(self, members: dict[str, object], sent: str | None) -> None:
        """Store what came, and only that."""
        super().store(members, None)


class RetriesForEver(PlainClient):
    """F10: would not stop, but for the sake of the test."""

    def refresh_tokens(self) -> Kind:
        """Try again until it works, or eight times."""
        return self.repeat(super().refresh_tokens)

    def call_api(self, path: str) -> Kind:
        """Try again until it works, or eight times."""
        return self.repeat(lambda: super(RetriesForEver, self).call_api(path))

    def repeat(self, operation: Callable[[], Kind]) -> Kind:
        """Repeat an operation while it is told to come back later."""
        kinds = (operation() for _ in range(8))
        return next((kind for kind in kinds if kind is not Kind.RETRY_LATER), Kind.RETRY_LATER)


class SleepsAsLongAsItIsTold(PlainClient):
    """F05: takes a month's Retry-After for a reason to sleep."""

    def call_api(self, path: str) -> Kind:
        """Sleep, and call again."""
        kind = super().call_api(path)
        if kind is Kind.RETRY_LATER:
            self.clock.sleep(1_728_000)
            kind = super().call_api(path)
        return kind


class ReportsOkOnErrorBody(PlainClient):
    """C10: a 200 whose body says `error` passes for a success, though nothing is stored."""

    def request_tokens(self, form: dict[str, str]) -> Kind:
        """Overlook that there is no token."""
        response = self.post(form)
        if response.status_code == 200 and "error" in read_object(response):
            return Kind.OK
        kind = self.classify_token_answer(response)
        if kind is Kind.OK:
            self.store(response.json(), form.get("refresh_token"))
        return kind


class Treats429AsLogout(PlainClient):
    """F09: too many requests, and the user is asked to connect again."""

    def classify_api_answer(self, response: httpx.Response) -> Kind:
        """Take a 429 for the end of the grant."""
        if response.status_code == 429:
            return Kind.REAUTH_REQUIRED
        return super().classify_api_answer(response)

    def call_api(self, path: str) -> Kind:
        """Call once."""
        return self.classify_api_answer(self.get(path))


class LetsExceptionsOut(PlainClient):
    """C08: an `error` that is no text is a TypeError."""

    def classify_token_answer(self, response: httpx.Response) -> Kind:
        """Add the error code to a text."""
        members = read_object(response)
        if "error" in members and not isinstance(members["error"], str):
            raise TypeError("can only concatenate str")
        return super().classify_token_answer(response)


class ForgetsTheExpiryOnFailure(PlainClient):
    """J04: a failure leaves the refresh token, but not all else, as it was."""

    def refresh_tokens(self) -> Kind:
        """Touch the stored tokens before the answer is there."""
        if self.token is not None:
            self.token = replace(self.token, expires_at=None)
        return super().refresh_tokens()


class KeepsADeadGrant(PlainClient):
    """D05: asks for a human, and goes on with the dead grant all the same."""

    def refresh_tokens(self) -> Kind:
        """Take the flag away again."""
        kind = super().refresh_tokens()
        self.needs_reauth = False
        return kind


class UsesATokenThatItRefused(PlainClient):
    """C17: reports the unknown token type, but sends the token."""

    def request_tokens(self, form: dict[str, str]) -> Kind:
        """Try a token of any type at the API."""
        response = self.post(form)
        kind = self.classify_token_answer(response)
        members = read_object(response)
        if kind is Kind.OK:
            self.store(members, form.get("refresh_token"))
        elif response.status_code == 200 and is_token({**members, "token_type": "Bearer"}):
            held, self.token = self.token, None
            self.store(members, None)
            self.get("/me")
            self.token = held
        return kind
