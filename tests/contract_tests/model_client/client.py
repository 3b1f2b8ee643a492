"""The client, put together from its parts."""

import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from importlib import import_module
from typing import TypeVar

from livestorm_contract_tests.adapters.loop import serve

from .api_calls import ApiCalls
from .authorization import Authorization
from .callbacks import Callbacks
from .limits import Limits
from .lists import Lists
from .offer import Offer
from .operations import Operations
from .part import Part
from .refreshing import Refreshing
from .sending import Sending
from .store import Store
from .token_endpoint import TokenEndpoint
from .values import Message

PartT = TypeVar("PartT", bound=Part)

PLACES: tuple[type[Part], ...] = (
    Offer,
    Operations,
    Authorization,
    Callbacks,
    TokenEndpoint,
    Refreshing,
    ApiCalls,
    Lists,
    Limits,
    Sending,
    Store,
)
"""The right parts; a part that replaces one is a subclass of it, or of several."""


class ModelClient:
    """Does everything right, but for what is replaced. Raises ValueError for two in one place."""

    def __init__(self, *replaced: type[Part]) -> None:
        for place in PLACES:
            if len(rivals := [one.__name__ for one in replaced if issubclass(one, place)]) > 1:
                raise ValueError(f"{' and '.join(rivals)} both replace {place.__name__}")
        self.replaced = replaced
        self.emit: Callable[[Message], None] = lambda event: None
        self.replies: dict[int, Future[Message]] = {}
        self.offer = self.kind_of(Offer)
        self.config: Message = {}
        self.advanced = 0.0

    @property
    def ready(self) -> Message:
        """What the client can do."""
        client = {"name": name_of(self.replaced), "version": "1", "language": "python", "stack": []}
        told = {"client": client, "ops": list(self.offer.ops), "features": self.offer.features}
        return {"type": "ready", "protocol": 1, **told}

    def command(self, message: Message) -> Message:
        """Answer a message."""
        if message["type"] != "configure":
            return self.operations.command(message)
        self.configure(message["config"])
        return {"kind": "ok"}

    def configure(self, config: Message) -> None:
        """Forget everything: all parts are made anew."""
        self.config, self.advanced = config, 0.0
        self.parts = [kind(self) for kind in (*self.replaced, *PLACES)]
        self.operations = self.part(Operations)
        self.authorization = self.part(Authorization)
        self.callbacks = self.part(Callbacks)
        self.tokens = self.part(TokenEndpoint)
        self.refreshing = self.part(Refreshing)
        self.api = self.part(ApiCalls)
        self.lists = self.part(Lists)
        self.limits = self.part(Limits)
        self.http = self.part(Sending)
        self.store = self.part(Store)

    def kind_of(self, place: type[PartT]) -> type[PartT]:
        """Give the class in a place."""
        return next(one for one in (*self.replaced, place) if issubclass(one, place))

    def part(self, place: type[PartT]) -> PartT:
        """Give the part in a place: the one that replaces it, or the right one."""
        return next(one for one in self.parts if isinstance(one, place))

    def now(self) -> float:
        """Give the client's time in Unix seconds."""
        return time.time() + self.advanced


def name_of(replaced: tuple[type[Part], ...]) -> str:
    """Name a client by what is replaced."""
    return "+".join(one.__name__ for one in replaced) or ModelClient.__name__


def serve_named() -> None:
    """Serve the client whose parts the arguments name, each as `module:Class`."""
    named = [argument.split(":") for argument in sys.argv[2:]]
    serve(ModelClient(*(getattr(import_module(module), name) for module, name in named)))
