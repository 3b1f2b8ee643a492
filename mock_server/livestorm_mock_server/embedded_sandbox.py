"""A sandbox of a running server, and all that a program does with it."""

import inspect
import socket
import ssl
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import msgspec

from . import collection_items, shortcuts
from .arming.faults import Faults
from .clock import VirtualClock
from .doors import Door
from .journal.entry import Entry
from .journal.journal import Journal
from .journal.query import Query
from .reading import read_struct
from .registration import read_registration
from .scenario import ApplicationEntry, Scenario
from .scenario_files import load_scenario, prepared, with_options
from .served import DescribedSandbox, Served

if TYPE_CHECKING:
    import httpx
    from requests.adapters import HTTPAdapter

    from .audit.finding import Finding
    from .token_families import Families
    from .webhooks.delivery import Delivery

T = TypeVar("T")


class LivestormSandbox(DescribedSandbox):
    """A sandbox of a running server, to be used from any thread.

    What `serve --json` prints is here as attributes. In a fork of the server's process these can
    still be read, so that clients find the server; all else raises NotStartedError there.
    """

    def __init__(self, served: Served | None, *, opener: "LivestormSandbox | None" = None) -> None:
        super().__init__(served)
        self._opener = opener
        self._opened: set[LivestormSandbox] = set()

    @property
    def clock(self) -> VirtualClock:
        """The sandbox's time."""
        return self._sandbox.clock

    @property
    def faults(self) -> Faults:
        """The sandbox's faults: `faults.arm("token.refresh_token", "delay", seconds=2)`."""
        return self._sandbox.faults

    @property
    def journal(self) -> Journal:
        """The sandbox's exchanges."""
        return self._sandbox.journal

    @property
    def scenario(self) -> Scenario:
        """What the sandbox starts from."""
        return self._sandbox.scenario

    def reset(self) -> None:
        """Return to the scenario's start.

        Credentials stay as they were announced, those of registered applications, too.
        """
        self._run(self._sandbox.reset())
        self._served.describe()

    def authorize(
        self,
        url: str | msgspec.UnsetType | None = msgspec.UNSET,
        *,
        decision: str = "approve",
        user: str | None = None,
        **parameters: str,
    ) -> str:
        """Decide as a user would in a browser; give the URL that the browser is sent to.

        `url` is the authorization URL that a client made, and is opened as it is; `parameters` are
        those of an authorization request, replace its own, and have defaults where there is no
        `url`. Raises InvalidInputError, also for a request that the provider refuses.
        """
        loopback = self._served.server.sandboxes.loopback
        return self._run(
            shortcuts.decide_as_user(
                self._sandbox, loopback, url, decision=decision, user=user, **parameters
            )
        )

    def issue_tokens(
        self,
        *,
        client_id: str | None = None,
        user: str | None = None,
        scope: str | None = None,
        expires_in: int | None = None,
    ) -> dict[str, object]:
        """Issue a pair without any flow; give the token endpoint's success body.

        Raises InvalidInputError.
        """
        return self._run(
            shortcuts.issue_tokens(
                self._sandbox, client_id=client_id, user=user, scope=scope, expires_in=expires_in
            )
        )

    def register_application(self, entry: ApplicationEntry) -> ApplicationEntry:
        """Register an application beside those of the scenario; give it with its credentials.

        It stays until another scenario is put in. Credentials that are absent are drawn. Raises
        InvalidInputError.
        """
        made = self._run(shortcuts.register_application(self._sandbox, entry))
        return msgspec.structs.replace(
            entry, client_id=made.client_id, client_secret=made.client_secret
        )

    def rotate_secret(self, client_id: str) -> str:
        """Give an application a new secret, until a reset. Raises InvalidInputError."""
        changed = self._run(shortcuts.rotate_secret(self._sandbox, client_id))
        self._served.describe()
        return changed.client_secret

    def put_scenario(
        self, scenario: str | Path | Scenario | None = None, **options: object
    ) -> None:
        """Start anew from another scenario, or the same one, with these provider options.

        Raises ScenarioError or InvalidInputError.
        """
        wanted = self.scenario if scenario is None else loaded(scenario)
        self._run(self._sandbox.put(with_options(wanted, options, besides=["scenario"])))
        self._served.describe()

    def items(self, type: str) -> list[dict[str, object]]:  # noqa: A002
        """Give the items of a type, in order: `id`, `attributes`, `relationships`.

        Raises InvalidInputError for a type that no collection has.
        """
        return self._run(collection_items.list_items(self._sandbox, type))

    def add_item(
        self,
        type: str,  # noqa: A002
        attributes: Mapping[str, object],
        relationships: Mapping[str, str | Sequence[str] | None] | None = None,
        *,
        id: str | None = None,  # noqa: A002
    ) -> dict[str, object]:
        """Add an item to the collections of its type; give it. Raises InvalidInputError."""
        return self._run(
            collection_items.add_item(self._sandbox, type, attributes, relationships, item_id=id)
        )

    def change_item(
        self,
        type: str,  # noqa: A002
        id: str,  # noqa: A002
        attributes: Mapping[str, object],
        relationships: Mapping[str, str | Sequence[str] | None] | None = None,
    ) -> dict[str, object]:
        """Change what is given of an item, and leave the rest. Raises InvalidInputError."""
        return self._run(
            collection_items.change_item(self._sandbox, type, id, attributes, relationships)
        )

    def delete_item(self, type: str, id: str) -> None:  # noqa: A002
        """Remove an item. Raises InvalidInputError."""
        self._run(collection_items.delete_item(self._sandbox, type, id))

    def state(self) -> dict[str, object]:
        """Give the sandbox whole, with its secrets, but for the journal: what JSON can hold."""
        from .snapshots.writing import write_document

        return write_document(self._run(self._sandbox.snapshot()))

    def restore(self, state: Mapping[str, object]) -> None:
        """Be what `state` gave, whole or not at all; the journal is empty then.

        Raises InvalidInputError with the place of what is wrong.
        """
        from .snapshots.reading import read_document

        self._run(self._sandbox.restore(read_document(state, self.clock)))
        self._served.describe()

    def expire_token(self, token: str) -> None:
        """End the lifetime of an access token. Raises InvalidInputError."""
        self._run(shortcuts.expire_token(self._sandbox, token))

    def revoke_token(self, token: str) -> None:
        """Revoke the pair of an access or refresh token. Raises InvalidInputError."""
        self._run(shortcuts.revoke_token(self._sandbox, token))

    def wait_for_exchanges(self, seconds: float = 5.0, **filters: object) -> list[Entry]:
        """Give answered exchanges, waiting in real time for the first; empty if none came.

        The filters are the members of `Query`: `endpoint`, `client_id`, `since`, `status` and
        `fault`. Raises InvalidInputError.
        """
        journal = self._sandbox.journal
        return self._run(journal.wait(seconds, journal.read_query(filters, Query)))

    def deliver_webhook(
        self, event: str | Sequence[str], url: str | None = None, **how: object
    ) -> "Sequence[Delivery]":
        """Deliver an event, or several, as things stand; give each delivery with its attempts.

        They go to a URL, or to the webhooks that clients have registered; `how` are the other
        members of `WebhookOrder`, see docs/webhooks.md. Raises InvalidInputError, also where
        webhooks may not go there; a receiver that fails is no error.
        """
        from .webhooks.order import WebhookOrder

        where = {} if url is None else {"url": url}
        order = read_struct({"event": event, **where, **how}, WebhookOrder)
        return self._run(self._sandbox.webhooks.deliver(order))

    def webhook_deliveries(self, wait: float = 5.0) -> "Sequence[Delivery]":
        """Give the newest deliveries, oldest first.

        It waits for the end of what is due now, for so many seconds of real time.
        """
        return self._run(self._sandbox.webhooks.deliveries(wait))

    def export_har(self, **filters: object) -> dict[str, object]:
        """Give the journal as an HTTP archive (HAR 1.2). Raises InvalidInputError."""
        from .journal.har import as_har

        return as_har(self.journal.entries(**filters))

    def export_mermaid(self, **filters: object) -> str:
        """Give the journal as a sequence diagram in Mermaid. Raises InvalidInputError."""
        from .journal.mermaid import as_mermaid

        return as_mermaid(self.journal.entries(**filters), self._sandbox.mask)

    def export_html(self) -> str:
        """Give the control room as one page that needs no server: what a CI job keeps."""
        from .room.told import export_html

        return self._run(export_html(self._sandbox))

    def token_families(self) -> "Families":
        """Give the families of tokens, with the requests that used or ended each."""
        from .token_families import token_families

        return self._run(token_families(self._sandbox))

    def audit(self) -> "list[Finding]":
        """Give what the clients did wrong, as the journal shows it."""
        from .audit.audit import audit

        return self._run(audit(self._sandbox))

    @contextmanager
    def as_livestorm(self) -> Iterator[Self]:
        """Have any client of this process that names Livestorm's hosts reach this sandbox.

        It connects over TLS, and trusts the certificate where it finds whom to trust in the
        environment or begins a TLS context of its own in the block. What is not caught:
        docs/in-process.md. Raises OSError.
        """
        with self._served.way_in().taken():
            yield self

    def httpx_transport(self, others: "httpx.BaseTransport | None" = None) -> "httpx.BaseTransport":
        """Give a transport for `httpx.Client` that brings Livestorm's hosts here, over TLS.

        Any other host goes by `others`, by default to where it is; but one below livestorm.co is an
        httpx.ConnectError.
        """
        from .interception.httpx_transports import Transport

        way_in = self._served.way_in()
        return Transport(way_in.address, way_in.trust, others)

    def async_httpx_transport(
        self, others: "httpx.AsyncBaseTransport | None" = None
    ) -> "httpx.AsyncBaseTransport":
        """The same for `httpx.AsyncClient`."""
        from .interception.httpx_transports import AsyncTransport

        way_in = self._served.way_in()
        return AsyncTransport(way_in.address, way_in.trust, others)

    def requests_adapter(self, others: "HTTPAdapter | None" = None) -> "HTTPAdapter":
        """Give an adapter of requests that brings Livestorm's hosts here, over TLS.

        It is for `session.mount("https://", ...)`, and `others` as with the transports. Raises
        ImportError where requests is not installed.
        """
        from .interception.in_process import credentials
        from .interception.requests_adapter import Adapter

        way_in = self._served.way_in()
        return Adapter(way_in.address, str(credentials().ca_file), others)

    def sandbox(
        self,
        scenario: str | Path | Scenario | None = None,
        *,
        seed: int | str | None = None,
        journal_capacity: int | None = None,
        journal_bytes: int | None = None,
        redirect_uris: Sequence[str] | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        any_redirect_uri: bool | None = None,
        **options: object,
    ) -> "LivestormSandbox":
        """Open a further sandbox, by default with this one's scenario; it is closed with this one.

        How its client is registered is taken from this one, too, where nothing is said of it.
        Raises ScenarioError or InvalidInputError.
        """
        started_from = self.scenario if scenario is None else loaded(scenario)
        wanted = with_options(
            started_from,
            options,
            journal_capacity=journal_capacity,
            journal_bytes=journal_bytes,
            besides=keywords(LivestormSandbox.sandbox),
        )
        registration = read_registration(
            {
                "redirect_uris": redirect_uris,
                "client_id": client_id,
                "client_secret": client_secret,
                "any_redirect_uri": any_redirect_uri,
            }
        )
        server = self._served.server
        opening = server.sandboxes.open(
            wanted, seed=seed, registration=registration.over(self._sandbox.registration)
        )
        opened = LivestormSandbox(Served(server, server.run(opening)), opener=self)
        self._opened.add(opened)
        return opened

    def open_door(self, listener: socket.socket, tls: ssl.SSLContext | None = None) -> Door:
        """Let clients in by another listening socket, which belongs to the server then.

        All that comes there goes to this sandbox, without `/s/<id>`. With `tls` they may speak
        HTTPS or HTTP. Raises OSError for TLS on Windows.
        """
        door = Door(listener, tls, self._sandbox.id)
        self._served.server.open_door(door)
        return door

    def close_door(self, door: Door) -> None:
        """Close a door; who came by it is answered, and has to go then."""
        self._served.server.close_door(door)

    def close(self) -> None:
        """Drop the sandbox, and those that were opened from it."""
        for opened in list(self._opened):
            opened.close()
        if self._opener is not None:
            self._opener._opened.discard(self)
        self._served.close()

    def _run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self._served.server.run(coroutine)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


@cache
def keywords(function: Callable[..., object]) -> Sequence[str]:
    """Give what a function takes by name, beside provider options."""
    parameters = inspect.signature(function).parameters.values()
    named = [one.name for one in parameters if one.kind is not one.VAR_KEYWORD]
    return [one for one in named if one != "self"]


def loaded(scenario: str | Path | Scenario) -> Scenario:
    return prepared(scenario) if isinstance(scenario, Scenario) else load_scenario(scenario)
