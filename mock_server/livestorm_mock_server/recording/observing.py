"""What a recording shows of the provider: lifetimes, rotation, scopes, its clients."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, get_args
from urllib.parse import parse_qs, urlsplit

from ..options import LIVESTORM_SCOPES, ProviderOptions
from ..origins import is_loopback
from ..rails.text import to_s
from .archive import parameters_of
from .bodies import Cleaner
from .replacing import JWT, Replacements
from .rotation import observe_rotation, token_answer
from .routes import Exchange
from .secret_places import basic_credentials
from .words import is_plain

Options = dict[str, object]

_TOKEN = "token"
_NO_SECRET = "recorded-client-secret"
"""That of a client which sent none."""
_LIMITS: Final = {
    "ratelimit-interval-limit": "interval_limit",
    "ratelimit-monthly-limit": "monthly_limit",
}


def observe(exchanges: Sequence[Exchange], cleaner: Cleaner) -> Options:
    """Give the provider options that a recording shows."""
    issued = list(_issued(exchanges))
    options: Options = {"rate_limits": False}
    options |= _limits(exchanges)
    options |= _lifetime(issued)
    options |= _scopes(issued, cleaner.replacements)
    options |= observe_rotation(exchanges)
    options |= _content_type(exchanges)
    if any(JWT.fullmatch(to_s(one.get("access_token"))) for one in issued):
        options["token_format"] = "jwt"
    if _is_approved_at_once(exchanges):
        options["consent"] = "approve"
    flows = {one.label.rpartition(".")[2] for one in exchanges if one.label and one.is_good}
    further = [one for one in ("client_credentials", "password") if one in flows]
    if further:
        options["grant_flows"] = ["authorization_code", *further]
    return {name: value for name, value in options.items() if value != _DEFAULTS.get(name)}


_DEFAULTS: Mapping[str, object] = {
    name: getattr(ProviderOptions(), name) for name in ProviderOptions.__struct_fields__
}


def _issued(exchanges: Sequence[Exchange]) -> Iterator[Mapping[str, object]]:
    for one in exchanges:
        answer = token_answer(one)
        if answer is not None:
            yield answer


def _limits(exchanges: Sequence[Exchange]) -> Options:
    found: Options = {}
    for one in exchanges:
        for header, name in _LIMITS.items():
            value = one.recorded.header(header) or ""
            if value.isascii() and value.isdigit() and int(value[:15]) > 0:
                found.setdefault(name, int(value[:15]))
    return found


def _lifetime(issued: Sequence[Mapping[str, object]]) -> Options:
    told = [one.get("expires_in") for one in issued]
    seconds = [one for one in told if isinstance(one, int) and not isinstance(one, bool)]
    usual = [one for one in seconds if 0 <= one <= 10**10]
    if usual:
        return {"access_token_expires_in": max(usual, key=usual.count)}
    return {"access_token_expires_in": "never"} if told and set(told) == {None} else {}


def _scopes(issued: Sequence[Mapping[str, object]], known: Replacements) -> Options:
    words = {word for one in issued for word in to_s(one.get("scope")).split()}
    safe = {word for word in words if is_plain(word) and not known.hides(word)}
    own = ProviderOptions()
    further = sorted(safe - {*own.default_scopes, *LIVESTORM_SCOPES})
    return {"optional_scopes": [*LIVESTORM_SCOPES, *further]} if further else {}


def _content_type(exchanges: Sequence[Exchange]) -> Options:
    known = get_args(ProviderOptions.__annotations__["api_content_type"])
    for one in exchanges:
        given = one.recorded.header("content-type")
        if one.is_of_api and one.is_good and given in known:
            return {"api_content_type": given}
    return {}


def _is_approved_at_once(exchanges: Sequence[Exchange]) -> bool:
    asked = [one for one in exchanges if one.label == "authorize" and one.method == "GET"]
    first = next((one for one in asked if one.status in (200, 302)), None)
    if first is None or first.status != 302:
        return False
    try:
        query = urlsplit(first.recorded.header("location") or "").query
    except ValueError:
        return False
    return "code" in parse_qs(query)


class _Client:
    def __init__(self) -> None:
        self.secret: str | None = None
        self.uris: dict[str, None] = {}
        self.is_public = False


def applications(exchanges: Sequence[Exchange], cleaner: Cleaner) -> list[Options]:
    """Give the `[[applications]]` of the clients that were let in."""
    clients: dict[str, _Client] = {}
    for one in exchanges:
        if one.is_of_api or one.status not in (*one.usual, 0):
            continue
        sent = {name: to_s(value) for name, value in parameters_of(one.recorded.request)}
        user, password = basic_credentials(one.recorded.request.header("authorization") or "")
        client_id = sent.get("client_id") or user
        if not client_id:
            continue
        client = clients.setdefault(client_id, _Client())
        client.secret = client.secret or sent.get("client_secret") or password
        client.is_public = client.is_public or (
            (one.label or "").startswith(_TOKEN) and client.secret is None
        )
        if sent.get("redirect_uri"):
            client.uris[sent["redirect_uri"]] = None
    return [
        _application(number, client_id, client, cleaner)
        for number, (client_id, client) in enumerate(clients.items(), start=1)
    ]


def _application(number: int, client_id: str, client: _Client, cleaner: Cleaner) -> Options:
    of = cleaner.replacements.of
    is_public = client.is_public and client.secret is None
    uris = dict.fromkeys(_redirect_uri(uri, cleaner) for uri in client.uris)
    return {
        "name": f"Recorded Integration {number}",
        "client_id": of(client_id, "client id"),
        "client_secret": of(client.secret, "client secret") if client.secret else _NO_SECRET,
        "redirect_uris": list(uris) or [f"https://client-{number}.example.test/callback"],
        **({"confidential": False} if is_public else {}),
    }


def _redirect_uri(uri: str, cleaner: Cleaner) -> str:
    """Give the URI of a client: one of this machine keeps its origin."""
    try:
        parts = urlsplit(uri)
        is_own = parts.hostname is not None and is_loopback(parts.hostname)
        origin = f"http://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        is_own, origin = False, ""
    if is_own and parts.scheme == "http" and ":" not in (parts.hostname or ""):
        return f"{origin}{cleaner.path(parts.path)}"
    return cleaner.replacements.of(uri, "redirect URI")
