"""Placeholders: what changes from run to run, numbered in order of first appearance in a case.

In a request `<NAME>` stands for a value seen before (nothing where there was none),
`<NAME|upper>` for it in upper case, `<CSRF|page>` and `<CSRF|2>` for the authenticity token of
the last page or of its second form, `<FIELD|name>` for `&name=value` where the last page's form
has such a field, `<REPEAT|x|3000>` for so many characters, and `b64(...)` for its argument in
Base64.
"""

import base64
import re
from collections.abc import Callable
from urllib.parse import quote

from .pages import read_csrf_tokens, read_page
from .recordings import Request
from .wire import RawAnswer

SEEDS = {
    "CLIENT_ID": "conf-client-id",
    "CLIENT_SECRET": "conf-client-secret",
    "REDIRECT_URI": "https://client.example.test/callback",
    "REDIRECT_QUERY": "https://client.example.test/query?fixed=1",
    "REDIRECT_LOOPBACK": "http://127.0.0.1:7777/loop",
    "REDIRECT_LOCALHOST": "http://localhost:3999/cb",
    "REDIRECT_CUSTOM": "com.example.app:/oauth2redirect",
    "REDIRECT_OOB": "urn:ietf:wg:oauth:2.0:oob",
    "PUBLIC_CLIENT_ID": "public-client-id",
    "PUBLIC_CLIENT_SECRET": "public-client-secret",
    "PUBLIC_REDIRECT_URI": "https://public.example.test/cb",
    "OTHER_CLIENT_ID": "other-client-id",
    "OTHER_CLIENT_SECRET": "other-client-secret",
    "OTHER_REDIRECT_URI": "https://other.example.test/cb",
}
"""The applications that every recorded provider has."""

TOLERANCE = 20
"""Seconds by which a time may differ from now and still be `<NOW>`."""

_PLACEHOLDER = re.compile(r"<([A-Z][A-Z0-9_]*)((?:\|[^|>]*)*)>")
_BASE64 = re.compile(r"b64\(([^)]*)\)")
_CODE = re.compile(r"[?&#;]code=([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])")
_ACCESS_TOKEN = re.compile(
    r"(?:[?&#;]access_token=|\"access_token\":\")([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])"
)
_REFRESH_TOKEN = re.compile(r"\"refresh_token\":\"([A-Za-z0-9_-]{43})\"")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_ETAG = re.compile(r"\"[0-9a-f]{32}\"")
_COOKIE = re.compile(r"([^=;]+)=([^;]*)")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d\.\d{3}Z| \d\d:\d\d:\d\d(?: UTC)?)")
_TIME = re.compile(r"(?<=\"iat\":)\d{10}|(?<=\"created_at\":)\d{10}")
_ISSUED = re.compile(r"\"iat\":(\d{10})")
_EXPIRES = re.compile(r"(?<=\"exp\":)\d{10}")


