"""Where secrets, names and ids stand in a recording; what is met there is one everywhere."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from ..rails.text import to_s
from .archive import Recorded, parameters_of
from .parsed import read_json
from .replacing import Replacements, Sort, digits_of, shape_of
from .vocabulary import is_field, names_in

SORTS: Final[Mapping[str, Sort]] = {
    **dict.fromkeys(
        ("access_token", "refresh_token", "id_token", "token", "assertion", "client_assertion"),
        "access or refresh token",
    ),
    **dict.fromkeys(("client_secret", "secret"), "client secret"),
    **dict.fromkeys(("client_id", "uid"), "client id"),
    **dict.fromkeys(
        ("code_verifier", "code_challenge", "state", "nonce", "authenticity_token"), "code"
    ),
    "password": "password",
    **dict.fromkeys(("email", "username", "login"), "e-mail address"),
    **dict.fromkeys(
        (
            *("name", "first_name", "last_name", "full_name", "display_name", "company"),
            *("slug", "phone", "phone_number", "mobile", "address", "city", "twitter_handle"),
        ),
        "name",
    ),
    **dict.fromkeys(
        (
            *("avatar_link", "avatar", "picture", "image", "url", "link", "website_link", "href"),
            *("linkedin_link", "facebook_link", "registration_link", "room_link"),
        ),
        "link",
    ),
    **dict.fromkeys(("id", "uuid", "ids", "uuids", "sub", "org"), "id"),
}
"""What the values of members and parameters are, by their names."""

_CLIENT_ID: Final[Sort] = "client id"
_CLIENT_SECRET: Final[Sort] = "client secret"
_OF_HEADERS = re.compile(r"token|secret|key|auth|session|csrf|cookie|forwarded|real-ip|client-ip")
_OAUTH = "/oauth/"
_OF_IDS = ("_id", "_uuid", "_ids", "_uuids")
_SNAKE = re.compile(r"(?<=[a-z])(?=[A-Z])")


def sort_of(name: str) -> Sort | None:
    """Tell what the values of a member are."""
    snake = snake_case(name)
    return SORTS.get(snake) or ("id" if snake.endswith(_OF_IDS) else None)


def snake_case(name: str) -> str:
    """Give a member's name in the form in which Rails has names."""
    return _SNAKE.sub("_", name).lower()


def learn_all(exchanges: Iterable[Recorded], known: Replacements) -> None:
    """Take note of all that stands where only secrets, names and ids are."""
    exchanges = list(exchanges)
    known.names.update(name for one in exchanges for name in names_in(one))
    # What the strongest places say goes before what others do.
    for one in exchanges:
        for value, sort in (*_in_headers(one), *_in_parameters(one), *_in_location(one)):
            known.learn(value, sort)
    for one in exchanges:
        for body in (one.request.body, one.body):
            for value, sort in _in_json(read_json(body)):
                known.learn(value, sort)


def _in_headers(one: Recorded) -> Iterator[tuple[str, Sort]]:
    for name, value in (*one.request.headers, *one.headers):
        if name == "authorization":
            yield from _in_authorization(value)
        elif name in ("cookie", "set-cookie"):
            for pair in value.split(";"):
                yield pair.partition("=")[2].strip(), "cookie or header"
        elif name != "www-authenticate" and _OF_HEADERS.search(name):
            yield value, "cookie or header"


def _in_authorization(value: str) -> Iterator[tuple[str, Sort]]:
    _, space, rest = value.strip().partition(" ")
    rest = rest.strip()
    if not space:
        yield value.strip(), "access or refresh token"
        return
    yield rest, "access or refresh token"
    user, password = basic_credentials(value)
    for text, sort in ((user, _CLIENT_ID), (password, _CLIENT_SECRET)):
        if text is not None:
            yield text, sort
            yield unquote_plus(text), sort


def basic_credentials(value: str) -> tuple[str | None, str | None]:
    """Give the id and the secret of HTTP Basic; None for what is none."""
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() != "basic":
        return None, None
    try:
        user, colon, password = base64.b64decode(rest.strip()).decode().partition(":")
    except ValueError:
        return None, None
    return (user, password) if colon else (None, None)


def _in_parameters(one: Recorded) -> Iterator[tuple[str, Sort]]:
    for name, value in parameters_of(one.request):
        yield from _in_json({name: value})
        if name == "code":
            yield to_s(value), "code"
        elif name == "redirect_uri":
            yield to_s(value), "redirect URI"


def _in_location(one: Recorded) -> Iterator[tuple[str, Sort]]:
    try:
        parts = urlsplit(one.header("location") or "")
    except ValueError:
        return
    for name, value in parse_qsl(f"{parts.query}&{parts.fragment}"):
        if name == "code":
            yield value, "code"
        else:
            yield from _in_json({name: value})
    if parts.path.startswith(f"{_OAUTH}authorize/"):
        yield parts.path.rpartition("/")[2], "code"


def _in_json(value: object, sort: Sort | None = None) -> Iterator[tuple[str, Sort]]:
    """Give the texts in a value that stand under telling names."""
    if isinstance(value, dict):
        for name, one in (_in_field(value) if is_field(value) else value).items():
            yield from _in_json(one, sort_of(str(name)))
    elif isinstance(value, list):
        for one in value:
            yield from _in_json(one, sort)
    elif isinstance(value, str) and sort is not None:
        yield value, sort
    elif sort is not None and (digits := digits_of(value)):
        yield digits, sort


def _in_field(field: Mapping[str, object]) -> Mapping[str, object]:
    """Give a field with its value under its own name; its id is one, unless it looks otherwise."""
    name = str(field["id"])
    others = {key: one for key, one in field.items() if key not in ("id", "value")}
    telling = name if sort_of(name) else "name"
    return {**others, telling: field["value"], **({"id": name} if shape_of(name) else {})}
