"""E03: clients that need the challenge or the body of a 401."""

import re

from ..model_client.refreshing import Refreshing
from ..model_client.values import Answer, Message
from .shared.refreshed import RefreshesTwice
from .shared.refused import IgnoresRefusals, RepeatsRefusedCalls
from .table import Bite, Table


class NeedsAChallenge(Refreshing):
    """Takes the challenge of a 401 apart, as if there had to be one."""

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Look for the error code."""
        if answer.status != 401:
            return False
        challenge = answer.headers["WWW-Authenticate"].removeprefix("Bearer ")
        members = dict(part.split("=") for part in challenge.split(", "))
        return members["error"] == '"invalid_token"'


class NeedsABody(Refreshing):
    """Reads the errors of every refusal."""

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Read them."""
        refused = answer.status == 401
        return refused and answer.json()["errors"][0]["status"] == "401"


class LooksForAnError(Refreshing):
    """Finds a pattern in the challenges, also in another member or another scheme."""

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Leave what a scope seems to miss for."""
        found = re.search(r'error="([^"]*)"', answer.headers.get("www-authenticate", ""))
        misses_scope = found is not None and found[1] == "insufficient_scope"
        return super().may_refresh(answer, stored) and not misses_scope


class KnowsOneForm(Refreshing):
    """Understands an error in quotes only, right behind its name in lower case."""

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Leave what is none of that form."""
        challenge = answer.headers.get("www-authenticate", "")
        is_known = not challenge.startswith("B") or ' error="invalid_token' in challenge
        return super().may_refresh(answer, stored) and is_known


TABLE = Table(
    [
        Bite(NeedsAChallenge, {"kind"}),
        Bite(NeedsABody, {"kind"}),
        Bite(LooksForAnError, {"kind"}),
        Bite(KnowsOneForm, {"kind"}),
        Bite(IgnoresRefusals, {"kind"}),
        Bite(RefreshesTwice, {"one-refresh"}),
        Bite(RepeatsRefusedCalls, {"one-retry"}),
    ],
)
