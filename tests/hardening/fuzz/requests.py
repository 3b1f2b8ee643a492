"""Requests that are well-formed as HTTP, and odd as everything else."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

from hypothesis import strategies as st

WORDS = (
    "client_id client_secret redirect_uri public_client_id code access_token refresh_token"
    " private_token"
).split()
"""What stands for a credential of the sandbox: `{code}` is replaced when it is sent."""

PATHS = (
    "/oauth/authorize",
    "/oauth/authorize/native",
    "/oauth/token",
    "/oauth/token",
    "/oauth/token",
    "/oauth/token/info",
    "/oauth/revoke",
    "/oauth/introspect",
    "/oauth/authorized_applications",
    "/oauth/authorized_applications/1",
    "/oauth/applications/new",
    "/.well-known/oauth-authorization-server",
    "/v1/me",
    "/v1/ping",
    "/v1/organization",
    "/v1/events",
    "/_mock",
    "/s/none/v1/me",
    "/",
    "*",
    "//oauth///token/",
    "/oauth/token%2Finfo",
    "/oauth/%C3%A9",
    "/oauth/%E9",
    "/v1/../v1/me",
)
SUFFIXES = ("", "", "", "", ".json", ".xml", ".html", ".%00", "/", ";a=b", "%2ejson")
METHODS = (*["GET"] * 6, *["POST"] * 8, "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "BREW", "LINK")
NAMES = (
    *WORDS[:-1],
    *"grant_type response_type response_mode scope state code_challenge code_verifier token"
    " code_challenge_method token_type_hint username password format _method utf8 nonce"
    " authenticity_token controller action".split(),
    "scope[]",
    "scope[a]",
    "scope[a][b]",
    "code[",
    "[",
    "a[b]c",
    "state[][]",
    "state[a]" + "[b]" * 150,
    "",
)
VALUES = (
    *[f"{{{word}}}" for word in WORDS],
    *"authorization_code refresh_token client_credentials password implicit code token id_token"
    " query fragment form_post S256 plain identity:read events:write admin json html xml none"
    " true null -1 0".split(),
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:wg:oauth:2.0:oob",
    "https://app.livestorm.co/callback",
    "http://[::1",
    "http://a b/",
    "//evil.example",
    "javascript:alert(1)",
    "identity:read identity:read  events:read",
    "",
    " ",
    "\0",
    "é",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "\U0001f600",
    "a" * 5000,
    "%",
    "%zz",
    "<script>",
    "\r\nX-Injected: 1",
)
TYPES = (
    *["application/x-www-form-urlencoded"] * 4,
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/json",
    "application/json; charset=latin1",
    "application/vnd.api+json",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "multipart/mixed; boundary=x",
    "multipart/form-data; boundary=x; boundary=y",
    "text/plain",
    "text/xml",
    "*/*",
    "a",
    "/",
    ",",
)
FIELDS = (
    *[("Authorization", f"Bearer {{{word}}}") for word in ("access_token", "refresh_token")],
    ("Authorization", "{private_token}"),
    ("Authorization", "Basic {basic}"),
    ("Authorization", "Basic e30="),
    ("Authorization", "Basic =?"),
    ("Authorization", "Basic w6k6w6k="),
    ("Authorization", "Bearer"),
    ("Authorization", "Bearer  é"),
    ("Authorization", "bearer {access_token}, Basic a"),
    ("Accept", "*/*"),
    ("Accept", "application/json"),
    ("Accept", "text/html, application/xhtml+xml;q=0.9"),
    ("Accept", "a/b;q=2;;,"),
    ("Accept", ","),
    ("Accept", ""),
    ("X-Requested-With", "XMLHttpRequest"),
    ("X-HTTP-Method-Override", "DELETE"),
    ("Cookie", "_session_id=BAh7; a=b;;"),
    ("Cookie", "_session_id={basic}--00"),
    ("Origin", "null"),
    ("Origin", "https://evil.example"),
    ("Access-Control-Request-Method", "POST"),
    ("X-Forwarded-Proto", "https, http"),
    ("X-Forwarded-Host", "evil.example:99999"),
    ("X-Forwarded-Port", "a"),
    ("If-None-Match", "*"),
    ("X-Request-Id", "é" * 300),
    ("Expect", "100-continue"),
    ("Range", "bytes=0-"),
    ("Upgrade", "h2c"),
    ("Connection", "Upgrade"),
)
FAULTS = (
    "rate_limited; retry_after=0",
    "api_error; status=500",
    "oauth_error; error=invalid_grant; phase=after",
    "html_page",
    "truncated_json",
    "garbage",
    "gzip_lie",
    "reset",
    "close",
    "short_body",
    "cut_chunked",
    "token_body; body=[]",
    "token_fields; expires_in=-1",
    "callback; state=wrong",
    "redirect; to=other",
    "no_such_kind",
    "delay; seconds=a",
    ";;=",
)
HOSTS = ("127.0.0.1", "LOCALHOST:1", "[::1]:8787", "evil.example", "", "a b", "é")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A request before its credentials are filled in; `sandbox` counts those of the target."""

    sandbox: int
    method: str
    path: str
    query: str
    fields: Sequence[tuple[str, str]]
    body: str | None

    def framed(self, prefix: str, words: dict[str, str]) -> bytes:
        """Give its bytes, sent to the sandbox at the prefix."""
        target = self.path if self.path in ("*", "/s/none/v1/me") else prefix + self.path
        target += f"?{self.query}" if self.query else ""
        body = None if self.body is None else _filled(self.body, words)
        lines = [f"{self.method} {_filled(target, words)} HTTP/1.1"]
        lines += [f"{name}: {_filled(value, words)}" for name, value in self.fields]
        if body is not None:
            lines.append(f"Content-Length: {len(body.encode('utf-8', 'replace'))}")
        return "\r\n".join([*lines, "", body or ""]).encode("utf-8", "replace")


