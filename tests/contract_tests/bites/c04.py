"""C04: clients that guess how to authenticate."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure
from .table import Bite, Table


class TriesBoth(TokenEndpoint):
    """Tries the other authentication with the same code, whose error hides the first."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Send, and send again."""
        answer = super().token_request(form)
        if answer.status < 400:
            return answer
        data = {**form, **self.form_credentials()}
        return self.client.http.send("POST", self.config["token_url"], headers={}, data=data)


class BlamesTheUser(TokenEndpoint):
    """Takes any refusal for a lost connection."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Send the user away."""
        return Failure(Kind.REAUTH_REQUIRED, "connect again", status=answer.status)


class TriesBothAndTellsTheFirst(TriesBoth):
    """Sends the code twice, and reports what came first."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Keep the first answer."""
        first = TokenEndpoint.token_request(self, form)
        return first if first.status < 400 else (super().token_request(form), first)[1]


TABLE = Table(
    [
        Bite(TriesBoth, {"code-once", "first-error"}),
        Bite(BlamesTheUser, {"first-error"}),
        Bite(TriesBothAndTellsTheFirst, {"code-once"}),
    ],
)
