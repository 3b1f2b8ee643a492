"""The client's side of a stage: its operations, and how it is configured."""

from collections.abc import Mapping, Sequence
from concurrent.futures import wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from ..driving.carrier import AdapterFailed
from ..driving.kinds import Kind
from ..driving.messages import DEADLINE_MS, Ready, Reply, StoredToken
from ..driving.outcome import Outcome
from ..fake.control import ControlError, Sandbox, TokenPair
from ..fake.server import Registration
from .driver import Driver, Unsupported
from .pool import Lease
from .verdict_book import VerdictBook

REDIRECT_URI = "http://127.0.0.1:9/cb"
"""Nothing listens there, or at an application's own: the suite plays browser and user."""

LIFETIME = 7200
"""Seconds for which a token lives that is seeded."""


def redirect_uri_of(ready: Ready) -> str:
    """Give the redirect URI that a client is registered with: its own, or the suite's."""
    return ready.features.redirect_uri or REDIRECT_URI


class CutShort(Exception):
    """The client failed in a way that ends the case; the check that says so is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What a client is told before a case: all that it needs, nothing about the faults."""

    case: str
    run: str
    registration: Registration
    auth_method: str
    store_dir: Path
    max_wait_ms: int
    issuer: str | None = None
    scopes: Sequence[str] = ("identity:read",)
    told: Mapping[str, object] = field(default_factory=dict)
    """Members that replace those of the message."""

    def message(self, urls: Mapping[str, str]) -> dict[str, object]:
        """Give the protocol's message for a provider at these URLs."""
        secret = None if self.auth_method == "none" else self.registration.client_secret
        config = {
            **urls,
            "client_id": self.registration.client_id,
            "client_secret": secret,
            "redirect_uri": self.registration.redirect_uri,
            "scopes": list(self.scopes),
            "auth_method": self.auth_method,
            "ca_pem": None,
            "issuer": self.issuer,
            "store_dir": str(self.store_dir),
            "budget": {"max_wait_ms": self.max_wait_ms},
            **self.told,
        }
        return {"type": "configure", "case": self.case, "run": self.run, "config": config}


