"""Other fakes of OAuth providers, installed from their registries, in turn with this one."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from urllib.parse import parse_qs, urlencode, urlsplit

from .client import Client, location_of
from .load import post
from .refreshes import TOKENS, refresh_body
from .round_trips import compared, trip_at_fake
from .row import Row, at_least, at_most, told, with_bars
from .served import Served, free_port, serve_command, serve_fake
from .start import STARTS, fake, start

FOLDER = Path(sys.prefix) / "bench-peers"
ROUNDS = 5
SECONDS = 3
_STARTS = 5
_NPM = ("node@24", "emulate@0.12.2", "oauth2-mock-server@8", "oidc-provider@9")
"""With a Node of its own, as not each is new enough."""
_PYPI = ("oidc-provider-mock",)
_BACK = "http://127.0.0.1:1/back"
_USER = "testuser@gmail.com"
_OIDC_PROVIDER = """
import { Provider } from "oidc-provider";
const port = Number(process.argv[2]);
const client = {
  client_id: "bench", client_secret: "bench", token_endpoint_auth_method: "client_secret_post",
  grant_types: ["client_credentials"], redirect_uris: [], response_types: [],
};
const features = { clientCredentials: { enabled: true }, devInteractions: { enabled: false } };
new Provider(`http://127.0.0.1:${port}`, { clients: [client], features }).listen(port, "127.0.0.1");
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Peer:
    """Another fake."""

    name: str
    needs: Path
    """What is there once it is installed."""
    command: Callable[[int], Sequence[str]]
    token: Callable[[Served], tuple[str, str]] | None = None
    """Gives path and form of a token request that can be repeated."""
    is_counted: bool = False
    """Whether it refuses the 5,001st request with the same token, or without one."""
    trip: Callable[[Client], Callable[[], None]] | None = None
    """Gives what makes a round trip."""


def measure() -> Iterator[Row]:
    """Compare starts, tokens and round trips; name what could not be installed."""
    lacks = install()
    for peer in PEERS:
        if peer.needs.exists():
            yield from _compare(peer)
        else:
            reason = lacks or f"there is no {peer.needs.name}"
            yield told(f"`{peer.name}`", f"not measured: {reason}")


