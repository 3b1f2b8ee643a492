"""A client in a hundred lines that does all right, and the ways to spoil it."""

import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from livestorm_contract_tests.adapter import (
    Clock,
    Config,
    ErrorReport,
    Kind,
    Result,
    SeedToken,
    State,
    StoredToken,
    fingerprint,
)

KINDS_BY_ERROR = {
    "invalid_grant": Kind.REAUTH_REQUIRED,
    "invalid_client": Kind.CONFIG_ERROR,
    "temporarily_unavailable": Kind.RETRY_LATER,
}


class PlainClient:
    """Retries nothing, classifies by the status first, stores valid tokens only."""

    def __init__(self) -> None:
        self._http = httpx.Client(trust_env=False)

    def configure(self, config: Config, clock: Clock) -> None:
        """Forget everything."""
        self.config, self.clock = config, clock
        self.token: SeedToken | None = None
        self.needs_reauth = False

    def end_case(self) -> None:
        """Keep the connections: there is one server."""

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def begin(self) -> Result:
        """Ask for a code, with a state that is good enough here."""
        query = {"client_id": self.config.client_id, "redirect_uri": self.config.redirect_uri}
        url = f"{self.config.authorize_url}?{urlencode({**query, 'state': 'plain-state'})}"
        return Result(kind=Kind.OK, authorize_url=url)

    def callback(self, url: str) -> Result:
        """Exchange the code."""
        code = parse_qs(urlsplit(url).query)["code"][0]
        form = {"grant_type": "authorization_code", "code": code}
        form["redirect_uri"] = self.config.redirect_uri
        return self.guard(lambda: self.request_tokens(form))

    def seed(self, token: SeedToken) -> None:
        """Store tokens."""
        self.token, self.needs_reauth = token, False

    def state(self) -> State:
        """Tell what is stored."""
        if self.token is None:
            return State(needs_reauth=self.needs_reauth)
        refresh_token = self.token.refresh_token
        stored = StoredToken(
            access_token=fingerprint(self.token.access_token),
            refresh_token=None if refresh_token is None else fingerprint(refresh_token),
            expires_at=self.token.expires_at,
            scope=self.token.scope,
        )
        return State(token=stored, needs_reauth=self.needs_reauth)

    def refresh(self) -> Result:
        """Refresh."""
        return self.guard(self.refresh_tokens)

    def call(self, path: str) -> Result:
        """Call the API; after a 401 refresh once and call again."""
        return self.guard(lambda: self.call_api(path))

    def guard(self, operation: Callable[[], Kind]) -> Result:
        """Report what goes wrong."""
        try:
            return Result(kind=operation())
        except Exception as error:
            report = ErrorReport(
                class_name=type(error).__name__, message=str(error), repr=repr(error)
            )
            return Result(kind=Kind.BUG, error=report)

    def refresh_tokens(self) -> Kind:
        """Replace the tokens."""
        if self.token is None or self.token.refresh_token is None or self.needs_reauth:
            return Kind.REAUTH_REQUIRED
        refresh_token = self.token.refresh_token
        kind = self.request_tokens({"grant_type": "refresh_token", "refresh_token": refresh_token})
        if kind is Kind.REAUTH_REQUIRED:
            self.needs_reauth = True
        return kind

    def call_api(self, path: str) -> Kind:
        """Call, refresh and call again."""
        kind = self.classify_api_answer(self.get(path))
        if kind is Kind.REAUTH_REQUIRED:
            kind = self.refresh_tokens()
            if kind is Kind.OK:
                kind = self.classify_api_answer(self.get(path))
        return kind

    def request_tokens(self, form: dict[str, str]) -> Kind:
        """Send a token request, and store what comes."""
        response = self.post(form)
        kind = self.classify_token_answer(response)
        if kind is Kind.OK:
            self.store(response.json(), form.get("refresh_token"))
        return kind

    def store(self, members: dict[str, object], sent: str | None) -> None:
        """Store tokens; what was sent stays where nothing came."""
        refresh_token = members.get("refresh_token") or sent
        self.token = SeedToken(
            access_token=str(members["access_token"]),
            refresh_token=None if refresh_token is None else str(refresh_token),
        )
        self.needs_reauth = False

    def classify_token_answer(self, response: httpx.Response) -> Kind:
        """Name a token answer by its status, then by its body."""
        if response.status_code == 429 or response.status_code >= 500:
            return Kind.RETRY_LATER
        members = read_object(response)
        if response.status_code >= 400:
            return KINDS_BY_ERROR.get(str(members.get("error")), Kind.PROTOCOL_ERROR)
        return Kind.OK if response.is_success and is_token(members) else Kind.PROTOCOL_ERROR

    def classify_api_answer(self, response: httpx.Response) -> Kind:
        """Name an API answer by its status."""
        if response.status_code == 429 or response.status_code >= 500:
            return Kind.RETRY_LATER
        if response.is_success:
            return Kind.OK if "data" in read_object(response) else Kind.PROTOCOL_ERROR
        return {401: Kind.REAUTH_REQUIRED, 403: Kind.DENIED}.get(
            response.status_code, Kind.PROTOCOL_ERROR
        )

    def post(self, form: dict[str, str]) -> httpx.Response:
        """Send a token request."""
        credentials = {
            "client_id": self.config.client_id,
            "client_secret": self.config.client_secret,
        }
        return self._http.post(self.config.token_url, data=form | credentials)

    def get(self, path: str) -> httpx.Response:
        """Send an API request."""
        token = "" if self.token is None else self.token.access_token
        url = f"{self.config.api_base}{path}"
        return self._http.get(url, headers={"Authorization": f"Bearer {token}"})


def read_object(response: httpx.Response) -> dict[str, object]:
    """Read a JSON object, an empty one where there is none."""
    try:
        members = json.loads(response.content)
    except ValueError:
        return {}
    return members if isinstance(members, dict) else {}


def is_token(members: dict[str, object]) -> bool:
    """Tell whether members are a token."""
    access_token, token_type = members.get("access_token"), members.get("token_type")
    return (
        "error" not in members
        and isinstance(access_token, str)
        and access_token != ""
        and str(token_type).lower() == "bearer"
    )
