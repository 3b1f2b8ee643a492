"""C14: clients that stumble over bytes."""

import json

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.api_calls import ApiCalls
from ..model_client.store import Store
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message, User
from .shared.exchanged import ChangesItsMind, HasNoWordForRefusals, HidesTheCode, NamesEachAlike
from .table import Bite, Table


class BlamesTheSettings(TokenEndpoint):
    """Takes a refusal that is not UTF-8 for one of the client, and looks for its code."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Search the bytes."""
        failure = super().refusal(answer, members)
        if b"\xe9" in answer.body and b"invalid_grant" in answer.body:
            failure.kind, failure.code = Kind.CONFIG_ERROR, "invalid_grant"
        return failure


class WritesTextsAsTheyAre(Store):
    """Writes a file of which no half character can be a part."""

    def save(self, user: User, stored: Message) -> None:
        """Try it first."""
        json.dumps(stored, ensure_ascii=False).encode()
        super().save(user, stored)


class SendsScopesAlong(ApiCalls):
    """Tells the API with each call which scope it has."""

    def call(self, message: Message) -> Message:
        """Encode it."""
        stored = self.client.store.load(self.client.store.user("u1")) or {}
        str(stored.get("scope")).encode()
        return super().call(message)


class ReadsToTheFirstNul(TokenEndpoint):
    """Gives a type to a library in C."""

    def read_tokens(self, answer: Answer) -> Message:
        """Cut it there."""
        body = answer.body.replace(b'Bearer\\u0000"', b'Bearer"')
        return super().read_tokens(Answer(answer.status, answer.headers, body))


class ShowsItsErrors(TokenEndpoint):
    """Prints what the server says, as a terminal can."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Encode it."""
        if isinstance(members, dict):
            "".join(map(str, members.values())).encode()
        return super().refusal(answer, members)


TABLE = Table(
    [
        Bite(ChangesItsMind, {"consistent"}),
        Bite(HidesTheCode, {"code-told"}),
        # Any 4xx that can't be read may be taken for one of the settings.
        Bite(BlamesTheSettings),
        Bite(NamesEachAlike, {"code-told", "kind"}),
        Bite(HasNoWordForRefusals, {"kind"}),
        Bite(WritesTextsAsTheyAre, {"kind"}),
        Bite(ReadsToTheFirstNul, {"kind"}),
        Bite(ShowsItsErrors, {"kind"}),
        Bite(SendsScopesAlong, {"lives-on"}),
    ],
)
