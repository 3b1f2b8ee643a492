"""All that was sent to a sandbox, sorted for the rules."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from ..faults.fault import CONNECTION
from ..journal.entry import Entry
from .flows import begun_flows
from .sent import Sent


class Traffic:
    """The requests in order of arrival.

    `accounts` names what the API counts requests for, by access token; `limit` is the number of
    requests per second, None for no limit; credentials don't belong at this machine's `other_port`.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        *,
        accounts: Mapping[str, str] | None = None,
        limit: int | None = None,
        other_port: int | None = None,
    ) -> None:
        self.all = [Sent(entry) for entry in entries]
        self.limit = limit
        self.other_port = other_port
        self._accounts = accounts or {}

    def labelled(self, label: str) -> list[Sent]:
        """Give the requests to an endpoint."""
        return [sent for sent in self.all if sent.label == label]

    def with_text(self, label: str, name: str) -> dict[str, list[Sent]]:
        """Give the requests to an endpoint by the value of a parameter that they have."""
        found: dict[str, list[Sent]] = {}
        for sent in self.labelled(label):
            if (value := sent.text(name)) is not None:
                found.setdefault(value, []).append(sent)
        return found

    @cached_property
    def handshakes(self) -> list[Sent]:
        """The TLS handshakes that a fault has struck."""
        return [one for one in self.labelled(CONNECTION) if one.entry.strike is not None]

    @cached_property
    def authorizations(self) -> list[Sent]:
        """What clients, and browsers for them, sent to the authorization endpoint."""
        return [sent for sent in self.labelled("authorize") if sent.is_of_client]

    @cached_property
    def flows(self) -> list[Sent]:
        """The authorization requests of the clients, without what the browser repeated."""
        return begun_flows(self.authorizations)

    @cached_property
    def token_requests(self) -> list[Sent]:
        """The requests to the token endpoint, of every grant."""
        return [sent for sent in self.all if sent.is_to_token_endpoint]

    def account_of(self, sent: Sent) -> str | None:
        """Name what a request counts for where requests are limited, if that is known."""
        if sent.is_to_token_endpoint:
            return None if sent.client_id is None else f"token {sent.client_id}"
        if not sent.is_to_api or not any(sent.authorization):
            return None
        token = sent.bearer or " ".join(sent.authorization)
        return f"api {self._accounts.get(token, token)}"
