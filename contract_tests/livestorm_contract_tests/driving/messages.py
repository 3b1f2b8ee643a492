"""The messages between the suite and an adapter, protocol version 1.

An adapter's members are read leniently: what is unknown is ignored, what is known must fit, and
what is the client's and does not fit is told apart.
"""

import json
from typing import Annotated, Final, Literal, TypeVar
from urllib.parse import urlsplit

import msgspec

from .client_values import without_misfits
from .command_adapter import Message
from .kinds import Kind

PROTOCOL: Final = 1
LONGEST_LINE: Final = 1 << 20
"""Bytes of a message, its line feed included."""
LONGEST_NAME: Final = 100
"""Characters of what a client calls itself; the rest is cut."""
MOST_NAMES: Final = 20
"""Libraries of its stack that are kept."""
READY_SECONDS: Final = 20.0
DEADLINE_MS: Final = 15_000
GRACE_SECONDS: Final = 2.0
"""How long after its deadline a reply is still waited for."""

T = TypeVar("T", bound=msgspec.Struct)


class BadMessage(Exception):
    """An adapter sent what is no message of the protocol; the text says what is wrong."""


class ClientName(msgspec.Struct, frozen=True, kw_only=True):
    """What the client calls itself."""

    name: str = "unnamed"
    """What reports call it, cut at 100 characters."""
    version: str = ""
    """Its version, for reports."""
    language: str = ""
    """Language and version, for reports."""
    stack: tuple[str, ...] = ()
    """The libraries under it, for reports."""


class Features(msgspec.Struct, frozen=True, kw_only=True):
    """What the client can do; absent means it can not."""

    refresh: Literal["auto", "explicit", "none"] = "none"
    """Whether a `call` refreshes by itself (`auto`), only the operation `refresh` does, which is
    then sent before a `call` where a case needs it (`explicit`), or nothing does."""
    refresh_ahead: bool = False
    """Whether a `call` refreshes a token whose `expires_at` has passed before it sends anything."""
    on_401: bool = False
    """Whether a `call` answers a 401 of the API by a refresh, and tries again."""
    parallel_calls: Annotated[int, msgspec.Meta(ge=1)] = 1
    """The most that `parallel` of a `call` may be."""
    parallel: bool = False
    """Whether several commands may be under way at once, also for one user; their replies come in
    any order."""
    persist: Literal["file", "callback", "none"] = "none"
    """Where tokens are kept: under `store_dir` (`file`, which the cases of durability need), by the
    application that the client is part of (`callback`), or in memory."""
    pkce: bool = False
    """Whether it sends a PKCE challenge."""
    iss: bool = False
    """Whether it compares the `iss` of a callback with `config.issuer`."""
    auth_methods: tuple[str, ...] = ("client_secret_post",)
    """How it can authenticate at the token endpoint: `client_secret_post`, `client_secret_basic`,
    and `none` for a public client."""
    base_path: bool = False
    """Whether all URLs are taken from `config`, their paths included."""
    tls_ca: bool = False
    """Whether it honours `config.ca_pem`."""
    clock: bool = False
    """Whether it has the operation `clock`, which moves its idea of now."""
    pagination: bool = False
    """Whether it has the operation `list`."""
    logs: tuple[str, ...] = ()
    """Where its logs go by default; of `stderr` the suite reads them."""
    log_level: bool = False
    """Whether `config.log_level`, which is `debug` or absent, is honoured."""
    state: Literal["library", "adapter"] | None = None
    """Who compares the `state` of a callback: the client, or the adapter in its place."""
    kinds: Literal["all", "ok_or_failed"] = "all"
    """`ok_or_failed`: the application says success or failure, and not always how it failed."""
    redirect_uri: str | None = None
    """The application's own callback URL, registered and used in the place of the suite's."""

    def __post_init__(self) -> None:
        uri = self.redirect_uri
        if uri is not None and (not urlsplit(uri).scheme or "#" in uri):
            raise ValueError(f"redirect_uri is {uri!r}; expected a URL without a fragment")


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """An adapter's first message."""

    protocol: int
    """The version of the protocol: 1."""
    client: ClientName = ClientName()
    """What the client calls itself."""
    ops: tuple[str, ...] = ()
    """The operations that it has. A case that needs another one is skipped, and shown."""
    features: Features = Features()
    """What it does by itself; a claim that is not true fails."""


class ErrorTold(msgspec.Struct, frozen=True, kw_only=True):
    """An error as the client's language prints it."""

    class_name: str | None = msgspec.field(name="class", default=None)
    """The full name of the exception's class."""
    code: str | None = None
    """The OAuth error code, such as `invalid_grant`."""
    http_status: int | None = None
    """The status of the answer that made it fail, the token endpoint's, too."""
    message: str | None = None
    """Its message, uncut."""
    repr: str | None = None
    """How the language prints it to a developer, uncut."""
    trace: str | None = None
    """The stack, where there is one."""


