"""The stage of a case: a fake on a fresh port, the client in front of it, and the checks."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

from ..driving.carrier import AdapterFailed, Carrier
from ..driving.kinds import Kind
from ..driving.messages import DEADLINE_MS, Reply, StoredToken
from ..driving.outcome import Outcome
from ..fake.control import ControlAPI, ControlError, Sandbox, TokenPair
from ..fake.journal import Exchange
from ..fake.server import Registration, start_fake
from .case import Case, Level, Variant
from .client import Client, CutShort, of_client
from .pool import Lease
from .settings import Settings
from .verdicts import CheckResult, judge

REDIRECT_URI = "http://127.0.0.1:9/cb"
"""Nothing listens there: the suite plays browser and user."""

LIFETIME = 7200

CONTRADICTION = "reply-fits-journal"
"""A check that each case has: what the client says must fit what it did."""

AUTHORIZATION = "authorization-taken"
"""A check that is made only where it fails: a flow must begin, and the server take its request."""


class Stage:
    """Everything that a case works with.

    `client` is the client under test, `sandbox` the fake's side. What a case finds out it says
    by `check`.
    """

    def __init__(
        self,
        case: Case,
        variant: Variant,
        sandbox: Sandbox,
        registration: Registration,
        *,
        seed: str,
        store_dir: Path,
        lease: Lease,
        settings: Settings,
    ) -> None:
        self.case = case
        self.variant = variant
        self.sandbox = sandbox
        self.registration = registration
        self.run = settings.seed
        self.random = Random(seed)
        self.patience = settings.patience
        self.store_dir = store_dir
        self.outcomes: list[Outcome] = []
        self.results: list[CheckResult] = []
        self._settings = settings
        self._others: list[Lease] = []
        self._due: list[tuple[Carrier, Future[Reply]]] = []
        self.auth_method = lease.carrier.ready.features.auth_methods[0]
        self.issuer: str | None = None
        self.scopes: Sequence[str] = ("identity:read",)
        self._told: Mapping[str, object] = {}
        self.others_answer = False
        """Whether answers come from elsewhere than the fake, whose journal then shows nothing."""
        self._last_seq = 0
        self.client = Client(self, lease)

    # The client

    @property
    def config(self) -> dict[str, object]:
        """What the client is told: everything it needs, nothing about the faults."""
        return {
            **self.sandbox.urls,
            "client_id": self.registration.client_id,
            "client_secret": None
            if self.auth_method == "none"
            else self.registration.client_secret,
            "redirect_uri": self.registration.redirect_uri,
            "scopes": list(self.scopes),
            "auth_method": self.auth_method,
            "ca_pem": None,
            "issuer": self.issuer,
            "store_dir": str(self.store_dir),
            "budget": {"max_wait_ms": self.case.max_wait_ms},
            **self._told,
        }

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
        self.auth_method = auth_method or self.auth_method
        self.issuer = issuer
        self.scopes = scopes or self.scopes
        self._told = told
        self.client.configure()

    def register(self, *, redirect_uri: str = REDIRECT_URI, auth_method: str | None = None) -> None:
        """Register the client anew, and configure it so; with the method `none` it is public."""
        method = auth_method or self.auth_method
        issued = self.sandbox.register(redirect_uri, confidential=method != "none")
        self.registration = Registration(
            client_id=issued["client_id"],
            client_secret=issued["client_secret"],
            redirect_uri=redirect_uri,
            confidential=issued["confidential"],
        )
        self.configure(auth_method=method, issuer=self.issuer)

    def try_configure(self, **told: object) -> Kind:
        """Configure the client anew with what it may refuse; give the kind of its reply."""
        self._told = told
        return self.client.try_configure()

    def second_process(self) -> Client:
        """Start the client a second time, on the same store."""
        self._others.append(self.client.lease.another())
        client = Client(self, self._others[-1])
        client.configure()
        return client

    def begin(self, user: str = "u1") -> str:
        """Have the client start an authorization; give the URL for the browser.

        Raises CutShort where the client fails, AdapterFailed where it gives no URL.
        """
        outcome = self.client.do("begin", user=user)
        if outcome.kind is not Kind.OK:
            self._fail_authorization(f"begin is reported as {outcome.kind}")
            raise CutShort
        if outcome.reply.authorize_url is None:
            raise AdapterFailed("begin is ok without an authorize_url")
        return outcome.reply.authorize_url

    def approve(self, authorize_url: str, **body: object) -> str:
        """Have the user decide; give the URL of the callback.

        Raises CutShort where the server would not even ask the user.
        """
        try:
            return self.sandbox.decide(authorize_url, **body)
        except ControlError as error:
            self._fail_authorization(str(error))
            raise CutShort from error

    def browse(self, authorize_url: str) -> str | None:
        """Open an authorization URL as a browser does; give where it leads, not followed."""
        expected = self.sandbox.urls["authorize_url"]
        leads_here = authorize_url.startswith(expected)
        self.check_driving(leads_here, f"begin gives {authorize_url!r}, not a URL at {expected}")
        return self.sandbox.browse(authorize_url)

    def callback(self, url: str, user: str = "u1", *, deadline_ms: float = DEADLINE_MS) -> Outcome:
        """Hand a callback to the client."""
        return self.client.do("callback", user=user, url=url, deadline_ms=deadline_ms)

    def connect(self, user: str = "u1", *, deadline_ms: float = DEADLINE_MS) -> Outcome:
        """Go through a whole authorization."""
        return self.callback(self.approve(self.begin(user)), user, deadline_ms=deadline_ms)

    def seed(
        self,
        user: str = "u1",
        *,
        expired: bool = False,
        refreshable: bool = True,
        knows_expiry: bool = True,
        client: Client | None = None,
        **body: object,
    ) -> TokenPair:
        """Give the client a pair that the fake has issued, for another two hours or over."""
        issued = self.sandbox.issue_tokens(**body)
        if expired:
            self.sandbox.expire_token(issued["access_token"])
        lifetime = -60 if expired else int(issued.get("expires_in", LIFETIME))
        token: dict[str, object] = {
            "access_token": issued["access_token"],
            "expires_at": self.sandbox.read_clock() + lifetime if knows_expiry else None,
            "scope": issued["scope"],
        }
        if refreshable:
            token["refresh_token"] = issued["refresh_token"]
        (client or self.client).do("seed", user=user, token=token)
        return issued

    def call(
        self,
        path: str = "/me",
        user: str = "u1",
        *,
        method: str | None = None,
        parallel: int | None = None,
        deadline_ms: float = DEADLINE_MS,
    ) -> Outcome:
        """Have the client call the API; `steps.use` is for clients that refresh on command, too."""
        return self.client.do(
            "call",
            user=user,
            path=path,
            method=method,
            parallel=parallel,
            deadline_ms=deadline_ms,
        )

    def refresh(self, user: str = "u1", *, deadline_ms: float = DEADLINE_MS) -> Outcome:
        """Have the client refresh now."""
        return self.client.do("refresh", user=user, deadline_ms=deadline_ms)

    def stored(self, user: str = "u1") -> StoredToken | None:
        """Give what the client has stored. Raises Unsupported."""
        return self.client.do("state", user=user).reply.token

    def stored_if_told(self, user: str = "u1") -> StoredToken | None:
        """Give what the client has stored, None also where it does not tell."""
        return self.stored(user) if self.client.can("state") else None

    def needs_reauth(self, user: str = "u1") -> bool:
        """Tell whether the client says that a human has to connect again. Raises Unsupported."""
        return self.client.do("state", user=user).reply.needs_reauth

    def advance(self, seconds: float) -> None:
        """Move the client's clock, and then the fake's. Needs the feature `clock`."""
        self.client.do("clock", advance=seconds)
        self.sandbox.advance_clock(seconds)

    # The fake

    def arm(self, on: str, fault: str, **keys: object) -> str:
        """Arm a fault; give its id."""
        given = {name: value for name, value in keys.items() if value is not None}
        return self.sandbox.arm({"on": on, "fault": fault, **given})

    def disarm(self) -> None:
        """Lift all faults."""
        self.sandbox.disarm()

    def last_seq(self) -> int:
        """Give the number of the last exchange."""
        later = self.sandbox.read_journal(since=self._last_seq)
        self._last_seq = later[-1].seq if later else self._last_seq
        return self._last_seq

    def exchanges(self) -> tuple[Exchange, ...]:
        """Give all exchanges of the case, without the browser's."""
        return of_client(self.sandbox.read_journal())

    # Verdicts

    @property
    def is_strict(self) -> bool:
        """Tell whether what only should be is demanded."""
        return self._settings.strict

    @property
    def has_judged(self) -> bool:
        """Tell whether the case has made a check of its own."""
        return any(not one.check.endswith(CONTRADICTION) for one in self.results)

    def check(self, name: str, holds: bool, *outcomes: Outcome, told: str | None = None) -> bool:
        """Note whether a requirement holds, with the outcomes that show it; give `holds`."""
        requirement = self.case.checks[name]
        level = self.case.level_of(name)
        evidence: dict[str, object] = {}
        if not holds:
            shown = outcomes or tuple(self.outcomes[-1:])
            evidence = {
                "variant": self.variant.name,
                "found": told,
                "outcomes": [one.as_evidence() for one in shown],
            }
        self._add_result(name, level, requirement, holds=holds, evidence=evidence)
        return holds

    def check_kind(self, name: str, outcome: Outcome, *allowed: Kind) -> bool:
        """Check that an operation was reported as one of these kinds."""
        wanted = " or ".join(sorted(allowed))
        told = f"reported as {outcome.kind}, allowed is {wanted}"
        may_fail = any(kind is not Kind.OK for kind in allowed)
        holds = outcome.kind in allowed or (outcome.kind is Kind.FAILED and may_fail)
        return self.check(name, holds, outcome, told=told)

    def check_driving(self, holds: bool, told: str) -> None:
        """Raise AdapterFailed where the adapter does not do what the protocol says."""
        if not holds:
            raise AdapterFailed(told)

    def note(self, outcome: Outcome, contradiction: str | None) -> None:
        """Keep an outcome, and check it against the journal."""
        self.outcomes.append(outcome)
        self._add_result(
            CONTRADICTION,
            Level.MUST,
            "what the client reports must fit what it did",
            holds=contradiction is None,
            evidence={}
            if contradiction is None
            else {
                "variant": self.variant.name,
                "found": contradiction,
                "outcomes": [outcome.as_evidence()],
            },
        )

    def expect(self, carrier: Carrier, pending: "Future[Reply]") -> None:
        """Note a reply that has to come before the case is over."""
        self._due.append((carrier, pending))

    def settle(self) -> None:
        """Let operations go on that a case has left under way, and wait for their replies.

        The next case must not begin before; a client that does not come to its end is killed.
        """
        due = [(one, pending) for one, pending in self._due if one.is_alive and not pending.done()]
        if due:
            self.disarm()
        for carrier, pending in due:
            if wait([pending], DEADLINE_MS / 1000).not_done:
                carrier.kill()

    def stop_other_processes(self) -> None:
        """End the processes that the case has started beside the first."""
        for other in self._others:
            other.close()

    def _fail_authorization(self, told: str) -> None:
        self._add_result(
            AUTHORIZATION,
            Level.MUST,
            "the client begins an authorization, and the server takes its request",
            holds=False,
            evidence={"variant": self.variant.name, "found": told},
        )

    def _add_result(
        self,
        name: str,
        level: Level,
        requirement: str,
        *,
        holds: bool,
        evidence: Mapping[str, object],
    ) -> None:
        self.results.append(
            CheckResult(
                check=f"{self.case.id}:{name}",
                level=level,
                verdict=judge(level, holds=holds, strict=self._settings.strict),
                requirement=requirement,
                evidence=evidence,
            )
        )


