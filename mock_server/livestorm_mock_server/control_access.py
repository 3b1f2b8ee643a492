"""Who may use the control API: whoever can reach it, but not by way of a web page.

A page can have a browser send requests anywhere, and with a name that it makes lead here (DNS
rebinding) read the answers. What a browser tells of such a request gives it away, and what no
browser tells can't come from one. https://fetch.spec.whatwg.org/#sec-fetch-site-header
"""

import hmac
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Self

import msgspec

from .origins import address_of, is_loopback, is_unspecified, origin_of, split
from .patterns import compile_late
from .reading import InvalidInputError

OWN_SITES: Final = ("same-origin", "none")
"""`Sec-Fetch-Site` of the fake's own pages, and of an address that a person entered."""

ROOM: Final = frozenset({"/_mock/", "/_mock"})
"""The page of the control room, which takes the token from the fragment of its URL."""

OPEN: Final = ROOM | {"/_mock/health"}
"""Need no token, and tell nothing of the clients: that page, and what container platforms ask."""

_HOST = compile_late(r"(?P<name>\[[0-9a-f:.]+\]|[^:@/?#\s\[\]]+)(?::[0-9]{0,5})?")
_JSON = compile_late(r"application/(?:[\w.\-]+\+)?json", re.IGNORECASE)
_TOKEN = compile_late(r"[\x21-\x7e]+")
_HOST_NAME = compile_late(r"(?!-)[a-z0-9_\-]{1,63}(?:\.[a-z0-9_\-]{1,63})*", re.IGNORECASE)


class AccessRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why a control request is not carried out, as an HTTP status and in words."""

    status: int
    told: str


class ControlAccess(msgspec.Struct, frozen=True, kw_only=True):
    """Under which names the control API answers, and whether it wants a token."""

    hosts: frozenset[str] = frozenset()
    """Names and addresses beside those of the loopback, in lower case."""
    any_address: bool = False
    """Whether it listens on all addresses of the machine, and may be called by each."""
    is_exposed: bool = False
    """Whether other machines may reach it."""
    token: str | None = None
    """What `Authorization: Bearer` must bring, None where nothing."""

    @classmethod
    def for_server(
        cls,
        host: str,
        *,
        allowed_hosts: Iterable[str] = (),
        token: str | None = None,
        insecure: bool = False,
    ) -> Self:
        """Choose for a server that listens on `host`; elsewhere than on the loopback with a token.

        The token is drawn where none is given; `insecure` does without. Raises InvalidInputError
        for a name that no Host header can have, and for a token that no header can bring or that is
        given beside `insecure`.
        """
        if token is not None:
            _check_token(token, insecure)
        is_exposed = not is_loopback(host)
        if is_exposed and not insecure:
            token = token or secrets.token_urlsafe(32)
        return cls(
            is_exposed=is_exposed,
            hosts=frozenset({host.lower(), *map(_allowed, allowed_hosts)}),
            any_address=is_unspecified(host),
            token=token,
        )

    def refusal(
        self, method: str, path: str, headers: Sequence[tuple[bytes, bytes]]
    ) -> AccessRefusal | None:
        """Say why a request is not carried out, None where it is; names are in lower case."""
        given = _read_headers(headers)
        return (
            self._refuse_host(given)
            or (None if _opens_room(method, path, given) else _refuse_page(given))
            or (None if path in OPEN else self._refuse_token(given))
            or _refuse_content(method, given)
        )

    def trusts(self, headers: Sequence[tuple[bytes, bytes]]) -> bool:
        """Tell whether the one who asks may know all that the control API tells."""
        given = _read_headers(headers)
        refusal = self._refuse_host(given) or _refuse_page(given) or self._refuse_token(given)
        return refusal is None

    def _refuse_host(self, given: Mapping[str, list[str]]) -> AccessRefusal | None:
        """Refuse a foreign name, and one under which a proxy was asked that puts in another."""
        hosts, forwarded = given.get("host", []), given.get("x-forwarded-host", [])
        if len(hosts) != 1:
            return AccessRefusal(status=403, told=f"{len(hosts)} Host headers; expected one")
        asked = [one.strip() for line in forwarded for one in line.split(",")]
        foreign = next((one for one in (*hosts, *asked) if not self._is_own(one)), None)
        if foreign is None:
            return None
        told = f"the request came to {foreign[:80]!r}; expected a loopback name or address"
        return AccessRefusal(status=403, told=f"{told}, or one that --allowed-host names")

    def _is_own(self, host: str) -> bool:
        match = _HOST.fullmatch(host.lower())
        if match is None:
            return False
        name = match["name"].strip("[]")
        is_address = address_of(name) is not None
        return name in self.hosts or is_loopback(name) or (self.any_address and is_address)

    def _refuse_token(self, given: Mapping[str, list[str]]) -> AccessRefusal | None:
        if self.token is None:
            return None
        sent = given.get("authorization", [])
        scheme, _, token = sent[0].partition(" ") if len(sent) == 1 else ("", "", "")
        is_right = hmac.compare_digest(token.strip().encode(), self.token.encode())
        if scheme.lower() == "bearer" and is_right:
            return None
        told = "the control API wants `Authorization: Bearer` with the token that serve printed"
        return AccessRefusal(status=401, told=told)


def _read_headers(headers: Sequence[tuple[bytes, bytes]]) -> Mapping[str, list[str]]:
    given: dict[str, list[str]] = {}
    for name, value in headers:
        given.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1").strip())
    return given


def _check_token(token: str, insecure: bool) -> None:
    if not _TOKEN.fullmatch(token):
        raise InvalidInputError("--control-token", "[hidden]", "ASCII without spaces")
    if insecure:
        raise InvalidInputError("--insecure", insecure, "nothing beside --control-token")


def _allowed(host: str) -> str:
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if address_of(bare) is None and _HOST_NAME.fullmatch(bare) is None:
        raise InvalidInputError("--allowed-host", host, "a name or an address, without a port")
    return bare.lower()


def _opens_room(method: str, path: str, given: Mapping[str, list[str]]) -> bool:
    """Tell whether a person follows a link to the room, which no page can read or frame."""
    asked = (given.get("sec-fetch-mode"), given.get("sec-fetch-dest"))
    is_followed = asked == (["navigate"], ["document"])
    return method == "GET" and path in ROOM and is_followed


def _refuse_page(given: Mapping[str, list[str]]) -> AccessRefusal | None:
    for site in given.get("sec-fetch-site", []):
        if site not in OWN_SITES:
            told = f"a web page of another origin ({site[:40]}) asks"
            return AccessRefusal(status=403, told=told)
    for origin in given.get("origin", []):
        called = origin_of(f"{split(origin).scheme}://{given['host'][0]}")
        if called is None or origin_of(origin) != called:
            return AccessRefusal(status=403, told=f"a web page of {origin[:80]!r} asks")
    return None


def _refuse_content(method: str, given: Mapping[str, list[str]]) -> AccessRefusal | None:
    has_body = given.get("content-length", ["0"]) != ["0"] or "transfer-encoding" in given
    if method in ("GET", "HEAD") or not has_body:
        return None
    types = given.get("content-type", [])
    if len(types) == 1 and _JSON.fullmatch(types[0].partition(";")[0].strip()):
        return None
    told = f"the Content-Type is {types[0][:80] if types else 'nothing'!r}"
    return AccessRefusal(status=415, told=f"{told}; expected application/json")