class StoredToken(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens that the client holds: "sha256:" and 64 hexadecimal digits each."""

    access_token: str | None = None
    """The hash of its UTF-8 text."""
    refresh_token: str | None = None
    """The hash of its UTF-8 text, null where there is none."""
    expires_at: float | None = None
    """When the access token is over, in Unix seconds; null where that is unknown."""
    scope: str | None = None
    """What was granted, with spaces between."""


class CallTold(msgspec.Struct, frozen=True, kw_only=True):
    """One of several parallel calls."""

    kind: Kind
    """How this one ended."""
    http_status: int | None = None
    """The status of the API's last answer to it."""
    not_before_s: float | None = None
    """When it may be tried again, as in the reply."""
    error: ErrorTold | None = None
    """How it failed."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a command; what an operation does not have is absent."""

    kind: Kind
    """How the operation ended."""
    not_before_s: float | None = None
    """Seconds from now until the server wants to be asked again: with `retry_later`, where an
    answer said so."""
    error: ErrorTold | None = None
    """How it failed, as whoever calls the client sees it."""
    reason: str | None = None
    """Why it is `unsupported`."""
    authorize_url: str | None = None
    """Of `begin`: where the browser is to be sent."""
    http_status: int | None = None
    """Of `call`: the status of the API's last answer; null where none came."""
    results: tuple[CallTold, ...] = ()
    """Of a `call` with `parallel`: one for each, in any order. The members beside it are then those
    of the first that is not `ok`, else of the first."""
    token: StoredToken | None = None
    """Of `state`: what the client would use after a restart; null where the user has never
    connected."""
    needs_reauth: bool = False
    """Of `state`: whether the user has to connect again."""
    ids: tuple[str | int, ...] = ()
    """Of `list`: the `id` of each resource, in the order of the pages."""
    pages: int | None = None
    """Of `list`: how many pages were read."""
    misfits: tuple[str, ...] = ()
    """What the client has in a wrong type, in words; it is left out. No member of the message."""


def read_line(line: bytes) -> dict[str, object]:
    """Read one line as a JSON object. Raises BadMessage."""
    if len(line) > LONGEST_LINE:
        raise BadMessage(f"a line of {len(line)} bytes; at most {LONGEST_LINE} are allowed")
    try:
        message = _decoded(line)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BadMessage(f"a line that is no JSON ({error}): {_around(line, error)}") from None
    if not isinstance(message, dict):
        raise BadMessage(f"a line that is no JSON object: {_shown(line)}")
    return message


def write_line(message: Message) -> bytes:
    """Write a message as one line of JSON; a text may be of any class of texts."""
    try:
        return msgspec.json.encode(message, enc_hook=_plain) + b"\n"
    except UnicodeEncodeError:
        return json.dumps(message, default=_plain).encode() + b"\n"


def read_ready(message: Message) -> Ready:
    """Read an adapter's first message. Raises BadMessage."""
    if message.get("type") != "ready":
        raise BadMessage(f'the first message has the type {message.get("type")!r}, not "ready"')
    ready = _read(message, Ready)
    if ready.protocol != PROTOCOL:
        raise BadMessage(f"the adapter speaks protocol {ready.protocol!r}, not {PROTOCOL}")
    return msgspec.structs.replace(ready, client=_bounded(ready.client))


def _bounded(client: ClientName) -> ClientName:
    """Cut what a client calls itself, as it stands at the head of each report."""
    name, version, language, *stack = (
        one if len(one) <= LONGEST_NAME else f"{one[: LONGEST_NAME - 1]}…"
        for one in (client.name, client.version, client.language, *client.stack[:MOST_NAMES])
    )
    return ClientName(name=name, version=version, language=language, stack=tuple(stack))


def read_reply(message: Message, features: Features) -> Reply:
    """Read a `result` of a client with these features. Raises BadMessage."""
    kept, misfits = without_misfits(message)
    reply = msgspec.structs.replace(_read(kept, Reply), misfits=tuple(misfits))
    kinds = (reply.kind, *(one.kind for one in reply.results))
    if Kind.FAILED in kinds and features.kinds == "all":
        raise BadMessage(
            "the kind 'failed' without the feature kinds=ok_or_failed: say how it failed"
        )
    return reply


def _decoded(line: bytes) -> object:
    """Read JSON, and what Python writes that is none: NaN, infinities, half a character."""
    try:
        return msgspec.json.decode(line)
    except msgspec.DecodeError:
        return _with_whole_characters(json.loads(line))


def _with_whole_characters(value: object) -> object:
    """Give a value of JSON; half a character becomes a question mark."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_with_whole_characters(key): _with_whole_characters(value[key]) for key in value}
    return [_with_whole_characters(one) for one in value] if isinstance(value, list) else value


def _plain(value: object) -> str:
    if isinstance(value, str):
        return str.__str__(value)
    raise TypeError(f"JSON has no {type(value).__name__}")


def _read(message: Message, struct: type[T]) -> T:
    try:
        return msgspec.convert(message, struct)
    except msgspec.ValidationError as error:
        raise BadMessage(f"a {message.get('type')!r} that does not fit: {error}") from None


def _around(line: bytes, error: Exception) -> str:
    """Show a line where an error is, as far as that tells where it is."""
    if isinstance(error, json.JSONDecodeError):
        text, at = error.doc, error.pos
    else:
        text, at = line.decode("utf-8", "replace"), getattr(error, "start", 0)
    begin = max(0, at - 100)
    return f"{'...' if begin else ''}{_shown(text[begin:].encode('utf-8', 'replace'))}"


def _shown(line: bytes) -> str:
    text = repr(line.decode("utf-8", "replace").rstrip())
    return text if len(text) <= 200 else f"{text[:197]}..."
