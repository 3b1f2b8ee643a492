"""What `livestorm-mock serve` does."""

import asyncio
import contextlib
import gc
import json
import logging
import signal
from collections.abc import Callable, Mapping

import click

from .app import App
from .control_access import ControlAccess
from .description import describe_as_json
from .limits import Limits
from .listeners import Listeners
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
    """Say what a person needs, and three commands to try next."""
    app_url, api_url = described["app_url"], described["api_url"]
    redirect_uris = described["redirect_uris"]
    redirect_uri = redirect_uris[0] if isinstance(redirect_uris, list) else ""
    ask = f"{app_url}/oauth/authorize?response_type=code&client_id={described['client_id']}"
    lines = [
        f"Livestorm, faked, on {app_url} (Doorkeeper {scenario.provider.release})"
        + (f": {scenario.title}" if scenario.title else ""),
        "",
        *(f"  {name:<17} {_joined(value)}" for name, value in described.items()),
        "",
        "Try next:",
        f"  open '{ask}&redirect_uri={redirect_uri}'",
    ]
    if "private_token" in described:
        lines.append(f"  curl -i {api_url}/me -H 'Authorization: {described['private_token']}'")
    if "control_url" in described:
        told = ["curl", f"{described['control_url']}/clock"]
        if "control_token" in described:
            told.append("-H 'Authorization: Bearer <control_token>'")
        lines.append(f"  {' '.join(told)} --json '{{\"advance\": 7201}}'")
    lines += ["", "Ctrl-C stops it."]
    return "\n".join(lines)


def _joined(value: object) -> str:
    return "\n                    ".join(value) if isinstance(value, list) else str(value)
