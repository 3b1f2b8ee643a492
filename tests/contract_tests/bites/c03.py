"""C03: clients whose secrets do not arrive as they are."""

import base64
from urllib.parse import quote, unquote_plus

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure
from .table import Bite, Table


class EncodesEverything(TokenEndpoint):
    """Encodes all but letters and digits for Basic, as some do by RFC 6749, section 2.3.1."""

    def basic_credentials(self) -> str:
        """Encode what needs no encoding too."""
        names = ("client_id", "client_secret")
        pair = ":".join(
            quote(self.config[name]).replace("-", "%2D").replace("_", "%5F") for name in names
        )
        return base64.b64encode(pair.encode()).decode()


class BlamesTheUserForItsName(TokenEndpoint):
    """Reads its own id from the settings as a URL has it."""

    def form_credentials(self) -> dict[str, str]:
        """Decode it once more."""
        given = super().form_credentials()
        return {**given, "client_id": unquote_plus(given["client_id"])}

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Send the user away."""
        return Failure(Kind.REAUTH_REQUIRED, "connect again", status=answer.status)


class BlamesTheUser(EncodesEverything):
    """Takes a refused client for a lost connection."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Send the user away."""
        return Failure(Kind.REAUTH_REQUIRED, "connect again", status=answer.status)


class BlamesTheUserForReservedOnes(BlamesTheUser):
    """Encodes what has to be encoded in forms only."""

    def basic_credentials(self) -> str:
        """Encode the reserved characters."""
        secret = self.config["client_secret"]
        self.config["client_secret"] = quote(secret, safe="")
        try:
            return TokenEndpoint.basic_credentials(self)
        finally:
            self.config["client_secret"] = secret


TABLE = Table(
    [
        Bite(EncodesEverything, {"default-alphabet"}),
        Bite(BlamesTheUserForItsName, {"reserved"}),
        Bite(BlamesTheUser, {"default-alphabet", "reserved"}),
        Bite(BlamesTheUserForReservedOnes, {"reserved"}),
    ],
)