class Client(Driver):
    """One process of the client under test, and its operations.

    Raises as a Driver does; CutShort where the client fails in a way that ends the case.
    """

    def __init__(
        self, lease: Lease, config: Configuration, fake: Sandbox, verdicts: VerdictBook
    ) -> None:
        super().__init__(lease, fake, verdicts)
        self.config = config

    @property
    def urls(self) -> dict[str, str]:
        """The provider's URLs, as the client was told them."""
        told = self.config.told
        return {name: str(told.get(name, url)) for name, url in self._fake.urls.items()}

    def begin_case(self) -> None:
        """Configure the client, which forgets what it knew."""
        self.expect_ok(self.config.message(self._fake.urls), "configure")

    def end_case(self) -> None:
        """End the case."""
        self.expect_ok({"type": "end_case"}, "end_case")

    def configure(
        self,
        *,
        auth_method: str | None = None,
        issuer: str | None = None,
        scopes: Sequence[str] | None = None,
        **told: object,
    ) -> None:
        """Configure the client anew: another way to authenticate, an issuer, other scopes.

        `told` replaces members of the configuration: other URLs, `ca_pem`, `budget`, `log_level`.
        """
        self.config = replace(
            self.config,
            auth_method=auth_method or self.config.auth_method,
            issuer=issuer,
            scopes=scopes or self.config.scopes,
            told=told,
        )
        self.begin_case()

    def move(self, origin: str, *, ca_pem: str | None = None) -> None:
        """Configure the client anew for the provider at another origin."""
        paths = {name: url.removeprefix(self._fake.origin) for name, url in self._fake.urls.items()}
        self.configure(
            authorize_url=origin + paths["authorize_url"],
            token_url=origin + paths["token_url"],
            api_base=origin + paths["api_base"],
            ca_pem=ca_pem,
        )

    def try_configure(self, **told: object) -> Kind:
        """Configure the client anew with what it may refuse; give the kind of its reply."""
        self.config = replace(self.config, told=told)
        return self.ask(self.config.message(self._fake.urls)).kind

    def register(self, *, redirect_uri: str | None = None, auth_method: str | None = None) -> None:
        """Register the client anew, and configure it so; with the method `none` it is public.

        Raises Unsupported where the application has its own redirect URI, and this is another.
        """
        if redirect_uri is None:
            redirect_uri = redirect_uri_of(self.ready)
        elif self.ready.features.redirect_uri not in (None, redirect_uri):
            raise Unsupported("a redirect URI other than the application's own")
        method = auth_method or self.config.auth_method
        issued = self._fake.register(redirect_uri, confidential=method != "none")
        self.lease.secrets.add(issued["client_secret"])
        registration = Registration(
            client_id=issued["client_id"],
            client_secret=issued["client_secret"],
            redirect_uri=redirect_uri,
            confidential=issued["confidential"],
        )
        self.config = replace(self.config, registration=registration)
        self.configure(auth_method=method, issuer=self.config.issuer)

    def restart(self, how: str = "kill") -> None:
        """End the process (`kill` or `stop`) and start it again on the same store.

        Raises Crash where a client that is stopped in order ends with another status than 0.
        """
        self.relaunch(how)
        self.begin_case()

    def begin(self, user: str = "u1") -> str:
        """Have the client start an authorization; give the URL for the browser.

        Raises CutShort where the client fails, AdapterFailed where it gives no URL.
        """
        outcome = self.do("begin", user=user)
        if outcome.kind is not Kind.OK:
            self._verdicts.fail_authorization(f"begin is reported as {outcome.kind}")
            raise CutShort
        if outcome.reply.misfits:
            raise CutShort
        if outcome.reply.authorize_url is None:
            raise AdapterFailed("begin is ok without an authorize_url")
        return outcome.reply.authorize_url

    def approve(self, authorize_url: str, **body: object) -> str:
        """Have the user decide; give the URL of the callback.

        Raises CutShort where the URL is not one of the server's, or it would not even ask the user.
        """
        url = self._at_the_fake(authorize_url)
        try:
            callback = self._fake.decide(url, **body)
        except ControlError as error:
            self._verdicts.fail_authorization(str(error))
            raise CutShort from error
        self._keep_code(callback)
        return callback

    def obtain_callback(self, user: str = "u1", **body: object) -> str:
        """Begin an authorization, and have the user decide; give the URL of the callback."""
        return self.approve(self.begin(user), **body)

    def browse(self, authorize_url: str) -> str | None:
        """Open an authorization URL as a browser does; give where it leads, not followed.

        Raises CutShort where the URL is not one of the server's.
        """
        location = self._fake.browse(self._at_the_fake(authorize_url))
        self._keep_code(location or "")
        return location

    def _keep_code(self, callback: str) -> None:
        """Keep the code of a callback out of the reports, whether the client sends it or not."""
        self.lease.secrets.update(parse_qs(urlsplit(callback).query).get("code", ()))

    def _at_the_fake(self, authorize_url: str) -> str:
        """Lead to the fake itself from where the client was told that it is. Raises CutShort."""
        address, mark, query = authorize_url.partition("?")
        expected = self.urls["authorize_url"]
        if address != expected:
            told = f"begin gives {authorize_url!r}, not a URL at {expected}"
            self._verdicts.fail_authorization(told)
            raise CutShort
        return self._fake.urls["authorize_url"] + mark + query

    def callback(self, url: str, user: str = "u1", *, deadline_ms: float = DEADLINE_MS) -> Outcome:
        """Hand a callback to the client."""
        return self.do("callback", user=user, url=url, deadline_ms=deadline_ms)

    def connect(self, user: str = "u1", *, deadline_ms: float = DEADLINE_MS) -> Outcome:
        """Go through a whole authorization."""
        return self.callback(self.obtain_callback(user), user, deadline_ms=deadline_ms)

    def seed(
        self,
        user: str = "u1",
        *,
        expired: bool = False,
        ago: float = 60,
        refreshable: bool = True,
        knows_expiry: bool = True,
        email: str | None = None,
        longest: float | None = None,
        **body: object,
    ) -> TokenPair:
        """Give the client a pair that the fake has issued, for another two hours or over.

        What has expired did so `ago` seconds before; `email` is who it is issued for, the first
        user where there is none. Raises Unsupported where storing it takes `longest` seconds.
        """
        issued = self._fake.issue_tokens(**body, **{} if email is None else {"user": email})
        self.lease.secrets |= {issued["access_token"], issued["refresh_token"]}
        if expired:
            self._fake.expire_token(issued["access_token"])
        lifetime = -ago if expired else int(issued.get("expires_in", LIFETIME))
        token: dict[str, object] = {
            "access_token": issued["access_token"],
            "expires_at": self._fake.read_clock() + lifetime if knows_expiry else None,
            "scope": issued["scope"],
        }
        if refreshable:
            token["refresh_token"] = issued["refresh_token"]
        self._store(user, token, longest)
        return issued

    def _store(self, user: str, token: Mapping[str, object], longest: float | None) -> None:
        """Have the client store tokens. Raises Unsupported where that takes longer."""
        storing = self.start("seed", user=user, token=token)
        if longest is not None and wait([storing.pending], longest).not_done:
            raise Unsupported("tokens that are stored while a refresh is under way")
        storing.finish()

    def call(
        self,
        path: str = "/me",
        user: str = "u1",
        *,
        method: str | None = None,
        body: object = None,
        parallel: int | None = None,
        deadline_ms: float = DEADLINE_MS,
    ) -> Outcome:
        """Have the client call the API; `using.use` is for clients that refresh on command, too."""
        return self.do(
            "call",
            user=user,
            path=path,
            method=method,
            body=body,
            parallel=parallel,
            deadline_ms=deadline_ms,
        )

    def refresh(self, user: str = "u1", *, deadline_ms: float = DEADLINE_MS) -> Outcome:
        """Have the client refresh now."""
        return self.do("refresh", user=user, deadline_ms=deadline_ms)

    def state(self, user: str = "u1") -> Reply | None:
        """Give what the client says of its store, None where it does not tell."""
        return self.do("state", user=user).reply if self.can("state") else None

    def stored(self, user: str = "u1") -> StoredToken | None:
        """Give the tokens that the client has stored, None also where it does not tell."""
        state = self.state(user)
        return None if state is None else state.token

    def advance(self, seconds: float) -> None:
        """Move the client's clock, and then the fake's. Needs the feature `clock`."""
        self.do("clock", advance=seconds)
        self._fake.advance_clock(seconds)
