"""What the operations of the control API answer with.

They are answered as plain objects; these structs describe them, and tests hold every answer to
them.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from ..audit.finding import Severity
from ..doorkeeper.releases import ReleaseName
from ..exchange import Role, WebhookAttempt
from ..webhooks.delivery import Delivery

Absent = msgspec.UnsetType


class Failed(msgspec.Struct):
    """Whatever is refused."""

    error: str
    """What is wrong, and what would be right."""


class Health(msgspec.Struct):
    """`GET health`."""

    status: Literal["ok"]
    version: str
    """The version of livestorm-mock."""
    release: ReleaseName
    """The release of Doorkeeper that the sandbox is."""
    id: str | None
    """The sandbox's id; null for the default one."""


class Clock(msgspec.Struct):
    """The virtual clock of a sandbox."""

    now: float
    """The virtual time, in Unix seconds."""
    frozen: bool
    """Whether it stands still."""


class Armed(msgspec.Struct):
    """An armed fault: its keys, with those of its kind beside these."""

    id: str
    """What it is called in paths and in the journal."""
    hits: int
    """Requests that it struck."""
    on: str
    """The endpoint's label."""
    fault: str
    """The kind."""
    phase: Literal["before", "after"]
    """Before the request had its effect, or after."""
    times: int | None
    """How many requests it strikes; null, every one."""
    after: int
    """How many matching requests pass first."""
    every: int
    """After these, it strikes the first of so many."""
    probability: float | None
    """The share of matching requests that it strikes; null, all."""
    seed: int
    """Where the draws for `probability` start from."""
    delay: float
    """Seconds that a request waits first."""
    when: Mapping[str, object]
    """Conditions on the request."""


class Collection(msgspec.Struct):
    """A type of items."""

    type: str
    paths: list[str]
    """The paths of the API at which they are."""
    count: int
    """How many items there are."""


class Collections(msgspec.Struct):
    """`GET collections`."""

    collections: list[Collection]


class Item(msgspec.Struct):
    """An item of a collection."""

    id: str
    attributes: Mapping[str, object]
    relationships: Mapping[str, str | list[str] | None]
    """By name, the id of an item, a list of ids, or null."""


class Items(msgspec.Struct):
    """`GET collections/{type}`."""

    items: list[Item]


class Faults(msgspec.Struct):
    """`GET faults`."""

    faults: list[Armed]


class Struck(msgspec.Struct):
    """The fault that struck an exchange."""

    id: str
    """The armed fault."""
    fault: str
    """The kind that struck, of a sequence that of its step."""
    phase: Literal["before", "after"]
    """Before the request had its effect, or after."""


class Request(msgspec.Struct):
    """A request, as it came."""

    method: str
    """The verb on the wire."""
    target: str
    """The path and the query."""
    http_version: str
    headers: list[tuple[str, str]]
    """Names and values, in order."""
    body: str
    """The body as a text; what is none is escaped."""
    parameters: Mapping[str, object] | None
    """What Rails reads of query and body; null where it can read nothing."""
    body_base64: str | Absent = msgspec.UNSET
    """The body's bytes, where it is no text."""
    body_cut_from: int | Absent = msgspec.UNSET
    """How many bytes the body had, where it is cut."""


class Response(msgspec.Struct):
    """An answer, before it is cut.

    Where a fault sends it in another way, such as `short_body`, `reset_in_body` or `hang` with its
    head, the client has less of it, or other bytes; the exchange's `fault` tells which.
    """

    status: int
    headers: list[tuple[str, str]]
    """Names and values, in order."""
    body: str
    """The body as a text; what is none is escaped."""
    body_base64: str | Absent = msgspec.UNSET
    """The body's bytes, where it is no text."""
    body_cut_from: int | Absent = msgspec.UNSET
    """How many bytes the body had, where it is cut."""


class Rule(msgspec.Struct):
    """The rule by which a request was refused."""

    id: str
    sentence: str
    """What the rule demands."""
    reference: str | None
    """Where it stands; null for a rule of the fake's own."""
    url: str | None
    """The address of that section."""


class Token(msgspec.Struct):
    """A token that was sent in a request or issued in its answer."""

    id: int
    role: Role
    access_token: str
    refresh_token: str | None
    refreshed_from: str | None
    """The refresh token for which it was issued."""
    family: int
    """The id of the first pair."""


class Exchange(msgspec.Struct):
    """One exchange of the journal."""

    seq: int
    """Its number, in order of arrival."""
    sandbox: str | None
    """The sandbox's id; null for the default one."""
    endpoint: str | None
    """The endpoint's label; null where the request led to none."""
    client_id: str | None
    request: Request
    response: Response | None
    """Null until there is an answer, and for ever where nothing was sent."""
    fault: Struck | None
    """The fault that struck."""
    reason: str | None
    """Why it was decided so, in words."""
    ground: Rule | None
    """The rule by which it was refused."""
    tokens: list[Token]
    webhook: WebhookAttempt | None
    """What the fake sent itself; null for what clients sent."""
    connection: int | None
    """The number of the client's connection; null for a short cut and a webhook."""
    at: float
    """The virtual time of its arrival, in Unix seconds."""
    wall: float
    """The real time of its arrival, in Unix seconds."""
    answered_at: float | None
    """The real time of its answer."""


class Journal(msgspec.Struct):
    """`GET journal`."""

    exchanges: list[Exchange]


