"""Clients that do not even try: nothing is sent, too little, or too much."""

from typing import Any, ClassVar

from livestorm_contract_tests.driving.kinds import Kind

from ...model_client.authorization import Authorization
from ...model_client.operations import Operations
from ...model_client.sending import Sending
from ...model_client.values import Answer, Failure, Message, User


class SaysOk(Operations):
    """Says at once that all went well, and sends nothing."""

    kind: ClassVar[Kind] = Kind.OK

    def command(self, message: Message) -> Message:
        """Answer at once."""
        if message["type"] != "command" or (message["op"] == "begin" and self.kind is Kind.OK):
            return super().command(message)
        return {"kind": self.kind}


def says(kind: Kind) -> type[SaysOk]:
    """Give a client that says this at once, whatever it is told to do."""
    return type(f"Says_{kind}", (SaysOk,), {"kind": kind})


class SaysOddValues(Operations):
    """Says what it has to say, in types that nothing of it has."""

    def command(self, message: Message) -> Message:
        """Turn each value of its own into a list."""
        reply = super().command(message)
        odd = {name: [None] for name in ("authorize_url", "http_status", "not_before_s", "pages")}
        token = reply.get("token") and dict.fromkeys(reply["token"], True)
        return {**reply, **odd, "ids": 7, "needs_reauth": "no", "token": token}


class BeginsElsewhere(Authorization):
    """Sends the browser to another server."""

    def begin(self, user: User) -> Message:
        """Give a URL of somebody else."""
        super().begin(user)
        return {"authorize_url": "http://127.0.0.1:9/oauth/authorize?state=x"}


class BeginsWithNoUrl(Authorization):
    """Sends the browser to what is no URL."""

    def begin(self, user: User) -> Message:
        """Give a text."""
        return {"authorize_url": "no URL", **dict.fromkeys(super().begin(user), "no URL")}


class SendsOnce(Sending):
    """Sends the first request of a case, and then none."""

    sent = 0

    def send(self, *given: Any, **told: Any) -> Answer:
        """Count."""
        self.sent += 1
        if self.sent > 1:
            raise Failure(Kind.RETRY_LATER, "enough was sent")
        return super().send(*given, **told)


class SendsThrice(Sending):
    """Sends each request three times, and takes the last answer."""

    def send(self, *given: Any, **told: Any) -> Answer:
        """Repeat it."""
        for _ in range(2):
            try:
                super().send(*given, **told)
            except Failure:
                continue
        return super().send(*given, **told)