@contextmanager
def open_stage(case: Case, variant: Variant, lease: Lease, settings: Settings) -> Iterator[Stage]:
    """Serve a fake of its own to the client, and configure the client for it.

    Credentials are random for each case, and the same for each seed.
    """
    own_seed = f"{settings.seed}, {case.id}, {variant.name}"
    registration = Registration(
        client_id=f"client-{token(Random(f'{own_seed}, id'))}{variant.credentials_hold}",
        client_secret=token(Random(f"{own_seed}, secret")) + variant.credentials_hold,
        redirect_uri=REDIRECT_URI,
        confidential=lease.carrier.ready.features.auth_methods[0] != "none",
    )
    options = {"rate_limits": False, **settings.provider, **case.provider, **variant.provider}
    with ExitStack() as stack:
        url = stack.enter_context(start_fake(case.scenario, registration, options, seed=own_seed))
        control = stack.enter_context(ControlAPI(url))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="livestorm-mock-")))
        stage = Stage(
            case,
            variant,
            control.default_sandbox(),
            registration,
            seed=own_seed,
            store_dir=folder,
            lease=lease,
            settings=settings,
        )
        stack.callback(stage.stop_other_processes)
        stack.callback(stage.settle)
        stage.client.configure()
        yield stage
        stage.client.end_case()


def token(source: Random) -> str:
    """Draw a text of 256 random bits in Doorkeeper's alphabet."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
    return "".join(source.choice(alphabet) for _ in range(43))
