"""C: clients that fail one check of a case whose checks fail together elsewhere."""

from urllib.parse import quote

import pytest
from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient, User
from .test_c03 import BlamesTheUser
from .test_c04 import TriesBoth
from .test_c11 import ForgetsTokens


class StumblesOverSuccess(ModelClient):
    """Fails where all went well."""

    def read_tokens(self, answer: Answer) -> Message:
        """Expect another status."""
        raise Failure(Kind.PROTOCOL_ERROR, "not 201", status=answer.status)


class SendsAnAssertionToo(ModelClient):
    """Adds a signed assertion, which the server does not read, to its secret."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Add it."""
        return super().token_request({**form, "client_assertion": "header.payload.signature"})


class BlamesTheUserForReservedOnes(BlamesTheUser):
    """Encodes what has to be encoded in forms only."""

    def basic_credentials(self) -> str:
        """Encode the reserved characters."""
        secret = self.config["client_secret"]
        self.config["client_secret"] = quote(secret, safe="")
        try:
            return ModelClient.basic_credentials(self)
        finally:
            self.config["client_secret"] = secret


class TriesBothAndTellsTheFirst(TriesBoth):
    """Sends the code twice, and reports what came first."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Keep the first answer."""
        first = ModelClient.token_request(self, form)
        return first if first.status < 400 else (super().token_request(form), first)[1]


class HasNoWordForRefusals(ModelClient):
    """Raises what no caller is told to expect, with all that the server said."""

    def read_tokens(self, answer: Answer) -> Message:
        """Rename the failure."""
        try:
            return super().read_tokens(answer)
        except Failure as failure:
            code = failure.code or self.code_of(answer)
            raise Failure(Kind.BUG, "unexpected", code=code, status=failure.status) from None

    def code_of(self, answer: Answer) -> str | None:
        """Give the code of an answer that was not read as an error."""
        members = answer.json()
        code = members.get("error") if isinstance(members, dict) else None
        return code if isinstance(code, str) else None


class HidesTheCode(ModelClient):
    """Reports the right kind, and neither code nor status."""

    def describe(self, error: Exception) -> Message:
        """Leave all out."""
        return {"class": type(error).__name__, "message": "failed", "repr": "Failure()"}


class PrintsObjects(ModelClient):
    """Joins an object to a text."""

    def describe(self, error: Exception) -> Message:
        """Show what a browser's language makes of it."""
        return {**super().describe(error), "message": "[object Object]"}


class CopiesTheEnd(ModelClient):
    """Copies a page into its error, from the first line break on."""

    def read_tokens(self, answer: Answer) -> Message:
        """Copy."""
        try:
            return super().read_tokens(answer)
        except Failure as failure:
            text = answer.body.decode()[1000:]
            raise Failure(failure.kind, text, status=failure.status) from None


class CopiesTheBeginning(ModelClient):
    """Copies the beginning of a page into its error."""

    def read_tokens(self, answer: Answer) -> Message:
        """Copy."""
        try:
            return super().read_tokens(answer)
        except Failure as failure:
            text = answer.body.decode()[:500]
            raise Failure(failure.kind, text, status=failure.status) from None


class DoubtsLabels(ModelClient):
    """Refuses every second token under another label than JSON."""

    count = 0

    def read_tokens(self, answer: Answer) -> Message:
        """Count."""
        members = super().read_tokens(answer)
        self.count += "html" in answer.headers.get("content-type", "")
        if self.count % 2:
            raise Failure(Kind.PROTOCOL_ERROR, "not this time", status=answer.status)
        return members


class NeedsAWarmUp(ModelClient):
    """Reports its first call after a connection as failed."""

    is_cold = True

    def configure(self, config: Message) -> None:
        """Begin anew."""
        super().configure(config)
        self.is_cold = True

    def call(self, message: Message) -> Message:
        """Call, and lose the answer the first time."""
        was_cold, self.is_cold = self.is_cold, False
        told = super().call(message)
        if was_cold:
            raise Failure(Kind.PROTOCOL_ERROR, "not ready")
        return told


class TakesAMissingType(ModelClient):
    """Takes a token without a type for Bearer."""

    def read_tokens(self, answer: Answer) -> Message:
        """Add the type."""
        members = answer.json()
        if isinstance(members, dict) and "token_type" not in members:
            return members
        return super().read_tokens(answer)


class ForgetsUnknownTypes(ModelClient):
    """Says that it is connected, and has stored nothing."""

    def connect(self, name: str, url: str) -> Message:
        """Take the refusal for a success."""
        try:
            return super().connect(name, url)
        except Failure as failure:
            if "mac" in str(failure):
                return {}
            raise

    def read_tokens(self, answer: Answer) -> Message:
        """Say what the type was."""
        members = answer.json()
        if isinstance(members, dict) and members.get("token_type") == "mac":
            raise Failure(Kind.PROTOCOL_ERROR, "mac", status=answer.status)
        return super().read_tokens(answer)


class UsesUnknownTypes(ModelClient):
    """Refuses a token of an unknown type, after having stored it."""

    def read_tokens(self, answer: Answer) -> Message:
        """Store it first."""
        members = answer.json()
        if isinstance(members, dict) and members.get("token_type") == "mac":
            self.save(self.user("u1"), {**members, "expires_at": None})
        return super().read_tokens(answer)


class ShowsTheBeginning(ModelClient):
    """Tells of the first 255 characters of a token."""

    def told_state(self, user: User) -> Message:
        """Cut what is told."""
        stored = self.load(user)
        if stored is not None:
            self.save(user, {**stored, "access_token": stored["access_token"][:255]})
        try:
            return super().told_state(user)
        finally:
            if stored is not None:
                self.save(user, stored)


ALONE = [
    ("C02", "kind", StumblesOverSuccess),
    ("C02", "one-mechanism", SendsAnAssertionToo),
    ("C03", "reserved", BlamesTheUserForReservedOnes),
    ("C04", "code-once", TriesBothAndTellsTheFirst),
    ("C07", "kind", HasNoWordForRefusals),
    ("C07", "code-told", HidesTheCode),
    ("C08", "kind", HasNoWordForRefusals),
    ("C08", "readable", PrintsObjects),
    ("C09", "store-unchanged", ForgetsTokens),
    ("C10", "kind", HasNoWordForRefusals),
    ("C10", "store-unchanged", ForgetsTokens),
    ("C11", "kind", HasNoWordForRefusals),
    ("C12", "kind", HasNoWordForRefusals),
    ("C12", "status-told", HidesTheCode),
    ("C12", "bounded", CopiesTheEnd),
    ("C12", "scrubbed", CopiesTheBeginning),
    ("C13", "consistent", DoubtsLabels),
    ("C14", "kind", HasNoWordForRefusals),
    ("C15", "usable", NeedsAWarmUp),
    ("C16", "usable", NeedsAWarmUp),
    ("C17", "missing", TakesAMissingType),
    ("C17", "unknown", ForgetsUnknownTypes),
    ("C17", "unknown-not-used", UsesUnknownTypes),
    ("C18", "whole-token", ShowsTheBeginning),
    ("C18", "usable", NeedsAWarmUp),
]


@pytest.mark.parametrize(("case", "check", "client"), ALONE)
def test_one_fault_fails_one_check(
    put: Put, case: str, check: str, client: type[ModelClient]
) -> None:
    """No other check tells of this fault, and this one tells of no other."""
    assert failed(put(case, client)) == {check}
