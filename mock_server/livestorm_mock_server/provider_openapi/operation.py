"""An endpoint with one verb, as it is described."""

from collections.abc import Mapping, Sequence

import msgspec

from ..json_schemas import Schema
from .bodies import RailsFailure

HTML = "text/html"
JSON = "application/json"


Bodies = Mapping[str, Sequence[object]]
"""By media type, the types of which one is the body; none for what is a text."""
Security = Sequence[Mapping[str, Sequence[str]]]
"""The credentials of which any opens an endpoint, with their scopes."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What is answered with a status."""

    told: str
    bodies: Bodies = msgspec.field(default_factory=dict)
    headers: Sequence[str] = ()
    """The names of the header fields that matter, from `HEADERS`."""


class ProviderOperation(msgspec.Struct, frozen=True, kw_only=True):
    """What a verb does at a path."""

    id: str
    verb: str
    path: str
    labels: Sequence[str]
    """What faults, the journal and the scenarios call it."""
    summary: str
    answers: Mapping[int, Answer]
    query: type[msgspec.Struct] | None = None
    parameters: Sequence[Schema] = ()
    forms: Sequence[type[msgspec.Struct]] = ()
    """The structs of which one is sent."""
    media_types: Sequence[str] = ()
    """Those in which it may be sent."""
    security: Security = ()


RAILS: Bodies = {
    HTML: (),
    JSON: (RailsFailure,),
    "application/xml": (),
    "application/x-yaml": (),
}
"""What Rails answers itself, in the format that was asked for."""

HEADERS: Mapping[str, str] = {
    "Location": "Where the browser is sent.",
    "WWW-Authenticate": "The error again, as RFC 6750 (section 3) has it.",
    "Retry-After": "Seconds until it may be tried again.",
    "RateLimit-Interval-Limit": "Requests in a second.",
    "RateLimit-Interval-Remaining": "Those that are left of this second.",
    "RateLimit-Monthly-Limit": "Requests in a period.",
    "RateLimit-Monthly-Remaining": "Those that are left of this period.",
    "RateLimit-Reset": "When the period ends.",
}
LIMITS = tuple(name for name in HEADERS if name.startswith("RateLimit-") and "Reset" not in name)
WAITING = (*LIMITS, "Retry-After", "RateLimit-Reset")
