"""The way back from the provider."""

import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from livestorm_contract_tests.driving.kinds import Kind

from .part import Part
from .values import BUSY_CODES, CONFIG_CODES, Failure, Message, Pending, User

FLOW_SECONDS = 3600.0


class Callbacks(Part):
    """Checks callbacks, and finishes flows."""

    def connect(self, name: str, url: str) -> Message:
        """Check a callback and exchange its code. Raises Failure."""
        user = self.client.store.user(name)
        pairs = self.pairs_of(url)
        with user.lock:
            pending = self.check_callback(user, pairs)
            user.pending = None
        code = dict(pairs).get("code")
        if not code:
            raise Failure(Kind.PROTOCOL_ERROR, "the callback has no code")
        with self.client.store.store_lock(user):
            sent_at = self.now()
            members = self.client.tokens.read_tokens(self.client.tokens.exchange(code, pending))
            self.client.store.store_token(name, user, members, None, sent_at)
        return {}

    def pairs_of(self, url: str) -> list[tuple[str, str]]:
        """Read the parameters of a callback."""
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)

    def check_callback(self, user: User, pairs: list[tuple[str, str]]) -> Pending:
        """Check that a callback belongs to the pending flow, and grants something."""
        names = [name for name, _ in pairs]
        given = dict(pairs)
        self.check_duplicates(names)
        pending = self.check_state(user, given)
        self.check_issuer(given)
        self.check_granted(given)
        return pending

    def check_duplicates(self, names: list[str]) -> None:
        """Refuse parameters that matter and are there twice."""
        if any(names.count(name) > 1 for name in ("code", "state", "error", "iss")):
            raise Failure(Kind.SECURITY_ERROR, "a parameter of the callback is repeated")

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Compare the state with the pending one."""
        expected = user.pending.state if user.pending else ""
        if user.pending is None or not hmac.compare_digest(
            given.get("state", "").encode(), expected.encode()
        ):
            raise Failure(Kind.SECURITY_ERROR, "the callback belongs to no pending flow")
        if self.is_over(user.pending):
            raise Failure(Kind.SECURITY_ERROR, "the callback comes too late")
        return user.pending

    def is_over(self, pending: Pending) -> bool:
        """Tell whether a flow was begun too long ago."""
        return self.now() - pending.begun_at > FLOW_SECONDS

    def check_issuer(self, given: Mapping[str, str]) -> None:
        """Compare `iss` where the server advertises it."""
        if self.config.get("issuer") and given.get("iss") != self.config["issuer"]:
            raise Failure(Kind.SECURITY_ERROR, "the callback comes from another issuer")

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Raise what the callback's error means."""
        if "error" not in given:
            return
        code = given["error"][:64]
        if code == "access_denied":
            raise Failure(Kind.DENIED, "the user refused", code=code)
        if code in BUSY_CODES:
            raise Failure(Kind.RETRY_LATER, "the server is busy", code=code)
        kind = Kind.CONFIG_ERROR if code in CONFIG_CODES else Kind.PROTOCOL_ERROR
        raise Failure(kind, "the authorization failed", code=code)
