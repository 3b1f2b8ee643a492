"""C04: clients that guess how to authenticate."""

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, ModelClient


class TriesBoth(ModelClient):
    """Tries the other authentication with the same code, and reports the last error."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Send, and send again."""
        answer = super().token_request(form)
        if answer.status < 400:
            return answer
        data = {**form, **self.form_credentials()}
        return self.send("POST", self.config["token_url"], headers={}, data=data)


class BlamesTheUser(ModelClient):
    """Takes any refusal for a lost connection."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Send the user away."""
        return Failure(Kind.REAUTH_REQUIRED, "connect again", status=answer.status)


def test_second_try_is_found(put: Put) -> None:
    """The code goes out twice, and its error hides the first."""
    assert failed(put("C04", TriesBoth)) == {"code-once", "first-error"}


def test_other_error_is_found(put: Put) -> None:
    """The kind shows it."""
    assert failed(put("C04", BlamesTheUser)) == {"first-error"}
