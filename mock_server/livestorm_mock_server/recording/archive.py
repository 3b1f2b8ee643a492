"""An HTTP archive (HAR 1.2) as its exchanges with Livestorm.

Browsers and proxies write it each in a way of their own: what they leave out or add is no mistake.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlencode, urlsplit

import msgspec

from ..exchange import WEBHOOK
from ..origins import is_loopback
from ..rails.errors import RailsError
from ..rails.request import Request
from ..reading import InvalidInputError, MissingKeyError, read_struct
from ..real_hosts import SERVES, name_of

MOST_BYTES = 256_000_000
"""Of an archive that is read."""

API = "/v1/"
"""What the paths of the API begin with."""

_OWN = "livestorm-mock"
_SHOWN = 12
_SANDBOX = re.compile(r"\A/s/[0-9a-f]{12}(?=/)")
_HIDDEN = ":"
"""What the names of HTTP/2's own header fields begin with."""


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """One exchange of the recording."""

    where: str
    """Its place: `log.entries[3]`."""
    request: Request
    status: int
    """0 where nothing was answered."""
    headers: Sequence[tuple[str, str]]
    """Of the answer, with the names in lower case."""
    body: bytes
    """Of the answer."""
    at: float
    """When it began, in Unix seconds; 0 where that is not told."""
    error: str
    """What the browser, or the fake, says of an answer that did not come."""
    is_routed: bool
    """Whether an endpoint was asked; a recording of the fake tells so."""

    def header(self, name: str) -> str | None:
        """Give a header of the answer."""
        return next((value for one, value in self.headers if one == name), None)


class _Pair(msgspec.Struct):
    name: str
    value: str = ""


class _PostData(msgspec.Struct):
    mimeType: str = ""  # noqa: N815
    text: str | None = None
    params: list[_Pair] | None = None


class _Request(msgspec.Struct):
    method: str
    url: str
    headers: list[_Pair] = []
    postData: _PostData | None = None  # noqa: N815


class _Content(msgspec.Struct):
    text: str | None = None
    encoding: str | None = None


class _Response(msgspec.Struct):
    status: int
    headers: list[_Pair] = []
    content: _Content | None = None
    error: str | None = msgspec.field(name="_error", default=None)


class _Fault(msgspec.Struct):
    fault: str = ""


class _Entry(msgspec.Struct):
    request: _Request
    response: _Response
    startedDateTime: str | None = None  # noqa: N815
    endpoint: str | msgspec.UnsetType | None = msgspec.field(
        name="_endpoint", default=msgspec.UNSET
    )
    fault: _Fault | None = msgspec.field(name="_fault", default=None)
    at: float | None = msgspec.field(name="_at", default=None)


class _Creator(msgspec.Struct):
    name: str = ""


class _Log(msgspec.Struct):
    entries: list[_Entry]
    creator: _Creator = msgspec.field(default_factory=_Creator)


class _Archive(msgspec.Struct):
    log: _Log


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """What an archive has of Livestorm."""

    exchanges: Sequence[Recorded]
    others: int
    """How many entries lead elsewhere."""


def read_archive(raw: bytes) -> Recording:
    """Read an archive. Raises InvalidInputError with the place of what is wrong."""
    if len(raw) > MOST_BYTES:
        raise InvalidInputError("the recording", f"{len(raw)} bytes", f"{MOST_BYTES} at most")
    log = _read(raw)
    is_own = log.creator.name == _OWN
    found = [
        _recorded(f"log.entries[{index}]", entry)
        for index, entry in enumerate(log.entries)
        if _is_livestorms(f"log.entries[{index}]", entry, is_own=is_own)
    ]
    if not found:
        expected = f"at least one request to {' or '.join(SERVES)}"
        raise InvalidInputError("log.entries", f"{len(log.entries)} to other hosts", expected)
    return Recording(exchanges=found, others=len(log.entries) - len(found))


def _read(raw: bytes) -> _Log:
    try:
        return read_struct(_parsed(raw), _Archive).log
    except InvalidInputError as error:
        if isinstance(error.value, int | float) or len(str(error.value)) < _SHOWN:
            raise
        # It may be a secret that stands in the wrong place.
        told = f"{type(error.value).__name__} of {len(str(error.value))} characters"
        raise InvalidInputError(error.key, told, error.expected) from None


