"""What `livestorm-mock serve` does."""

import asyncio
import contextlib
import gc
import json
import logging
import signal
from collections.abc import Callable, Mapping, Sequence

import click
import msgspec

from .app import App
from .control_access import ControlAccess
from .description import describe_as_json
from .limits import Limits
from .listeners import Listeners
from .parent import Parent
from .registration import Registration
from .sandbox import Sandbox, open_sandbox
from .sandboxes import Sandboxes
from .scenario import Scenario
from .server import Server, new_event_loop
from .uvicorn_hooks import check_uvicorn

GRACE = 3.0
ENDING = ("SIGINT", "SIGTERM", "SIGBREAK")
_EXPOSED = {
    False: "other machines can reach the fake; the control API wants its token",
    True: "other machines can reach the fake, and anybody may use its control API",
}


class Serving(msgspec.Struct, frozen=True, kw_only=True):
    """What is served, and where."""

    listeners: Listeners
    scenario: Scenario
    access: ControlAccess | None
    limits: Limits
    seed: str | None
    registration: Registration
    store: str | None
    """The URL of a store that others may share; None for one of this process alone."""
    as_json: bool


Tell = Callable[["Told"], None]


class Told(msgspec.Struct, frozen=True):
    """What is printed once it serves."""

    output: str
    warning: str | None

    def print(self) -> None:
        """Print it."""
        if self.warning is not None:
            click.echo(f"livestorm-mock: warning: {self.warning}", err=True)
        click.echo(self.output)


def run(serving: Serving, parent: Parent | None) -> None:
    """Serve until SIGINT or SIGTERM, or the end of the parent; a second one ends the grace.

    Raises UnfitStoreError.
    """
    configure_log()
    with contextlib.closing(serving.listeners), contextlib.closing(new_event_loop()) as loop:
        loop.run_until_complete(serve(serving, parent, Told.print))


def configure_log() -> None:
    """Have warnings on standard error, a line each."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")


async def serve(
    serving: Serving, parent: Parent | None, tell: Tell, *, signals: Sequence[str] = ENDING
) -> None:
    """Serve in this process; `tell` is called once it accepts, `signals` end it."""
    await check_uvicorn()
    app = await open_app(serving)
    server = Server(
        app,
        grace=GRACE,
        tell=_tell_of_grace,
        limits=serving.limits,
        is_alone=serving.store is None,
    )
    end = _ending(server)
    _end_by_signal(end, signals)
    if parent is not None:
        parent.call_at_its_end(end)
    await server.begin_on(*serving.listeners.doors())
    gc.freeze()  # What was loaded stays: to look through it takes longer than a request.
    sandbox = app.sandboxes.default
    sandbox.check_doors()
    tell(await _where(sandbox, serving))
    await server.run_to_end()
    await app.sandboxes.end()


async def open_app(serving: Serving) -> App:
    """Open the default sandbox. Raises UnfitStoreError."""
    addresses = serving.listeners.addresses
    if serving.store is None:
        sandbox = await open_sandbox(
            serving.scenario,
            seed=serving.seed,
            registration=serving.registration,
            addresses=addresses,
        )
        return App(Sandboxes(sandbox), serving.access)
    from .shared.connecting import Connected
    from .shared.sandboxes import SharedSandboxes
    from .workers.app import SharedApp

    sandboxes = SharedSandboxes(Connected(serving.store), addresses)
    await sandboxes.begin(serving.scenario, serving.registration)
    return SharedApp(sandboxes, serving.access)


async def _where(sandbox: Sandbox, serving: Serving) -> Told:
    """Say where it is reached and by which credentials."""
    described, access = await describe_as_json(sandbox), serving.access
    if access is None:
        del described["control_url"]
    elif access.token is not None:
        described["control_token"] = access.token
    warning = None
    if access is not None and access.is_exposed:
        warning = _EXPOSED[access.token is None]
    output = json.dumps(described) if serving.as_json else _readable(described, sandbox.scenario)
    return Told(output, warning)


def _ending(server: Server) -> Callable[..., None]:
    """Give what ends the server, from any thread and from handlers of signals."""
    loop = asyncio.get_running_loop()

    def end(*_: object) -> None:
        with contextlib.suppress(RuntimeError):  # The loop is closed where it has ended already.
            loop.call_soon_threadsafe(server.stop)

    return end


def _end_by_signal(end: Callable[..., None], names: Sequence[str]) -> None:
    """Let Ctrl-C and SIGTERM end the server, and Ctrl-Break on Windows.

    No loop of Windows has `add_signal_handler`:
    https://docs.python.org/3/library/asyncio-platforms.html#windows
    """
    for name in names:
        if (number := getattr(signal, name, None)) is not None:
            signal.signal(number, end)


def _tell_of_grace(requests: int) -> None:
    """Say what the end waits for; nobody may be left to hear it."""
    told = "a request" if requests == 1 else f"{requests} requests"
    with contextlib.suppress(OSError):
        click.echo(
            f"livestorm-mock: waits up to {GRACE:g} s for {told} in flight; Ctrl-C ends it now",
            err=True,
        )


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
