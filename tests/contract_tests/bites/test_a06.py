"""A06: clients that join scopes by something else than a space."""

from urllib.parse import quote, urlencode

from .conftest import Put, failed
from .model_client import ModelClient, Pending


class JoinsByComma(ModelClient):
    """Joins scopes as some providers want it."""

    def scope_text(self) -> str:
        """Join them."""
        return ",".join(self.config["scopes"])


class EscapesThePlus(ModelClient):
    """Joins scopes by a plus sign, which is then escaped."""

    def authorize_url(self, pending: Pending) -> str:
        """Escape too late."""
        asked = self.authorization_parameters(pending)
        joined = {**asked, "scope": asked["scope"].replace(" ", "+")}
        return f"{self.config['authorize_url']}?{urlencode(joined, quote_via=quote)}"


class JoinsBySpaces(ModelClient):
    """Joins scopes as a sentence."""

    def scope_text(self) -> str:
        """Join them."""
        return "  ".join(self.config["scopes"])


class SendsTheFirst(ModelClient):
    """Takes one scope of the list."""

    def scope_text(self) -> str:
        """Take it."""
        return str(self.config["scopes"][0])


def test_comma_is_found(put: Put) -> None:
    """The server reads one scope, which it does not know."""
    assert failed(put("A06", JoinsByComma)) == {"one-space"}


def test_escaped_plus_is_found(put: Put) -> None:
    """`%2B` is a plus sign, not a space."""
    assert failed(put("A06", EscapesThePlus)) == {"one-space"}


def test_two_spaces_are_found(put: Put) -> None:
    """The grammar has one."""
    assert failed(put("A06", JoinsBySpaces)) == {"one-space"}


def test_missing_scope_is_found(put: Put) -> None:
    """What was wanted is asked for."""
    assert failed(put("A06", SendsTheFirst)) == {"one-space"}