def _parsed(raw: bytes) -> object:
    try:
        value = msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInputError("the recording", f"{len(raw)} bytes", f"JSON ({error})") from None
    if not isinstance(value, dict) or "log" not in value:
        raise MissingKeyError("log", "an HTTP archive (HAR 1.2)")
    return value


def _is_livestorms(where: str, entry: _Entry, *, is_own: bool) -> bool:
    if is_own and entry.endpoint == WEBHOOK:  # The fake asked, and somebody else answered.
        return False
    try:
        parts = urlsplit(entry.request.url)
        host = name_of(parts.netloc.rpartition("@")[2])
    except ValueError:
        raise InvalidInputError(f"{where}.request.url", "...", "a URL") from None
    path = _SANDBOX.sub("", parts.path)
    roots = SERVES.get(host) or (
        [root for those in SERVES.values() for root in those]
        if is_own or is_loopback(host.strip("[]"))
        else ()
    )
    return any(path.startswith(f"{root}/") for root in roots)


def _recorded(where: str, entry: _Entry) -> Recorded:
    response, fault = entry.response, entry.fault
    if not 0 <= response.status <= 599:
        raise InvalidInputError(
            f"{where}.response.status", response.status, "a status, or 0 for none"
        )
    status = response.status if response.status >= 200 else 0
    return Recorded(
        where=where,
        request=_request(where, entry.request),
        status=status,
        headers=[(one.name.lower(), one.value) for one in response.headers],
        body=_body(f"{where}.response.content", response.content),
        at=_at(where, entry),
        error=f"{response.error or ''} {fault.fault if fault else ''}".strip().lower(),
        is_routed=entry.endpoint is not None,
    )


def _request(where: str, sent: _Request) -> Request:
    parts = urlsplit(sent.url)
    headers = [
        (one.name.lower(), one.value) for one in sent.headers if not one.name.startswith(_HIDDEN)
    ]
    given = dict(headers)
    headers = [one for one in headers if one[0] not in ("host", "content-length")]
    if sent.postData is not None and "content-type" not in given:
        headers.append(("content-type", sent.postData.mimeType))
    if not sent.method.isascii() or not sent.method:
        raise InvalidInputError(f"{where}.request.method", sent.method, "a verb")
    return Request(
        method=sent.method.upper(),
        raw_path=_SANDBOX.sub("", parts.path),
        query=parts.query.encode("utf-8", "replace"),
        headers=headers,
        body=_sent_body(sent.postData),
    )


def _sent_body(data: _PostData | None) -> bytes:
    if data is None:
        return b""
    if data.text is None:
        pairs = [(one.name, one.value) for one in data.params or ()]
        return urlencode(pairs, errors="replace").encode()
    return data.text.encode("utf-8", "replace")


def _body(where: str, content: _Content | None) -> bytes:
    if content is None or content.text is None:
        return b""
    if content.encoding is None or not content.encoding:
        return content.text.encode("utf-8", "replace")
    if content.encoding != "base64":
        raise InvalidInputError(f"{where}.encoding", content.encoding, "base64, or none")
    try:
        return base64.b64decode(content.text, validate=True)
    except ValueError:
        shown = f"{len(content.text)} characters"
        raise InvalidInputError(f"{where}.text", shown, "base64") from None


def _at(where: str, entry: _Entry) -> float:
    if entry.at is not None:
        return entry.at
    if not entry.startedDateTime:
        return 0.0
    try:
        return datetime.fromisoformat(entry.startedDateTime).timestamp()
    except (ValueError, OverflowError):
        key, value = f"{where}.startedDateTime", entry.startedDateTime[:40]
        raise InvalidInputError(key, value, "a date and a time (ISO 8601)") from None


def parameters_of(request: Request) -> Iterator[tuple[str, object]]:
    """Give what Rails reads of query and body; nothing where it can read nothing."""
    try:
        yield from request.parameters.items()
    except RailsError:
        return
