"""Refreshes: when one is due, one at a time, and the end of a grant."""

import time

from livestorm_contract_tests.driving.kinds import Kind

from .part import Part
from .values import Answer, Failure, Message, User

LEEWAY = 60.0


class Refreshing(Part):
    """Keeps tokens fresh."""

    def fresh(self, name: str, user: User) -> Message:
        """Give the stored token, refreshed where it is about to expire. Raises Failure."""
        stored = self.client.store.load(user)
        if stored is None or stored.get("needs_reauth"):
            raise Failure(Kind.REAUTH_REQUIRED, "not connected")
        if self.is_due(stored) and stored.get("refresh_token"):
            self.refresh(name, user, stored["access_token"])
            stored = self.client.store.load(user) or stored
        return stored

    def is_due(self, stored: Message) -> bool:
        """Tell whether a token is to be refreshed before use."""
        if stored.get("expires_at") is None:
            return False
        lifetime = stored.get("lifetime")
        leeway = LEEWAY if lifetime is None else min(LEEWAY, lifetime / 10)
        return bool(self.now() >= stored["expires_at"] - leeway)

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Tell whether a refresh may help after an answer of the API."""
        return answer.status == 401 and bool(stored.get("refresh_token"))

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Refresh, unless another did so while this one waited; `stale` is the token to replace."""
        with user.lock, self.client.store.store_lock(user):
            stored = self.client.store.load(user)
            if stored is None or stored.get("needs_reauth") or not stored.get("refresh_token"):
                raise Failure(Kind.REAUTH_REQUIRED, "there is no refresh token")
            if stale is not None and stored["access_token"] != stale:
                return {}
            self.client.store.probe(user)
            self.refresh_with(name, user, stored)
        return {}

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Send the refresh token, and once more where the answer was lost or asks to wait."""
        tokens = self.client.tokens
        form = {"grant_type": "refresh_token", "refresh_token": stored["refresh_token"]}
        most = self.refresh_attempts()
        for attempt in range(1, most + 1):
            self.keep_pause(user)
            sent_at = self.now()
            try:
                members = tokens.read_tokens(tokens.token_request(form))
            except Failure as failure:
                failure.at_api = False
                if failure.not_before is not None:
                    user.no_refresh_before = self.now() + failure.not_before
                if failure.kind is Kind.REAUTH_REQUIRED:
                    self.grant_is_dead(user, stored)
                    return
                if attempt == most or not self.client.limits.may_retry(failure):
                    raise
            else:
                sent = stored["refresh_token"]
                self.client.store.store_token(name, user, members, sent, sent_at)
                return

    def keep_pause(self, user: User) -> None:
        """Wait until the token endpoint may be asked. Raises Failure where that is too long."""
        wait = user.no_refresh_before - self.now()
        if wait > self.client.limits.longest_wait():
            failure = Failure(Kind.RETRY_LATER, "too early", status=429, not_before=wait)
            failure.at_api = False
            raise failure
        if wait > 0:
            time.sleep(wait)

    def refresh_attempts(self) -> int:
        """Tell how often a refresh is sent at most."""
        return 2

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Flag the grant, unless another process has refreshed it meanwhile."""
        current = self.client.store.load(user)
        if current is not None and current.get("refresh_token") != stored["refresh_token"]:
            return
        self.client.store.save(user, {**stored, "needs_reauth": True})
        gone = Failure(Kind.REAUTH_REQUIRED, "the grant is gone", code="invalid_grant", status=400)
        gone.at_api = False
        raise gone
