"""A sandbox on a running server, as whoever embeds it sees it: what it is called, and by whom."""

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from .description import Description, describe
from .doors import Door
from .sandbox import Sandbox
from .server_thread import NotStartedError, ServerThread

if TYPE_CHECKING:
    from .interception.in_process import WayIn


class Served:
    """A sandbox on a running server, with what clients have to know of it."""

    def __init__(self, server: ServerThread, sandbox: Sandbox) -> None:
        self.server = server
        self.sandbox = sandbox
        self._opening = threading.Lock()
        self._way_in: WayIn | None = None
        self.describe()

    def describe(self) -> None:
        """Look up the credentials, which may have changed."""
        self.description = self.server.run(describe(self.sandbox))

    def way_in(self) -> "WayIn":
        """Give the way that Livestorm's hosts lead in by; there is one once it is asked for."""
        from .interception.in_process import WayIn, credentials

        self.server.check_process()
        with self._opening:
            if self._way_in is None:
                way_in, listener = WayIn.listen()
                door = Door(listener, credentials().context, self.sandbox.id, of_livestorm=True)
                try:
                    self.server.open_door(door)
                except BaseException:
                    listener.close()
                    raise
                self._way_in = way_in
            return self._way_in

    def close(self) -> None:
        """Drop the sandbox; the default one ends with its server."""
        if self.sandbox.id is None or not self.server.is_running:
            return
        with suppress(NotStartedError):  # It was stopped just now.
            self.server.run(self.server.sandboxes.close(self.sandbox.id))


class DescribedSandbox:
    """What `serve --json` prints, as attributes.

    In a fork of the server's process they can still be read, so that clients find the server.
    """

    def __init__(self, served: Served | None) -> None:
        self._served_or_none = served

    @property
    def _served(self) -> Served:
        if self._served_or_none is None:
            raise NotStartedError
        return self._served_or_none

    @property
    def _sandbox(self) -> Sandbox:
        # What a fork has is a copy: what was done to it, no request would meet.
        self._served.server.check_process()
        return self._served.sandbox

    @property
    def _description(self) -> Description:
        return self._served.description

    @property
    def app_url(self) -> str:
        """Where `/oauth/authorize` and the rest are appended."""
        return self._description.app_url

    @property
    def api_url(self) -> str:
        """Where `/me` and the rest are appended."""
        return self._description.api_url

    @property
    def control_url(self) -> str:
        """The control API."""
        return self._description.control_url

    @property
    def other_url(self) -> str:
        """The same sandbox at another origin, to which faults redirect."""
        return self._description.other_url

    @property
    def ca_file(self) -> str | None:
        """What clients have to trust that speak HTTPS to it; None without `tls`."""
        return self._description.ca_file

    @property
    def client_id(self) -> str:
        """The first confidential application."""
        return self._description.client_id

    @property
    def client_secret(self) -> str:
        """Its secret."""
        return self._description.client_secret

    @property
    def redirect_uris(self) -> tuple[str, ...]:
        """Its redirect URIs."""
        return self._description.redirect_uris

    @property
    def redirect_uri(self) -> str:
        """The first of its redirect URIs."""
        return self._description.redirect_uris[0]

    @property
    def public_client_id(self) -> str | None:
        """The first public application, if there is one."""
        return self._description.public_client_id

    @property
    def private_token(self) -> str:
        """The private API token of the first workspace."""
        return self._served.sandbox.signing.private_token
