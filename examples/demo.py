"""The main job, step by step: the reference client goes through its whole life at the fake."""

import sys
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx
from livestorm_client import LivestormClient, ReauthorizationRequired, Tokens
from livestorm_mock_server import LivestormSandbox, MockLivestorm


class FirstForm(HTMLParser):
    """The action and the hidden fields of a page's first form: on the consent page, Authorize."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self._done = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the form and its inputs."""
        attributes = dict(attrs)
        if tag == "form" and not self._done:
            self.action = attributes["action"]
        if tag == "input" and not self._done:
            self.fields[str(attributes["name"])] = attributes.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        """Stop at the end of the first form."""
        self._done = self._done or tag == "form"


class Demo:
    """The steps; each gives a line to show, and fails with AssertionError."""

    def __init__(self, livestorm: LivestormSandbox) -> None:
        self.livestorm = livestorm
        self.waited: list[float] = []
        self.client = LivestormClient(
            client_id=livestorm.client_id,
            client_secret=livestorm.client_secret,
            redirect_uri=livestorm.redirect_uri,
            app_url=livestorm.app_url,
            api_url=livestorm.api_url,
            clock=livestorm.clock.now,
            sleep=self._wait,
        )
        self.request = self.client.authorization_request(scope=["identity:read", "events:read"])
        self.callback_url = ""

    def consent(self) -> str:
        """The browser opens the consent page, and the user presses Authorize."""
        with httpx.Client() as browser:
            page = browser.get(self.request.url)
            expect(page.status_code == 200, f"the consent page is a {page.status_code}")
            form = FirstForm(page.text)
            answer = browser.post(urljoin(str(page.url), form.action), data=form.fields)
        self.callback_url = answer.headers.get("location", "")
        expect(answer.status_code == 302, f"Authorize is answered with {answer.status_code}")
        return f"the browser is sent back to {self.callback_url.partition('?')[0]} with a code"

    def exchange(self) -> str:
        """The code is exchanged, with state checked and PKCE S256."""
        tokens = self.client.connect(self.request, self.callback_url)
        expect(tokens.refresh_token is not None, "there is no refresh token")
        sent = self._last("token.authorization_code")["request"]
        expect("code_verifier=" in str(sent), "no code_verifier was sent")
        return f"tokens for {' '.join(tokens.scope or ())}, good for {self._lifetime(tokens)} s"

    def call(self) -> str:
        """The API is called with the access token."""
        attributes = self.client.me()["attributes"]
        if not isinstance(attributes, dict):
            raise AssertionError("/v1/me has no attributes")
        return f"/v1/me says {attributes['email']}"

    def expiry(self) -> str:
        """The access token expires; the next call refreshes it, and the pair is a new one."""
        old = self._tokens()
        self.livestorm.clock.advance(7201)
        self.client.me()
        new = self._tokens()
        expect(new.access_token != old.access_token, "the access token is still the old one")
        expect(new.refresh_token != old.refresh_token, "the refresh token was not rotated")
        refreshes = len(self.livestorm.journal.entries(endpoint="token.refresh_token"))
        expect(refreshes == 1, f"{refreshes} refreshes were sent")
        return "7201 s later: one refresh, a new pair, and the call went through"

    def rate_limit(self) -> str:
        """A 429 says when to come back; the client waits, and gets through."""
        self.livestorm.faults.arm("api.me", "rate_limited", retry_after=1, times=1)
        self.livestorm.clock.freeze()
        before = len(self.livestorm.journal)
        for _ in range(6):
            self.client.me()
        self.livestorm.clock.resume()
        calls = self.livestorm.journal.entries(endpoint="api.me", since=before)
        refused = [entry for entry in calls if entry.response and entry.response.status == 429]
        expect(len(refused) >= 1, "no call was refused")
        expect(sum(self.waited) >= 1, "the client did not wait")
        return f"6 calls at once: {len(refused)} times 429, {sum(self.waited):g} s waited"

    def revocation(self) -> str:
        """The user disconnects the application; the client says that it needs a human."""
        self.livestorm.revoke_token(self._tokens().access_token)
        try:
            self.client.me()
        except ReauthorizationRequired as error:
            expect(self._tokens().needs_reauth, "the grant is not marked as gone")
            return f"reported as {error.kind} ({error.code}): {error}"
        raise AssertionError("a revoked grant went unnoticed")

    def _wait(self, seconds: float) -> None:
        """Wait in virtual time."""
        self.waited.append(seconds)
        self.livestorm.clock.advance(seconds)

    def _tokens(self) -> Tokens:
        tokens = self.client.tokens
        if tokens is None:
            raise AssertionError("there are no tokens")
        return tokens

    def _lifetime(self, tokens: Tokens) -> int:
        expires_at = tokens.expires_at
        return 0 if expires_at is None else round(expires_at - self.livestorm.clock.now())

    def _last(self, endpoint: str) -> dict[str, object]:
        return self.livestorm.journal.entries(endpoint=endpoint)[-1].as_json()


def expect(condition: bool, otherwise: str) -> None:
    """Fail with these words unless the condition holds."""
    if not condition:
        raise AssertionError(otherwise)


def run_step(number: int, step: Callable[[], str]) -> bool:
    """Run a step and say what happened; tell whether it did what it should."""
    claim = " ".join((step.__doc__ or "").split())
    try:
        result, mark = step(), "ok"
    except Exception as error:
        result, mark = f"{type(error).__name__}: {error}", "FAILED"
    print(f"{number}. {claim}\n   {mark}: {result}")  # noqa: T201
    return mark == "ok"


def main() -> int:
    """Run the steps in order, up to the first that fails; give the exit status."""
    with MockLivestorm() as livestorm:
        print(f"The fake serves on {livestorm.app_url}")  # noqa: T201
        demo = Demo(livestorm)
        steps = (
            demo.consent,
            demo.exchange,
            demo.call,
            demo.expiry,
            demo.rate_limit,
            demo.revocation,
        )
        done = all(run_step(number, step) for number, step in enumerate(steps, start=1))
    print("All as it should be." if done else "Stopped at the step that failed.")  # noqa: T201
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
