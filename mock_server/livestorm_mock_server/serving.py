"""What `livestorm-mock serve` does."""

import asyncio
import contextlib
import gc
import json
import logging
import shlex
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click
import msgspec

from .app import App
from .control_access import ControlAccess
from .description import describe_as_json
from .limits import Limits
from .listeners import Listeners
from .pages.links import authorize_url, room_url
from .parent import Parent
from .printable import one_line, printable
from .registration import Registration
from .request_log.request_log import RequestLog
from .sandbox import Sandbox, open_sandbox
from .sandbox import Tell as TellEntry
from .sandboxes import Sandboxes
from .scenario import Scenario
from .server import Server, new_event_loop
from .snapshots.state import Snapshot
from .uvicorn_hooks import check_uvicorn
from .webhooks.hosts import WebhookHosts

if TYPE_CHECKING:
    from .snapshots.file import StateFile

log = logging.getLogger("livestorm_mock_server")

GRACE = 3.0
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
    make_log: Callable[[], RequestLog]
    """Makes the request log of a process, which has a thread of its own."""
    seed: str | None
    registration: Registration
    webhook_hosts: WebhookHosts
    """Where webhooks may go beside the loopback."""
    store: str | None
    """The URL of a store that others may share; None for one of this process alone."""
    as_json: bool
    state_file: "StateFile | None"
    """The state from which it goes on, and the file for the one at the end."""


class Told(msgspec.Struct, frozen=True):
    """What is told once it serves."""

    output: str
    warning: str | None

    def tell(self) -> None:
        """Print it, and log the warning."""
        if self.warning is not None:
            log.warning(self.warning)
        click.echo(self.output)


Tell = Callable[[Told], None]


def run(serving: Serving, parent: Parent | None) -> None:
    """Serve until SIGINT or SIGTERM, or the end of the parent; a second one ends the grace.

    Raises UnfitStoreError.
    """
    with contextlib.closing(serving.listeners):
        serve_here(serving, parent, tell=Told.tell, signals=("SIGINT", "SIGTERM", "SIGBREAK"))


def serve_here(
    serving: Serving, parent: Parent | None, *, tell: Tell, signals: Sequence[str]
) -> None:
    """Serve in this process, until a signal of these; `tell` is called once it accepts."""
    request_log = serving.make_log()
    request_log.begin()
    with contextlib.closing(request_log), contextlib.closing(new_event_loop()) as loop:
        loop.run_until_complete(_serve(serving, request_log, parent, tell, signals))


async def _serve(
    serving: Serving,
    request_log: RequestLog,
    parent: Parent | None,
    tell: Tell,
    signals: Sequence[str],
) -> None:
    await check_uvicorn()
    app = await open_app(serving, None if request_log.is_quiet else request_log.tell)
    is_alone = serving.store is None
    server = Server(app, grace=GRACE, tell=_tell_of_grace, limits=serving.limits, is_alone=is_alone)
    end = _ending(server)
    _end_by_signal(end, signals)
    if parent is not None:
        parent.call_at_its_end(end)
    await server.begin_on(*serving.listeners.doors())
    gc.freeze()  # What was loaded stays: to look through it takes longer than a request.
    gc.enable()
    sandbox = app.sandboxes.default
    sandbox.check_doors()
    tell(await _where(sandbox, serving))
    await server.run_to_end()
    await app.sandboxes.end()
    if serving.state_file is not None:
        snapshot = await sandbox.snapshot()
        await sandbox.webhooks.drop()  # What has become due since it ended may have brought some.
        _keep(serving.state_file, snapshot)


def _keep(file: "StateFile", snapshot: Snapshot) -> None:
    from .snapshots.file import StateFileError

    try:
        file.write(snapshot)
    except StateFileError as error:
        raise click.ClickException(str(error)) from None


async def open_app(serving: Serving, tell: TellEntry | None) -> App:
    """Open the default sandbox; `tell` is called with each exchange that is over.

    Raises UnfitStoreError.
    """
    addresses = serving.listeners.addresses
    if serving.store is None:
        sandbox = await open_sandbox(
            serving.scenario,
            seed=serving.seed,
            registration=serving.registration,
            addresses=addresses,
            webhook_hosts=serving.webhook_hosts,
            has_callback=True,
            tell=tell,
        )
        if serving.state_file is not None and serving.state_file.snapshot is not None:
            await sandbox.restore(serving.state_file.snapshot, doors_are_open=False)
        return App(Sandboxes(sandbox), serving.access)
    from .shared.connecting import Connected
    from .shared.sandboxes import SharedSandboxes
    from .workers.app import SharedApp

    sandboxes = SharedSandboxes(Connected(serving.store), addresses, tell, serving.webhook_hosts)
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
    """Say what the end waits for."""
    told = "a request" if requests == 1 else f"{requests} requests"
    log.warning("it waits up to %g s for %s in flight; Ctrl-C ends it now", GRACE, told)


def _readable(described: Mapping[str, object], scenario: Scenario) -> str:
    """Say what a person needs, and what to try next."""
    lines = [
        f"Livestorm, faked, on {described['app_url']} (Doorkeeper {scenario.provider.release})"
        + (f": {one_line(scenario.title)}" if scenario.title else ""),
        "",
        *(f"  {name:<17} {_joined(value)}" for name, value in described.items()),
        "",
        "Try next:",
        *map(printable, _to_try(described)),
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
    shown = ", see the code" if redirect_uri.startswith(str(described["app_url"])) else ""
    yield f"  open {shlex.quote(link)}  # consent{shown}"
    if (control_url := described.get("control_url")) is not None:
        room = room_url(str(control_url), None if token is None else str(token))
        yield f"  open {shlex.quote(room)}  # see what clients do, and make things fail"
    if (private_token := described.get("private_token")) is not None:
        yield f"  curl -i {described['api_url']}/me -H 'Authorization: {private_token}'"
    if control_url is not None:
        wanted = "" if token is None else " -H 'Authorization: Bearer <control_token>'"
        yield f"  curl {control_url}/clock{wanted} --json '{{\"advance\": 7201}}'"


def _joined(value: object) -> str:
    """Give a value for a person, none of whose texts looks like another line."""
    if isinstance(value, list):
        return "\n                    ".join(printable(str(one)) for one in value)
    return printable(str(value))
