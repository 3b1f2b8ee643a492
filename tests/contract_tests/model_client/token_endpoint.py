"""Requests to the token endpoint, and what their answers mean."""

import base64

from livestorm_contract_tests.driving.kinds import Kind

from .part import Part
from .values import BUSY_CODES, CONFIG_CODES, Answer, Failure, Message, Pending


class TokenEndpoint(Part):
    """Sends grants, and reads tokens."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Send the code, once."""
        return self.token_request(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": pending.redirect_uri,
                "code_verifier": pending.verifier,
            }
        )

    def token_request(self, form: dict[str, str]) -> Answer:
        """Send a token request with the client's credentials."""
        self.client.http.check_confidential(self.config["token_url"])
        headers = {"Accept": "application/json"}
        if self.config["auth_method"] == "client_secret_basic":
            headers["Authorization"] = f"Basic {self.basic_credentials()}"
        else:
            form = {**form, **self.form_credentials()}
        return self.client.http.send("POST", self.config["token_url"], headers=headers, data=form)

    def basic_credentials(self) -> str:
        """Give id and secret for HTTP Basic, without the encoding that Doorkeeper does not undo."""
        pair = f"{self.config['client_id']}:{self.config['client_secret']}"
        return base64.b64encode(pair.encode()).decode()

    def form_credentials(self) -> dict[str, str]:
        """Give id and secret for the body; a public client has no secret."""
        secret = self.config["client_secret"]
        given = {"client_id": self.config["client_id"]}
        return given if secret is None else {**given, "client_secret": secret}

    def read_tokens(self, answer: Answer) -> Message:
        """Read a token answer. Raises Failure."""
        self.client.limits.check_available(answer)
        members = answer.json()
        if not 200 <= answer.status < 300:
            raise self.refusal(answer, members)
        if not isinstance(members, dict) or "error" in members:
            code = members.get("error") if isinstance(members, dict) else None
            shown = code if isinstance(code, str) else None
            raise Failure(Kind.PROTOCOL_ERROR, "no token came", code=shown, status=answer.status)
        access_token, token_type = members.get("access_token"), members.get("token_type")
        usable = isinstance(access_token, str) and access_token != ""
        if not usable or not isinstance(token_type, str) or token_type.lower() != "bearer":
            raise Failure(Kind.PROTOCOL_ERROR, "no bearer token came", status=answer.status)
        return members

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Name a refusal by its code."""
        code = members.get("error") if isinstance(members, dict) else None
        code = code if isinstance(code, str) else None
        told = f"the token endpoint answered {answer.status}"
        kind = Kind.PROTOCOL_ERROR
        if answer.status in (400, 401) and code == "invalid_grant":
            kind = Kind.REAUTH_REQUIRED
        elif 400 <= answer.status < 500 and code in CONFIG_CODES:
            kind = Kind.CONFIG_ERROR
        elif 400 <= answer.status < 500 and code in BUSY_CODES:
            kind = Kind.RETRY_LATER
        return Failure(kind, told, code=code, status=answer.status)

    def lifetime(self, members: Message) -> float | None:
        """Read `expires_in`, None where it is unknown."""
        value = members.get("expires_in")
        if isinstance(value, str) and value.strip().lstrip("-").isdecimal():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            return None
        return float(min(max(value, 0), 10**10))
