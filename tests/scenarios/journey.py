"""The reference client on its way through a scenario, one step after the other."""

import html
import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
from livestorm_client import (
    AuthorizationRequest,
    LivestormClient,
    LivestormError,
    MemoryStore,
    Tokens,
)
from livestorm_mock_server import LivestormSandbox

SCOPES = ("identity:read", "events:read")
MOST_REQUESTS = 5
"""What one step may send: a call, two retries, a refresh, and one more call after a 401."""


class Journey:
    """Does the steps of a story in a sandbox, whose time only moves when it is told to."""

    def __init__(self, sandbox: LivestormSandbox, http: httpx.Client) -> None:
        sandbox.clock.freeze()
        self.sandbox = sandbox
        self._http = http
        self._slept = 0.0
        self._request: AuthorizationRequest | None = None
        self._callbacks: list[str] = []
        self._seen: list[Tokens] = []
        self._store = MemoryStore()
        self.client = self.new_client(self._store)

    def new_client(
        self, store: MemoryStore, *, time_limit: float = 10, issuer: str | None = None
    ) -> LivestormClient:
        """Make a client that sleeps by moving the sandbox's clock."""
        return LivestormClient(
            client_id=self.sandbox.client_id,
            client_secret=self.sandbox.client_secret,
            redirect_uri=self.sandbox.redirect_uri,
            app_url=self.sandbox.app_url,
            api_url=self.sandbox.api_url,
            issuer=issuer,
            store=store,
            timeout=time_limit,
            clock=self.sandbox.clock.now,
            sleep=self._sleep,
        )

    def go(self, story: str) -> list[str]:
        """Do all steps; give each with its outcome."""
        return [f"{step}={self._do(step)}" for step in read_steps(story)]

    def _do(self, step: str) -> str:
        word, _, argument = step.partition(":")
        sent = len(self.sandbox.journal)
        outcome = self._steps[word](self, argument)
        assert len(self.sandbox.journal) - sent <= MOST_REQUESTS, step
        if self.client.tokens and self.client.tokens not in self._seen:
            self._seen.append(self.client.tokens)
        return outcome

    def _connect(self, scope: str) -> str:
        begun = self._begin(scope)
        return begun if begun != "ok" else self._callback("")

    def _begin(self, scope: str) -> str:
        """Begin an authorization and follow the browser up to the callback."""
        self._request = self.client.authorization_request([scope] if scope else SCOPES)
        page = self._http.get(self._request.url)
        frames = re.findall(r'<iframe src="([^"]*)">', page.text)
        self._callbacks = [html.unescape(frame) for frame in frames]
        if page.has_redirect_location:
            self._callbacks = [urljoin(self._request.url, page.headers["Location"])]
        return "ok" if self._callbacks else "no_callback"

    def _callback(self, _: str, number: int = 0) -> str:
        assert self._request is not None
        request = self._request
        return name_outcome(lambda: self.client.connect(request, self._callbacks[number]))

    def _again(self, _: str) -> str:
        return self._callback("", number=-1)

    def _me(self, _: str) -> str:
        self._slept = 0.0
        return name_outcome(self.client.me)

    def _get(self, path: str) -> str:
        return name_outcome(lambda: self.client.get(path))

    def _refresh(self, _: str) -> str:
        return name_outcome(self.client.refresh)

    def _wait(self, seconds: str) -> str:
        self.sandbox.clock.advance(float(seconds))
        return "ok"

    def _limit_time(self, seconds: str) -> str:
        """Go on with a client that waits so long for an answer, in real time."""
        self.client = self.new_client(self._store, time_limit=float(seconds))
        return "ok"

    def _expect_issuer(self, _: str) -> str:
        """Go on with a client that wants callbacks to name their issuer."""
        self.client = self.new_client(self._store, issuer=self.sandbox.app_url)
        return "ok"

    def _check_slept(self, seconds: str) -> str:
        return "ok" if self._slept == float(seconds) else f"slept {self._slept}"

    def _check_granted(self, scope: str) -> str:
        granted = self.client.tokens.scope if self.client.tokens else None
        return "ok" if granted == (scope,) else f"granted {granted}"

    def _send_old_access_token(self, _: str) -> str:
        headers = {"Authorization": f"Bearer {self._seen[0].access_token}"}
        return str(self._http.get(f"{self.sandbox.api_url}/ping", headers=headers).status_code)

    def _send_old_refresh_token(self, _: str) -> str:
        token = self._seen[0].refresh_token or ""
        return self._send_token_request(grant_type="refresh_token", refresh_token=token)

    def _exchange_without_verifier(self, _: str) -> str:
        return self._send_token_request(**self.code_exchange())

    def _exchange_as_json(self, _: str) -> str:
        body = {**self.code_exchange(), **self._credentials()}
        return str(self._http.post(f"{self.sandbox.app_url}/oauth/token", json=body).status_code)

    def _replay_code(self, _: str) -> str:
        assert self._request is not None
        verifier = self._request.code_verifier
        return self._send_token_request(**self.code_exchange(), code_verifier=verifier)

    def code_exchange(self) -> dict[str, str]:
        """Give the parameters of an exchange of the code that came last."""
        return {
            "grant_type": "authorization_code",
            "code": parse_qs(urlsplit(self._callbacks[0]).query)["code"][0],
            "redirect_uri": self.sandbox.redirect_uri,
        }

    def _send_token_request(self, **form: str) -> str:
        form |= self._credentials()
        return str(self._http.post(f"{self.sandbox.app_url}/oauth/token", data=form).status_code)

    def _credentials(self) -> dict[str, str]:
        sandbox = self.sandbox
        return {"client_id": sandbox.client_id, "client_secret": sandbox.client_secret}

    def _ask_for_metadata(self, _: str) -> str:
        url = f"{self.sandbox.app_url}/.well-known/oauth-authorization-server"
        return str(self._http.get(url).status_code)

    def _ask_with_wrong_redirect_uri(self, _: str) -> str:
        return self._ask("https://attacker.example.test/")

    def _ask_without_challenge(self, _: str) -> str:
        return self._ask(self.sandbox.redirect_uri)

    def _ask(self, redirect_uri: str) -> str:
        url = f"{self.sandbox.app_url}/oauth/authorize"
        query = {"client_id": self.sandbox.client_id, "redirect_uri": redirect_uri}
        page = self._http.get(url, params={**query, "response_type": "code"})
        return str(page.status_code)

    def _call_with_private_token(self, _: str) -> str:
        headers = {"Authorization": self.sandbox.private_token}
        return str(self._http.get(f"{self.sandbox.api_url}/me", headers=headers).status_code)

    def _sleep(self, seconds: float) -> None:
        self._slept += seconds
        self.sandbox.clock.advance(seconds)

    _steps: dict[str, Callable[["Journey", str], str]] = {  # noqa: RUF012
        "connect": _connect,
        "begin": _begin,
        "callback": _callback,
        "again": _again,
        "me": _me,
        "get": _get,
        "refresh": _refresh,
        "wait": _wait,
        "time_limit": _limit_time,
        "issuer": _expect_issuer,
        "slept": _check_slept,
        "granted": _check_granted,
        "old_access_token": _send_old_access_token,
        "old_refresh_token": _send_old_refresh_token,
        "without_verifier": _exchange_without_verifier,
        "as_json": _exchange_as_json,
        "replay_code": _replay_code,
        "metadata": _ask_for_metadata,
        "refused_page": _ask_with_wrong_redirect_uri,
        "without_challenge": _ask_without_challenge,
        "private_me": _call_with_private_token,
    }


def read_steps(story: str) -> list[str]:
    """Give the steps of a story without the outcomes."""
    return [step.partition("=")[0] for step in story.split()]


def unexpected(story: str, outcomes: list[str]) -> list[str]:
    """Give the steps that did not end as the story allows."""
    told = [step.partition("=") for step in story.split()]
    allowed = [[f"{step}={kind}" for kind in (kinds or "ok").split("|")] for step, _, kinds in told]
    return [one for one, those in zip(outcomes, allowed, strict=True) if one not in those]


def name_outcome(operation: Callable[[], object]) -> str:
    """Name how an operation of the client ended; what is no LivestormError is raised."""
    try:
        operation()
    except LivestormError as error:
        return error.kind
    return "ok"


def transcript(sandbox: LivestormSandbox) -> str:
    """Give all exchanges of a sandbox as text: the parsed request, and the answer."""
    parts = []
    for entry in sandbox.journal:
        told = entry.as_json()
        response = told["response"]
        assert isinstance(response, dict)
        head = "\n".join(f"{name.lower()}: {value}" for name, value in response["headers"])
        request = json.dumps(told["request"])
        parts.append(f"{request}\n{response['status']}\n{head}\n\n{response['body']}")
    return "\n\n".join(parts)
