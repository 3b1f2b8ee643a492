"""A05: clients that can't have a query in their redirect URI."""

from urllib.parse import quote, urlencode, urlsplit

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, ModelClient, Pending


class EncodesTwice(ModelClient):
    """Escapes the URI, and then the whole query."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Escape it too early."""
        asked = super().authorization_parameters(pending)
        return {**asked, "redirect_uri": quote(asked["redirect_uri"], safe=":/?=&")}


class EncodesNothing(ModelClient):
    """Puts the URI into the query as it is."""

    def authorize_url(self, pending: Pending) -> str:
        """Join texts."""
        asked = self.authorization_parameters(pending)
        uri = asked.pop("redirect_uri")
        return f"{self.config['authorize_url']}?redirect_uri={uri}&{urlencode(asked)}"


class DropsTheQuery(ModelClient):
    """Compares and sends the redirect URI without its query."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Cut it off."""
        parts = urlsplit(pending.redirect_uri)
        pending.redirect_uri = parts._replace(query="").geturl()
        return super().exchange(code, pending)


class KnowsItsParametersOnly(ModelClient):
    """Refuses a callback with parameters that are not the protocol's."""

    def check_duplicates(self, names: list[str]) -> None:
        """Refuse the redirect URI's own."""
        if not {"code", "state"}.issuperset(names):
            raise Failure(Kind.PROTOCOL_ERROR, "a parameter is unknown")


def test_uri_encoded_twice_is_found(put: Put) -> None:
    """Decoded once, it is still encoded."""
    assert failed(put("A05", EncodesTwice)) == {"encoded-once"}


def test_uri_encoded_never_is_found(put: Put) -> None:
    """Its second parameter gets lost."""
    assert failed(put("A05", EncodesNothing)) == {"encoded-once"}


def test_dropped_query_is_found(put: Put) -> None:
    """The server then refuses the code."""
    assert failed(put("A05", DropsTheQuery)) == {"kept", "connected"}


def test_refused_parameters_of_its_own_are_found(put: Put) -> None:
    """They come back with every callback."""
    assert failed(put("A05", KnowsItsParametersOnly)) == {"connected"}