class Placeholders:
    """The values behind the placeholders of one case, in both directions."""

    def __init__(self, base: str) -> None:
        """Start a case against the server at `base`."""
        self._values: dict[str, str] = {**SEEDS, "BASE": base}
        self._volatile: dict[str, str] = {}
        self._csrf: dict[str, str] = {}
        self._fields: dict[str, str] = {}

    def fill(self, text: str, encode: Callable[[str], str] = str) -> str:
        """Put values in the place of placeholders, each through `encode`."""
        return _PLACEHOLDER.sub(lambda found: self._value_of(found, encode), text)

    def fill_target(self, request: Request) -> str:
        """Return the request's target with its values percent-encoded."""
        return self.fill(request.target, _encode)

    def fill_header(self, value: str) -> str:
        """Return a header's value, with `b64(...)` evaluated."""
        return _BASE64.sub(lambda found: _base64(found[1]), self.fill(value))

    def fill_body(self, request: Request) -> bytes | None:
        """Return the bytes of the body; values are percent-encoded where it looks like a form."""
        if request.body is None:
            return None
        is_form = re.match(r"[\w\[\]%.+&;-]*=", request.body) is not None
        return self.fill(request.body, _encode if is_form else str).encode("latin-1")

    def expand(self, text: str) -> str:
        """Put in the values that are the same in every run, and keep the other placeholders."""
        return _PLACEHOLDER.sub(self._expansion_of, text)

    def contract(self, text: str) -> str:
        """Put placeholders in the place of the seeded applications' values."""
        for name in sorted(SEEDS, key=lambda name: -len(SEEDS[name])):
            text = text.replace(SEEDS[name], f"<{name}>")
        return text.replace(self._values["BASE"], "<BASE>")

    def learn(self, answer: RawAnswer) -> None:
        """Remember the codes, tokens, cookies, authenticity tokens and ETag of an answer."""
        body = answer.body.decode("utf-8", "replace")
        text = "\n".join([*answer.values_of("Location"), body])
        for code in _CODE.findall(text):
            self._number("CODE", code)
        for token in _ACCESS_TOKEN.findall(text):
            self._number("ACCESS_TOKEN", token)
        for token in _REFRESH_TOKEN.findall(text):
            self._number("REFRESH_TOKEN", token)
        if "<html" in body:
            self._learn_page(body)
        for cookie in answer.values_of("Set-Cookie"):
            self._values["COOKIE"] = cookie.partition("=")[2].partition(";")[0]
        for etag in answer.values_of("ETag"):
            self._values["ETAG"] = etag.removeprefix("W/")

    def transcribe(self, text: str, now: float) -> str:
        """Put placeholders in the place of what changes from run to run."""
        for value, name in self._volatile.items():
            text = text.replace(value, f"<{name}>")
        text = _DATE_TIME.sub("<DATE_TIME>", text)
        return _transcribe_times(text, now)

    def transcribe_header(self, name: str, value: str, now: float) -> str:
        """Put placeholders into a header's value."""
        if name.lower() == "etag":
            return _ETAG.sub("<ETAG>", value)
        if name.lower() == "set-cookie":
            return _COOKIE.sub(r"\1=<COOKIE>", value, count=1)
        return self.transcribe(value, now)

    def _learn_page(self, html: str) -> None:
        self._csrf.update(read_csrf_tokens(html))
        self._fields.clear()
        for form in read_page(html).forms:
            for _, name, value in form.fields:
                self._fields[name] = value
                if name in {"code", "access_token"} and _TOKEN.fullmatch(value):
                    self._number(name.upper(), value)

    def _number(self, kind: str, value: str) -> None:
        if value in self._volatile:
            return
        number = 1 + sum(name.startswith(f"{kind}_") for name in self._volatile.values())
        self._volatile[value] = f"{kind}_{number}"
        self._values[f"{kind}_{number}"] = value

    def _value_of(self, found: re.Match[str], encode: Callable[[str], str]) -> str:
        name, arguments = found[1], found[2].split("|")[1:]
        if name == "REPEAT":
            return arguments[0] * int(arguments[1])
        if name == "CSRF":
            return encode(self._csrf.get(arguments[0], ""))
        if name == "FIELD":
            return self._field_of(arguments[0])
        value = self._values.get(name, "")
        return encode(_MODIFIERS[arguments[0]](value) if arguments else value)

    def _field_of(self, name: str) -> str:
        return f"&{name}={_encode(self._fields[name])}" if name in self._fields else ""

    def _expansion_of(self, found: re.Match[str]) -> str:
        if found[1] in SEEDS or found[1] in {"BASE", "REPEAT"}:
            return self._value_of(found, str)
        return found[0]


def _transcribe_times(text: str, now: float) -> str:
    """Replace `created_at` and `iat` by `<NOW>`, `exp` by `<NOW+...>` counted from `iat`."""
    issued = _ISSUED.search(text)
    if issued:
        text = _EXPIRES.sub(lambda found: f"<NOW+{int(found[0]) - int(issued[1])}>", text)
    return _TIME.sub(
        lambda found: "<NOW>" if abs(int(found[0]) - now) <= TOLERANCE else found[0], text
    )


def _encode(value: str) -> str:
    return quote(value, safe="")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("latin-1")).decode()


_MODIFIERS: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "swapcase": str.swapcase,
    "short": lambda value: value[:-1],
    "raw": str,
}
