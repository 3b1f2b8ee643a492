"""A02: clients that leave PKCE out, or spoil it."""

from typing import ClassVar

from ..model_client.authorization import Authorization
from ..model_client.offer import Offer
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Message, Pending
from .table import Bite, Table


class Public(Offer):
    """Has no secret."""

    features: ClassVar[Message] = {**Offer.features, "auth_methods": ["none"]}


class SendsPlainChallenge(Authorization):
    """Sends the verifier itself as the challenge, to all who read the authorization request."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Derive nothing."""
        plain = {"code_challenge": pending.verifier, "code_challenge_method": "plain"}
        return super().authorization_parameters(pending) | plain


class SendsNoChallenge(Authorization):
    """Knows nothing of PKCE, whatever it says of itself."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Leave it out."""
        asked = super().authorization_parameters(pending)
        return {name: value for name, value in asked.items() if not name.startswith("code_")}


class ForgetsTheVerifier(TokenEndpoint):
    """Sends another verifier than it began with, as after a lost session."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Draw a new one."""
        pending.verifier = self.client.authorization.new_verifier()
        return super().exchange(code, pending)


class DrawsShortVerifier(Authorization):
    """Takes 16 bytes for enough."""

    def new_verifier(self) -> str:
        """Cut it."""
        return super().new_verifier()[:22]


class DrawsOneVerifier(Authorization):
    """Has its verifier in the configuration."""

    def new_verifier(self) -> str:
        """Give it again."""
        return "nF3xYp7qLw2ZkT8vRb5MdJ0cHs6Ga1Uo9EiXtQyWz4B"


class PublicWithoutPKCE(Public, SendsNoChallenge):
    """Has neither secret nor challenge."""


TABLE = Table(
    [
        Bite(SendsNoChallenge, {"challenge", "verifier-fits"}),
        Bite(PublicWithoutPKCE, {"public-challenge", "public-verifier-fits"}),
        Bite(SendsPlainChallenge, {"challenge", "verifier-fits"}),
        Bite(ForgetsTheVerifier, {"verifier-fits"}),
        Bite(DrawsShortVerifier, {"verifier-form"}),
        Bite(DrawsOneVerifier, {"fresh"}),
        Bite((ForgetsTheVerifier, Public), {"public-verifier-fits"}),
        Bite((DrawsShortVerifier, Public), {"public-verifier-form"}),
        Bite((DrawsOneVerifier, Public), {"public-fresh"}),
    ],
    follows={
        # A verifier fits an S256 challenge or nothing.
        "challenge": {"verifier-fits"},
        "public-challenge": {"public-verifier-fits"},
    },
)
