"""Clients that do not even try: nothing is sent, too little, or too much."""

from typing import ClassVar

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


class SaysDenied(SaysOk):
    """Takes everything for a refusal by the user."""

    kind = Kind.DENIED


class SaysReauthRequired(SaysOk):
    """Wants a human at once."""

    kind = Kind.REAUTH_REQUIRED


class SaysConfigError(SaysOk):
    """Takes everything for a mistake of its settings."""

    kind = Kind.CONFIG_ERROR


class SaysRetryLater(SaysOk):
    """Puts everything off."""

    kind = Kind.RETRY_LATER


class SaysProtocolError(SaysOk):
    """Takes everything for nonsense."""

    kind = Kind.PROTOCOL_ERROR


class SaysSecurityError(SaysOk):
    """Takes everything for an attack."""

    kind = Kind.SECURITY_ERROR


class SaysBug(SaysOk):
    """Breaks at once."""

    kind = Kind.BUG


class SaysCancelled(SaysOk):
    """Gives up at once."""

    kind = Kind.CANCELLED


class SaysTransportError(SaysOk):
    """Speaks of connections that it never opens."""

    kind = Kind.TRANSPORT_ERROR


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

    def send(self, *given: object, **told: object) -> Answer:
        """Count."""
        self.sent += 1
        if self.sent > 1:
            raise Failure(Kind.RETRY_LATER, "enough was sent")
        return super().send(*given, **told)  # type: ignore[arg-type]


class SendsThrice(Sending):
    """Sends each request three times, and takes the last answer."""

    def send(self, *given: object, **told: object) -> Answer:
        """Repeat it."""
        for _ in range(2):
            try:
                super().send(*given, **told)  # type: ignore[arg-type]
            except Failure:
                continue
        return super().send(*given, **told)  # type: ignore[arg-type]