class Brief(msgspec.Struct):
    """One exchange as a list shows it."""

    seq: int
    """Its number, in order of arrival."""
    endpoint: str | None
    """The endpoint's label; null where the request led to none."""
    client_id: str | None
    method: str
    """The verb on the wire."""
    target: str
    """The path and the query, the first 200 characters."""
    status: int | None
    """Null until there is an answer, and for ever where nothing was sent."""
    fault: Struck | None
    """The fault that struck."""
    reason: str | None
    """Why it was decided so, in words."""
    ground: str | None
    """The id of the rule by which it was refused."""
    sent: list[int]
    """The pairs of which something was sent."""
    issued: list[int]
    """The pairs that were issued."""
    webhook: WebhookAttempt | None
    """What the fake sent itself; null for what clients sent."""
    at: float
    """The virtual time of its arrival, in Unix seconds."""
    wall: float
    """The real time of its arrival, in Unix seconds."""
    answered_at: float | None
    """The real time of its answer."""


class BriefJournal(msgspec.Struct):
    """`GET journal/brief`."""

    exchanges: list[Brief]


class Finding(msgspec.Struct):
    """Something that a client did wrong."""

    rule: str
    severity: Severity
    message: str
    reference: str
    """The section that it offends against."""
    exchanges: list[int]
    """The numbers of the exchanges that show it."""


class Findings(msgspec.Struct):
    """`GET audit`."""

    findings: list[Finding]


class Deliveries(msgspec.Struct):
    """`POST webhooks/deliver` and `GET webhooks/deliveries`."""

    deliveries: list[Delivery]


class Location(msgspec.Struct):
    """`POST authorize`."""

    location: str
    """Where the browser is sent: the redirect URI, with `code` and `state`, or with an error."""


class TokenPair(msgspec.Struct):
    """The success body of the token endpoint."""

    access_token: str
    token_type: Literal["Bearer"]
    created_at: int
    """The virtual time, in Unix seconds."""
    expires_in: int | Absent = msgspec.UNSET
    """Seconds; absent where it does not expire."""
    refresh_token: str | Absent = msgspec.UNSET
    scope: str | Absent = msgspec.UNSET


class Credentials(msgspec.Struct):
    """A registered application."""

    name: str
    client_id: str
    client_secret: str | None
    redirect_uris: list[str]
    confidential: bool


class Sandbox(msgspec.Struct):
    """Where a sandbox is, and what its first applications are called; as `serve --json` has it."""

    app_url: str
    """`/oauth/authorize` and the rest are appended to it."""
    api_url: str
    """`/me` and the rest are appended to it."""
    client_id: str
    client_secret: str
    redirect_uris: list[str]
    control_url: str
    """The sandbox's control API."""
    other_url: str
    """Another origin of the same server, to which faults redirect."""
    id: str | Absent = msgspec.UNSET
    """Absent for the default sandbox."""
    public_client_id: str | Absent = msgspec.UNSET
    private_token: str | Absent = msgspec.UNSET
    """The private API token of the first workspace."""
    ca_file: str | Absent = msgspec.UNSET
    """What clients have to trust that speak HTTPS to it."""
    proxy_url: str | Absent = msgspec.UNSET
    """A proxy behind which Livestorm's hosts are this sandbox."""


class Situation(msgspec.Struct):
    """What a sandbox starts from, in words."""

    title: str
    client_should: str | None
    """What a correct client does in it."""


class Application(msgspec.Struct):
    """A registered application, whole."""

    id: int
    name: str
    client_id: str
    client_secret: str
    redirect_uris: list[str]
    confidential: bool
    scopes: list[str]
    """Those that it is limited to; empty means the server's."""
    created_at: float


class Person(msgspec.Struct):
    """A user."""

    email: str
    first_name: str
    last_name: str
    role: str
    organization: Mapping[str, str]


class Gauge(msgspec.Struct):
    """A limit, and what was left of it."""

    limit: int | None
    remaining: int | None


class Limits(msgspec.Struct):
    """What a client was told last of its limits."""

    client_id: str
    """Empty for requests of nobody."""
    seq: int
    """The exchange in which it was told."""
    headers: list[tuple[str, str]]
    """The fields that told it: `RateLimit-*` and `Retry-After`."""
    interval: Gauge
    monthly: Gauge


class Overview(msgspec.Struct):
    """`GET overview`."""

    sandbox: Sandbox
    scenario: Situation
    options: Mapping[str, object]
    """All provider options."""
    changed: list[str]
    """Those that differ from their defaults."""
    applications: list[Application]
    users: list[Person]
    labels: list[str]
    """The labels of the endpoints."""
    limits: list[Limits]
    scenarios: list[str]
    """The scenarios that come with the project."""
    releases: list[str]


class FaultKey(msgspec.Struct):
    """A key with which a fault is armed."""

    name: str
    summary: str
    takes: str
    """What it takes, in words."""
    schema: Mapping[str, object]
    """The same as JSON Schema."""
    required: bool
    default: object = msgspec.UNSET
    """Absent where it is required."""


class KindOfFault(msgspec.Struct):
    """A kind of fault."""

    fault: str
    summary: str
    places: list[str]
    """The labels at which it can do something; empty means all."""
    phases: list[str]
    phase: str
    """The phase where none is given."""
    parameters: list[FaultKey]


class FaultKinds(msgspec.Struct):
    """`GET faults/kinds`."""

    shared: list[FaultKey]
    """The keys that all kinds have."""
    kinds: list[KindOfFault]


class Sandboxes(msgspec.Struct):
    """`GET sandboxes`."""

    sandboxes: list[Sandbox]


Document = Annotated[Mapping[str, object], msgspec.Meta(description="a JSON object")]
"""What others describe: an HTTP archive, a description of an API, a scenario."""
