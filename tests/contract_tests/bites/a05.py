"""A05: clients that can't have a query in their redirect URI."""

from urllib.parse import quote, urlencode, urlsplit

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.authorization import Authorization
from ..model_client.callbacks import Callbacks
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Pending
from .table import Bite, Table


class EncodesTwice(Authorization):
    """Escapes the URI, and then the whole query."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Escape it too early."""
        asked = super().authorization_parameters(pending)
        return {**asked, "redirect_uri": quote(asked["redirect_uri"], safe=":/?=&")}


class EncodesNothing(Authorization):
    """Puts the URI into the query as it is."""

    def authorize_url(self, pending: Pending) -> str:
        """Join texts."""
        asked = self.authorization_parameters(pending)
        uri = asked.pop("redirect_uri")
        return f"{self.config['authorize_url']}?redirect_uri={uri}&{urlencode(asked)}"


class DropsTheQuery(TokenEndpoint):
    """Compares and sends the redirect URI without its query."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Cut it off."""
        parts = urlsplit(pending.redirect_uri)
        pending.redirect_uri = parts._replace(query="").geturl()
        return super().exchange(code, pending)


class KnowsItsParametersOnly(Callbacks):
    """Refuses a callback with parameters that are not the protocol's."""

    def check_duplicates(self, names: list[str]) -> None:
        """Refuse the redirect URI's own."""
        if not {"code", "state"}.issuperset(names):
            raise Failure(Kind.PROTOCOL_ERROR, "a parameter is unknown")


TABLE = Table(
    [
        Bite(EncodesTwice, {"encoded-once"}),
        Bite(EncodesNothing, {"encoded-once"}),
        Bite(DropsTheQuery, {"connected", "kept"}),
        Bite(KnowsItsParametersOnly, {"connected"}),
    ],
    follows={
        # The server refuses a code that comes with another redirect URI.
        "kept": {"connected"},
    },
)
