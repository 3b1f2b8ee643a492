"""One exchange on its way through the fake: the request, and what is decided about it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .doorkeeper.releases import Release
from .options import ProviderOptions
from .rails.request import Request
from .store.protocol import Store
from .store.records import User

if TYPE_CHECKING:
    from .sandbox import Sandbox


@dataclass(kw_only=True)
class Exchange:
    """A request in its sandbox; endpoints note here what the journal will tell."""

    request: Request
    sandbox: "Sandbox"
    now: float
    """The virtual time at which the request is handled, in Unix seconds."""
    endpoint: str | None = None
    """The label of the endpoint, `token.refresh_token` for one."""
    client_id: str | None = None
    reason: str | None = None
    """The rule that decided, in words."""
    user: User | None = None
    """Who is logged in, where it is not the sandbox's own user."""
    token_ids: list[int] = field(default_factory=list)
    """The tokens that the exchange issued or used, by the store's ids."""

    @property
    def current_user(self) -> User | None:
        """The user who is logged in at the provider."""
        return self.user or self.sandbox.current_user

    @property
    def options(self) -> ProviderOptions:
        """The sandbox's provider options."""
        return self.sandbox.options

    @property
    def release(self) -> Release:
        """The table of differences of the sandbox's Doorkeeper release."""
        return self.sandbox.options.doorkeeper

    @property
    def store(self) -> Store:
        """The sandbox's store."""
        return self.sandbox.store
