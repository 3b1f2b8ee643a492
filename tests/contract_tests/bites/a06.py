"""A06: clients that join scopes by something else than a space."""

from urllib.parse import quote, urlencode

from ..model_client.authorization import Authorization
from ..model_client.values import Pending
from .table import Bite, Table


class JoinsByComma(Authorization):
    """Joins scopes as some providers want it."""

    def scope_text(self) -> str:
        """Join them."""
        return ",".join(self.config["scopes"])


class EscapesThePlus(Authorization):
    """Joins scopes by a plus sign, which is then escaped."""

    def authorize_url(self, pending: Pending) -> str:
        """Escape too late."""
        asked = self.authorization_parameters(pending)
        joined = {**asked, "scope": asked["scope"].replace(" ", "+")}
        return f"{self.config['authorize_url']}?{urlencode(joined, quote_via=quote)}"


class JoinsBySpaces(Authorization):
    """Joins scopes as a sentence."""

    def scope_text(self) -> str:
        """Join them."""
        return "  ".join(self.config["scopes"])


class SendsTheFirst(Authorization):
    """Takes one scope of the list."""

    def scope_text(self) -> str:
        """Take it."""
        return str(self.config["scopes"][0])


TABLE = Table(
    [
        Bite(JoinsByComma, {"one-space"}),
        Bite(EscapesThePlus, {"one-space"}),
        Bite(JoinsBySpaces, {"one-space"}),
        Bite(SendsTheFirst, {"one-space"}),
    ],
)
