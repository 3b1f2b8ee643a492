"""C03: clients whose secrets do not arrive as they are."""

import base64
from urllib.parse import quote, unquote_plus

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, ModelClient


class EncodesEverything(ModelClient):
    """Encodes all but letters and digits for Basic, as some do by RFC 6749, section 2.3.1."""

    def basic_credentials(self) -> str:
        """Encode what needs no encoding too."""
        names = ("client_id", "client_secret")
        pair = ":".join(
            quote(self.config[name]).replace("-", "%2D").replace("_", "%5F") for name in names
        )
        return base64.b64encode(pair.encode()).decode()


class BlamesTheUserForItsName(ModelClient):
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


def test_encoding_is_found(put: Put) -> None:
    """The default alphabet has to arrive."""
    assert failed(put("C03", EncodesEverything)) == {"default-alphabet"}


def test_odd_id_is_found(put: Put) -> None:
    """An id has the same letters as a secret."""
    assert failed(put("C03", BlamesTheUserForItsName)) == {"reserved"}


def test_blame_is_found(put: Put) -> None:
    """No user can mend a secret."""
    assert failed(put("C03", BlamesTheUser)) == {"default-alphabet", "reserved"}
