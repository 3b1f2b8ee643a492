"""One exchange of the journal."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypedDict

_TOKEN = re.compile(r'"?(access_token|refresh_token)"?\s*[:=]\s*"?([^\s"&,}]{16,})')
"""A token in JSON, in a part of it, or in a form, and long enough not to be there by chance."""


class RequestEntry(TypedDict):
    """The request of an entry of `GET /_mock/journal`."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: str
    parameters: Mapping[str, object] | None


class ResponseEntry(TypedDict):
    """The answer of an entry of `GET /_mock/journal`."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: str


class FaultEntry(TypedDict):
    """The fault of an entry of `GET /_mock/journal`."""

    id: str
    fault: str
    phase: str


class Entry(TypedDict):
    """An entry of `GET /_mock/journal`, as far as it is read here."""

    seq: int
    endpoint: str | None
    request: RequestEntry
    response: ResponseEntry | None
    fault: FaultEntry | None
    reason: str | None
    at: float
    wall: float
    answered_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its answer; header names are lower case, `status` is None without answer."""

    seq: int
    endpoint: str
    method: str
    target: str
    request_headers: Mapping[str, str]
    parameters: Mapping[str, object]
    status: int | None
    headers: Mapping[str, str]
    body: bytes
    fault: str | None = None
    """The kind of the fault that struck."""
    reason: str | None = None
    """The rule that decided, in words."""
    at: float = 0.0
    """When it came, in Unix seconds of the sandbox's clock; `wall` is real time."""
    wall: float = 0.0
    answered_at: float | None = None
    """When it was answered, in real time."""
    request_header_lines: Sequence[tuple[str, str]] = ()
    """As they came, those that came twice included."""
    request_body: str = ""
    armed: Mapping[str, object] = field(default_factory=dict)
    """The keys by which the fault was armed that struck, as far as they are known."""

    @property
    def at_token_endpoint(self) -> bool:
        """Tell whether tokens were asked for."""
        return self.endpoint == "token" or self.endpoint.startswith("token.")

    @property
    def refresh_token(self) -> str | None:
        """The refresh token that the client sent."""
        sent = self.parameters.get("refresh_token")
        return sent if self.at_token_endpoint and isinstance(sent, str) else None

    @property
    def code(self) -> str | None:
        """The authorization code that the client sent."""
        sent = self.parameters.get("code")
        return sent if self.at_token_endpoint and isinstance(sent, str) else None

    @property
    def granted(self) -> Mapping[str, object]:
        """The members of a token answer that was a success, none for any other exchange."""
        if not self.at_token_endpoint or self.status != 200:
            return {}
        with suppress(ValueError, RecursionError):
            members = json.loads(self.body)
            if isinstance(members, dict):
                return members
        return {}

    @property
    def ended_at(self) -> float:
        """When it was answered, or where it was not, when it came; in real time."""
        return self.wall if self.answered_at is None else self.answered_at

    @property
    def tokens_shown(self) -> Mapping[str, str]:
        """The tokens in a token endpoint's answer, however spoilt it is, with their names."""
        if not self.at_token_endpoint:
            return {}
        found = _TOKEN.findall(self.body.decode("utf-8", "replace"))
        return {text: name for name, text in found}

    @property
    def at_api(self) -> bool:
        """Tell whether the API was called."""
        return self.endpoint == "api" or self.endpoint.startswith("api.")

    @property
    def origin(self) -> str:
        """The host and port that the client addressed."""
        return self.request_headers.get("host", "")

    @property
    def bearer_token(self) -> str | None:
        """The access token that the client sent."""
        scheme, _, token = self.request_headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None


def refreshes(exchanges: Iterable[Exchange]) -> list[Exchange]:
    """Give the exchanges that sent a refresh token."""
    return [one for one in exchanges if one.refresh_token is not None]


def newest_grant(exchanges: Iterable[Exchange]) -> Mapping[str, object]:
    """Give the members of the newest token answer that was delivered, none without one."""
    return next((one.granted for one in reversed([*exchanges]) if one.granted), {})


def read_exchange(
    entry: Entry, armed: Mapping[str, Mapping[str, object]] = MappingProxyType({})
) -> Exchange:
    """Read an entry of the journal; `armed` has the keys of faults, by their ids."""
    request, response = entry["request"], entry["response"]
    return Exchange(
        seq=entry["seq"],
        endpoint=entry["endpoint"] or "",
        method=request["method"],
        target=request["target"],
        request_headers=read_headers(request["headers"]),
        parameters=request["parameters"] or {},
        status=None if response is None else response["status"],
        headers={} if response is None else read_headers(response["headers"]),
        body=b"" if response is None else read_body(response["body"]),
        fault=entry["fault"] and entry["fault"]["fault"],
        reason=entry["reason"],
        at=entry["at"],
        wall=entry["wall"],
        answered_at=entry["answered_at"],
        request_header_lines=request["headers"],
        request_body=request["body"],
        armed=armed.get(entry["fault"]["id"], {}) if entry["fault"] else {},
    )


def read_headers(lines: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Index header lines by their lower-case names."""
    return {name.lower(): value for name, value in lines}


def read_body(text: str) -> bytes:
    r"""Give the bytes of a body; the journal writes a byte that is not UTF-8 as `\xff`."""
    parts = re.split(r"\\x([89a-f][0-9a-f])", text)
    whole = [
        bytes.fromhex(part) if index % 2 else part.encode() for index, part in enumerate(parts)
    ]
    return b"".join(whole)