def install() -> str:
    """Install what is not there yet; give what went wrong, or nothing."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "oidc-provider.mjs").write_text(_OIDC_PROVIDER, encoding="utf-8")
    python = FOLDER / "python"
    quietly = ["--no-audit", "--no-fund", "--silent", "--prefix", str(FOLDER)]
    commands = [
        [sys.executable, "-m", "venv", str(python)],
        [str(python / "bin" / "python"), "-m", "pip", "install", "--quiet", *_PYPI],
        ["npm", "install", *quietly, *_NPM],
    ]
    if all(peer.needs.exists() for peer in PEERS):
        return ""
    lacks = [_run(command) for command in commands]
    return "; ".join(one for one in lacks if one)


def _run(command: Sequence[str]) -> str:
    if shutil.which(command[0]) is None:
        return f"{command[0]} is not installed"
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = (done.stderr or done.stdout).strip().splitlines()
    return "" if done.returncode == 0 else f"{command[0]}: {lines[-1] if lines else 'failed'}"


def _compare(peer: Peer) -> Iterator[Row]:
    took = [(start(fake)[0], start(peer.command)[0]) for _ in range(_STARTS)]
    ours, theirs = (median(one) * 1000 for one in zip(*took, strict=True))
    absolute = f"{ours:.0f} ms; {theirs:.0f} ms"
    what = f"launch to the first answer, to `{peer.name}`'s"
    row = at_most(what, ours / theirs, 1, "x", absolute)
    yield with_bars(row, STARTS, ("livestorm-mock", ours), (peer.name, theirs))
    with ExitStack() as stack:
        served = stack.enter_context(serve_fake("--auto-approve", "--no-rate-limits"))
        port = free_port()
        other = stack.enter_context(serve_command(peer.command(port), port))
        if peer.token is not None:
            yield _tokens(peer, served, other, peer.token)
        if peer.trip is not None:
            one, another = (stack.enter_context(Client(it.port)) for it in (served, other))
            target = 3.0 if peer.name.startswith("emulate") else 1.0
            trip = trip_at_fake(one, served.described)
            yield compared(f"`{peer.name}`", trip, peer.trip(another), target)


def _tokens(
    peer: Peer, served: Served, other: Served, token: Callable[[Served], tuple[str, str]]
) -> Row:
    path, form = token(other)
    body = refresh_body(served)
    rounds = [
        (
            post(served, body, seconds=SECONDS).per_second,
            post(other, form, seconds=SECONDS, path=path, is_counted=peer.is_counted).per_second,
        )
        for _ in range(ROUNDS)
    ]
    ours, theirs = (median(one) for one in zip(*rounds, strict=True))
    absolute = f"{ours:,.0f}/s; {theirs:,.0f}/s"
    row = at_least(f"tokens a second, to `{peer.name}`'s", ours / theirs, 2, absolute)
    return with_bars(row, TOKENS, ("livestorm-mock", ours), (peer.name, theirs))


def _node(script: Path, *arguments: str) -> Callable[[int], Sequence[str]]:
    node = str(FOLDER / "node_modules" / ".bin" / "node")
    return lambda port: [node, str(script), *arguments, str(port)]


def _trip_at_emulate(client: Client) -> Callable[[], None]:
    agreed = urlencode({"email": _USER, "redirect_uri": _BACK, "scope": "email", "client_id": "x"})
    given = urlencode({"grant_type": "authorization_code", "redirect_uri": _BACK, "client_id": "x"})

    numbers = count()

    def trip() -> None:
        nobody = f"Authorization: Bearer nobody{next(numbers)}"
        head, _ = client.post("/o/oauth2/v2/auth/callback", agreed, nobody)
        _, body = client.post("/oauth2/token", f"{given}&code={_code_in(head)}", nobody)
        bearer = f"Authorization: Bearer {json.loads(body)['access_token']}"
        head, _ = client.get("/oauth2/v2/userinfo", bearer)
        assert b" 200 " in head[:20], head

    return trip


def _refresh_at_emulate(served: Served) -> tuple[str, str]:
    with Client(served.port) as client:
        agreed = {"email": _USER, "redirect_uri": _BACK, "scope": "email", "client_id": "x"}
        head, _ = client.post("/o/oauth2/v2/auth/callback", urlencode(agreed))
        given = {"grant_type": "authorization_code", "code": _code_in(head)}
        _, body = client.post("/oauth2/token", urlencode(given))
    token = json.loads(body)["refresh_token"]
    return "/oauth2/token", urlencode({"grant_type": "refresh_token", "refresh_token": token})


def _code_in(head: bytes) -> str:
    return parse_qs(urlsplit(location_of(head)).query)["code"][0]


_MODULES = FOLDER / "node_modules"
_MOCK = FOLDER / "python" / "bin" / "oidc-provider-mock"
_BY_CLIENT = "grant_type=client_credentials&client_id=bench&client_secret=bench"
PEERS = (
    Peer(
        name="emulate 0.12",
        needs=_MODULES / "emulate",
        command=_node(_MODULES / ".bin" / "emulate", "start", "--service", "google", "--port"),
        token=_refresh_at_emulate,
        is_counted=True,
        trip=_trip_at_emulate,
    ),
    Peer(
        name="oauth2-mock-server 8",
        needs=_MODULES / "oauth2-mock-server",
        command=_node(_MODULES / ".bin" / "oauth2-mock-server", "-a", "127.0.0.1", "-p"),
        token=lambda _: ("/token", _BY_CLIENT),
    ),
    Peer(
        name="oidc-provider 9",
        needs=_MODULES / "oidc-provider",
        command=_node(FOLDER / "oidc-provider.mjs"),
        token=lambda _: ("/token", _BY_CLIENT),
    ),
    Peer(
        name="oidc-provider-mock",
        needs=_MOCK,
        command=lambda port: [str(_MOCK), "--port", str(port)],
    ),
)
