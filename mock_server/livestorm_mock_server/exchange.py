"""One exchange on its way through the fake: the request, and what is decided about it."""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from .cached import cached
from .connection import Connection, ConnectionName
from .doorkeeper.releases import Release
from .grounds import Ground
from .options import ProviderOptions
from .provider import Provider
from .rails.request import Request
from .store.protocol import Store
from .store.records import AccessToken, User

Role = Literal["sent", "issued"]
WEBHOOK: Final = "webhook"
"""What exchanges have for an endpoint that the fake began itself."""


class TouchedToken(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A token as it was when an exchange touched it."""

    role: Role
    record: AccessToken


def touched_tokens(roles: Sequence[Role], records: Sequence[AccessToken]) -> list[TouchedToken]:
    """Give tokens with their roles."""
    touched = zip(roles, records, strict=True)
    return [TouchedToken(role=role, record=record) for role, record in touched]


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Who a short cut is at the browser that it opens."""

    user: User
    """Who is logged in, also where nobody is."""
    brings_url: bool
    """Whether the authorization URL is one that a client made."""


class WebhookAttempt(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an exchange is that the fake began: an attempt to deliver a webhook."""

    delivery: int
    """The number of the delivery in its sandbox, from 1."""
    attempt: int
    """The number of the attempt, from 1."""
    event: str
    webhook: str | None
    """The id of the registered webhook; None for a URL that nobody registered."""
    url: str
    cause: str
    """What it is sent for, in words."""


class Exchange(msgspec.Struct, kw_only=True, dict=True):
    """A request at the provider; endpoints note here what the journal will tell."""

    request: Request
    provider: Provider
    now: float
    """The virtual time at which the request is handled, in Unix seconds."""
    number: int = 0
    """The exchange's number in the journal of its sandbox, from 1."""
    connection: Connection | None = None
    """The client's connection; None for what a program does with the sandbox itself."""
    endpoint: str | None = None
    """The label of the endpoint, `token.refresh_token` for one."""
    server_name: str | None = None
    """The name that a TLS handshake asks for, where this is one."""
    client_id: str | None = None
    reason: str | None = None
    """Why it was answered so, in words."""
    ground: Ground | None = None
    """The rule by which it was refused."""
    visitor: Visitor | None = None
    """Who a short cut is; None for all others."""
    webhook: WebhookAttempt | None = None
    """What the fake sent itself; None for what clients send."""
    token_lifetime: int | None = None
    """Lifetime in seconds of the tokens issued here, where a fault says so."""
    rehearsal: Store | None = None
    """The store while the answer is only rehearsed, and what is done to it is undone."""
    has_unregistered_redirect_uri: bool = False
    """Whether its redirect URI is one that the option `any_redirect_uri` alone lets in."""
    roles: tuple[Role, ...] = ()
    """What the tokens are to the exchange, one by one."""
    records: tuple[AccessToken, ...] = ()
    """The tokens that were sent in the request, and those that were issued."""

    @property
    def tokens(self) -> list[TouchedToken]:
        """The tokens with their roles."""
        return touched_tokens(self.roles, self.records)

    def note_refusal(self, ground: Ground, told: str | None = None) -> None:
        """Note for the journal by which rule the request is refused, and why in words."""
        self.ground = ground
        self.reason = told or ground.reason

    def note_sent(self, token: AccessToken) -> None:
        """Note for the journal that the client sent a token."""
        self.roles += ("sent",)
        self.records += (token,)

    def note_issued(self, token: AccessToken) -> None:
        """Note for the journal that a token was issued."""
        self.roles += ("issued",)
        self.records += (token,)

    def note_renamed(self, token: AccessToken) -> None:
        """Note that a token of this exchange got another text."""
        self.records = tuple(token if one.id == token.id else one for one in self.records)

    def end_rehearsal(self) -> None:
        """Forget the rehearsal, and what was issued in it."""
        self.rehearsal = None
        sent = [one for one in self.tokens if one.role == "sent"]
        self.roles = tuple(one.role for one in sent)
        self.records = tuple(one.record for one in sent)

    @property
    def sandbox(self) -> str | None:
        """The id of the sandbox; None for the default one."""
        return self.provider.id

    @property
    def connection_name(self) -> ConnectionName | None:
        """What tells the client's connection from others."""
        return None if self.connection is None else self.connection.name

    @cached
    def paced_at(self) -> float:
        """The time by which requests in a second are counted, see `VirtualClock.pace`."""
        return self.provider.clock.pace()

    @property
    def current_user(self) -> User | None:
        """The user who is logged in at the provider."""
        return self.visitor.user if self.visitor else self.provider.current_user

    @property
    def options(self) -> ProviderOptions:
        """The provider's options."""
        return self.provider.options

    @property
    def release(self) -> Release:
        """The table of differences of the provider's Doorkeeper release."""
        return self.provider.options.doorkeeper

    @property
    def store(self) -> Store:
        """The provider's store, or the rehearsal's."""
        return self.provider.store if self.rehearsal is None else self.rehearsal