def _filled(text: str, words: dict[str, str]) -> str:
    for name, value in words.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _quoted(pairs: Sequence[tuple[str, str]], raw: bool) -> str:
    safe = "{}[]:/ %&=é" if raw else "{}"
    text = "&".join(
        f"{quote(name, safe=safe)}={quote(value, safe=safe, errors='replace')}"
        for name, value in pairs
    )
    return text.replace(" ", "+")


def _as_json(pairs: Sequence[tuple[str, str]], raw: bool) -> str:
    members = ",".join(f'"{name}":{value if raw else repr(value)}' for name, value in pairs)
    return f"{{{members}}}".replace("'", '"')


def _as_multipart(pairs: Sequence[tuple[str, str]], raw: bool) -> str:
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"'
        f"{'; filename=a' if raw else ''}\r\n\r\n{value}\r\n"
        for name, value in pairs
    )
    return f"{parts}--x{'' if raw else '--'}\r\n"


_WRITERS = (_quoted, _quoted, _quoted, _as_json, _as_multipart)

_PAIRS = [(name, value) for name in NAMES for value in VALUES]
_SANE_PAIRS = [
    ("grant_type", "authorization_code"),
    ("grant_type", "refresh_token"),
    ("response_type", "code"),
    *[(word, f"{{{word}}}") for word in WORDS],
    ("token", "{access_token}"),
]
_FAULTY = 1 / 18
"""Of so many requests one asks for a fault."""


def requests(sandboxes: int) -> st.SearchStrategy[Drawn]:
    """Draw a request to one of so many sandboxes.

    It is drawn by one number: drawing each of its parts takes far longer than answering it.
    """
    return st.integers(0, 2**64 - 1).map(lambda number: _drawn(Random(number), sandboxes))


def _drawn(random: Random, sandboxes: int) -> Drawn:
    if random.random() < 0.5:
        pairs = random.choices(_PAIRS, k=random.randint(0, 7))
    else:
        pairs = random.choices(_SANE_PAIRS, k=random.randint(4, 8))
    in_query, raw, has_body = random.choices((True, False), k=3)
    fields = [("Host", random.choice(HOSTS) if raw else HOSTS[0])]
    fields += random.choices(FIELDS, k=random.randint(0, 3))
    if random.random() < _FAULTY:
        fields.append(("X-Livestorm-Mock-Fault", random.choice(FAULTS)))
    if has_body:
        fields.append(("Content-Type", random.choice(TYPES)))
    return Drawn(
        sandbox=random.randrange(sandboxes),
        method=random.choice(METHODS),
        path=random.choice(PATHS) + random.choice(SUFFIXES),
        query=_quoted(pairs, raw) if in_query else "",
        fields=fields,
        body=random.choice(_WRITERS)([] if in_query else pairs, raw) if has_body else None,
    )
