"""The way to the provider: what is asked for, and what is kept for the way back."""

import base64
import hashlib
import secrets
from urllib.parse import quote, urlencode

from .part import Part
from .values import Message, Pending, User


class Authorization(Part):
    """Begins flows."""

    def begin(self, user: User) -> Message:
        """Begin a flow. Raises Failure."""
        for name in ("authorize_url", "token_url", "api_base"):
            self.client.http.check_confidential(self.config[name])
        user.pending = self.new_pending()
        return {"authorize_url": self.authorize_url(user.pending)}

    def new_pending(self) -> Pending:
        """Draw state and verifier."""
        uri = self.config["redirect_uri"]
        return Pending(self.new_state(), self.new_verifier(), uri, self.now())

    def new_state(self) -> str:
        """Draw a state."""
        return secrets.token_urlsafe(32)

    def new_verifier(self) -> str:
        """Draw a verifier."""
        return secrets.token_urlsafe(48)

    def authorize_url(self, pending: Pending) -> str:
        """Make the URL for the browser."""
        query = urlencode(self.authorization_parameters(pending), quote_via=quote)
        return f"{self.config['authorize_url']}?{query}"

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Give what is asked for."""
        digest = hashlib.sha256(pending.verifier.encode()).digest()
        return {
            "response_type": "code",
            "client_id": self.config["client_id"],
            "redirect_uri": pending.redirect_uri,
            "scope": self.scope_text(),
            "state": pending.state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }

    def scope_text(self) -> str:
        """Join the scopes."""
        return " ".join(self.config["scopes"])
