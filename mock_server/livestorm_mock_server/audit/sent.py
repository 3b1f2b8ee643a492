"""One request as the audit sees it: nothing in it raises, whatever the client sent."""

import base64
import json
from collections.abc import Callable
from functools import cached_property
from urllib.parse import parse_qs, urlsplit

from ..journal.entry import Entry
from ..rails.errors import RailsError
from ..rails.parameters import Parameters
from ..rails.text import is_blank, to_s

# Seconds; the shortest time-out that a client is thought to have.
PATIENCE = 0.2


class Sent:
    """A request of the journal and what became of it."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.request = entry.exchange.request
        self.seq = entry.seq
        self.at = entry.at
        """The virtual time of its arrival; `entry.wall` is the real one."""
        self.paced_at = entry.paced_at
        """Its arrival by the time in which requests in a second are counted."""
        self.label = entry.exchange.endpoint or ""

    # What was sent

    @cached_property
    def query(self) -> Parameters:
        """The parameters in the query string."""
        return _read(lambda: self.request.query_parameters)

    @cached_property
    def parameters(self) -> Parameters:
        """All parameters."""
        return _read(lambda: self.request.parameters)

    def text(self, name: str) -> str | None:
        """Give a parameter as the engine would look it up, None for a blank one."""
        value = self.parameters.get(name)
        return None if is_blank(value) else to_s(value)

    @property
    def is_of_client(self) -> bool:
        """Whether a client made it, and not a short cut with parameters of its own."""
        visitor = self.entry.exchange.visitor
        return visitor is None or visitor.brings_url

    @cached_property
    def authorization(self) -> tuple[str, str]:
        """The scheme of the `Authorization` header, in lower case, and the credentials."""
        scheme, _, credentials = (self.request.header("authorization") or "").partition(" ")
        return scheme.lower(), credentials.strip()

    @property
    def bearer(self) -> str | None:
        """The access token in the header."""
        scheme, credentials = self.authorization
        return credentials or None if scheme == "bearer" else None

    @cached_property
    def client_id(self) -> str | None:
        """The client that the request names."""
        scheme, credentials = self.authorization
        basic = _decode(credentials).partition(":")[0] if scheme == "basic" else ""
        return self.entry.exchange.client_id or basic or self.text("client_id")

    @property
    def is_to_oauth(self) -> bool:
        """Whether it goes to the OAuth engine, on a route or not."""
        return self.request.path.startswith("/oauth/")

    @property
    def is_to_token_endpoint(self) -> bool:
        """Whether it is a token request of any grant."""
        return f"{self.label}.".startswith("token.")

    @property
    def is_to_api(self) -> bool:
        """Whether it is an API call."""
        return f"{self.label}.".startswith("api.")

    # What became of it

    @property
    def status(self) -> int | None:
        """The status that was sent; None where nothing was."""
        return None if self.entry.response is None else self.entry.response.status

    @cached_property
    def got_through(self) -> bool:
        """Whether the client has the whole answer for sure, and has no cause to doubt it."""
        strike = self.entry.strike
        spoiled = strike is not None and strike.spoils
        return self.status is not None and not (spoiled or self.came_late)

    @property
    def came_late(self) -> bool:
        """Whether the answer was delayed for so long that the client may have given up."""
        strike = self.entry.strike
        return strike is not None and strike.fault.lateness > PATIENCE

    def answer_header(self, name: str) -> str | None:
        """Give a header of the answer, its name in any case."""
        response = self.entry.response
        lines = [] if response is None else response.header_lines()
        return next((value for key, value in lines if key.lower() == name.lower()), None)

    @cached_property
    def answer(self) -> dict[str, object]:
        """The JSON object that the client has; empty where it has none."""
        response = self.entry.response
        if response is None or not self.got_through:
            return {}
        try:
            document = json.loads(response.body)
        except (ValueError, RecursionError):
            return {}
        return document if isinstance(document, dict) else {}

    @cached_property
    def sent_back(self) -> dict[str, list[str]]:
        """What the answer tells the client through the browser: `code`, `error`, ..."""
        try:
            parts = urlsplit(self.answer_header("location") or "")
        except ValueError:
            return {}
        return parse_qs(parts.query) | parse_qs(parts.fragment)

    @property
    def outcome(self) -> str:
        """What became of the request, in words."""
        strike = self.entry.strike
        fault = "" if strike is None else f" (fault {strike.fault.kind})"
        answer = "no answer" if self.status is None else f"the answer {self.status}"
        return f"{answer}{fault}"

    def follows(self, earlier: "Sent") -> bool:
        """Tell whether the earlier request had its answer when this one came."""
        answered_at = earlier.entry.answered_at
        return answered_at is not None and self.entry.wall > answered_at


def _read(read: Callable[[], Parameters]) -> Parameters:
    try:
        return read()
    except RailsError:
        return {}


def _decode(credentials: str) -> str:
    try:
        return base64.b64decode(credentials).decode()
    except ValueError:
        return ""
