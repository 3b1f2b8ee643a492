"""The provider that is faked, as its endpoints see it."""

from collections.abc import Sequence
from typing import Protocol

from .addresses import Addresses
from .clock import VirtualClock
from .collections.content import Collections
from .options import ProviderOptions
from .randomness import Randomness
from .signing import Signing
from .store.protocol import Store
from .store.records import Organization, User


class Provider(Protocol):
    """What there is beside the request itself; each sandbox is such a provider."""

    @property
    def id(self) -> str | None:
        """The `<id>` of `/s/<id>/`; None for the one at `/`."""

    @property
    def prefix(self) -> str:
        """What its paths begin with: `/s/<id>`, or nothing."""

    @property
    def options(self) -> ProviderOptions:
        """How it behaves."""

    @property
    def store(self) -> Store:
        """Its applications, codes and tokens."""

    @property
    def collections(self) -> Collections:
        """What its collections hold."""

    @property
    def clock(self) -> VirtualClock:
        """Its time."""

    @property
    def randomness(self) -> Randomness:
        """Where its codes, tokens and ids come from."""

    @property
    def signing(self) -> Signing:
        """What is signed with its key."""

    @property
    def organizations(self) -> Sequence[Organization]:
        """Its workspaces; the first is the one of callers without a user."""

    @property
    def users(self) -> Sequence[User]:
        """Its team members."""

    @property
    def current_user(self) -> User | None:
        """The user who is logged in; None for nobody."""

    @property
    def addresses(self) -> Addresses:
        """Where it is reached."""
