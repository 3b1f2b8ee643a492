"""What `livestorm-mock serve` does."""

import asyncio
import contextlib
import gc
import json
import logging
import shlex
import signal
from collections.abc import Callable, Iterator, Mapping

import click

from .app import App
from .control_access import ControlAccess
from .description import describe_as_json
from .limits import Limits
from .listeners import Listeners
from .pages.links import authorize_url, room_url
from .parent import Parent
from .registration import Registration
from .request_log.request_log import RequestLog
from .sandbox import Sandbox, open_sandbox
from .sandboxes import Sandboxes
from .scenario import Scenario
from .server import Server, new_event_loop
from .uvicorn_hooks import check_uvicorn

log = logging.getLogger("livestorm_mock_server")

_GRACE = 3.0
_EXPOSED = {
    False: "other machines can reach the fake; the control API wants its token",
    True: "other machines can reach the fake, and anybody may use its control API",
}


def run(
    listeners: Listeners,
    scenario: Scenario,
    access: ControlAccess | None,
    limits: Limits,
    request_log: RequestLog,
    *,
    seed: str | None,
    registration: Registration,
    as_json: bool,
    parent: Parent | None,
) -> None:
    """Serve until SIGINT or SIGTERM, or the end of the parent; a second one ends the grace."""
    request_log.begin()
    with (
        contextlib.closing(request_log),
        contextlib.closing(listeners),
        contextlib.closing(new_event_loop()) as loop,
    ):
        serving = _serve(
            listeners,
            scenario,
            access,
            limits,
            request_log,
            seed=seed,
            registration=registration,
            as_json=as_json,
            parent=parent,
        )
        loop.run_until_complete(serving)


async def _serve(
    listeners: Listeners,
    scenario: Scenario,
    access: ControlAccess | None,
    limits: Limits,
    request_log: RequestLog,
    *,
    seed: str | None,
    registration: Registration,
    as_json: bool,
    parent: Parent | None,
) -> None:
    await check_uvicorn()
    sandbox = await open_sandbox(
        scenario,
        seed=seed,
        registration=registration,
        addresses=listeners.addresses,
        has_callback=True,
        tell=None if request_log.is_quiet else request_log.tell,
    )
    server = Server(
        App(Sandboxes(sandbox), access), grace=_GRACE, tell=_tell_of_grace, limits=limits
    )
    end = _ending(server)
    _end_by_signal(end)
    if parent is not None:
        parent.call_at_its_end(end)
    await server.begin_on(*listeners.doors())
    gc.freeze()  # What was loaded stays: to look through it takes longer than a request.
    gc.enable()
    sandbox.check_doors()
    await _tell_where(sandbox, access, as_json=as_json)
    await server.run_to_end()


async def _tell_where(sandbox: Sandbox, access: ControlAccess | None, *, as_json: bool) -> None:
    """Print where it is reached and by which credentials."""
    described = await describe_as_json(sandbox)
    if access is None:
        del described["control_url"]
    elif access.token is not None:
        described["control_token"] = access.token
    if access is not None and access.is_exposed:
        log.warning(_EXPOSED[access.token is None])
    click.echo(json.dumps(described) if as_json else _readable(described, sandbox.scenario))


def _ending(server: Server) -> Callable[..., None]:
    """Give what ends the server, from any thread and from handlers of signals."""
    loop = asyncio.get_running_loop()

    def end(*_: object) -> None:
        with contextlib.suppress(RuntimeError):  # The loop is closed where it has ended already.
            loop.call_soon_threadsafe(server.stop)

    return end


def _end_by_signal(end: Callable[..., None]) -> None:
    """Let Ctrl-C and SIGTERM end the server, and Ctrl-Break on Windows.

    No loop of Windows has `add_signal_handler`:
    https://docs.python.org/3/library/asyncio-platforms.html#windows
    """
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if (number := getattr(signal, name, None)) is not None:
            signal.signal(number, end)


def _tell_of_grace(requests: int) -> None:
    """Say what the end waits for."""
    told = "a request" if requests == 1 else f"{requests} requests"
    log.warning("it waits up to %g s for %s in flight; Ctrl-C ends it now", _GRACE, told)


def _readable(described: Mapping[str, object], scenario: Scenario) -> str:
    """Say what a person needs, and what to try next."""
    lines = [
        f"Livestorm, faked, on {described['app_url']} (Doorkeeper {scenario.provider.release})"
        + (f": {scenario.title}" if scenario.title else ""),
        "",
        *(f"  {name:<17} {_joined(value)}" for name, value in described.items()),
        "",
        "Try next:",
        *_to_try(described),
        "",
        "Surprised? 429 after five requests in a second: --no-rate-limits. A redirect URI that is",
        "not registered: --redirect-uri URI. No consent page in a test: --auto-approve.",
        "",
        "Ctrl-C stops it.",
    ]
    return "\n".join(lines)


def _to_try(described: Mapping[str, object]) -> Iterator[str]:
    """Give links for a browser, and commands for a shell."""
    redirect_uris = described["redirect_uris"]
    redirect_uri = redirect_uris[0] if isinstance(redirect_uris, list) else ""
    client_id, token = str(described["client_id"]), described.get("control_token")
    link = authorize_url(str(described["app_url"]), client_id, redirect_uri)
    yield f"  open {shlex.quote(link)}  # sign in, consent, see the code"
    if (control_url := described.get("control_url")) is not None:
        room = room_url(str(control_url), None if token is None else str(token))
        yield f"  open {shlex.quote(room)}  # see what clients do, and make things fail"
    if (private_token := described.get("private_token")) is not None:
        yield f"  curl -i {described['api_url']}/me -H 'Authorization: {private_token}'"
    if control_url is not None:
        wanted = "" if token is None else " -H 'Authorization: Bearer <control_token>'"
        yield f"  curl {control_url}/clock{wanted} --json '{{\"advance\": 7201}}'"


def _joined(value: object) -> str:
    return "\n                    ".join(value) if isinstance(value, list) else str(value)
