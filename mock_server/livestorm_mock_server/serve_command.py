"""The command `serve`."""

import gc
import os
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
from click.core import ParameterSource

from .doorkeeper.releases import RELEASES
from .limits import DEFAULT_LIMITS, Limits
from .registration_options import read_registration, registration_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from .scenario import Scenario
    from .snapshots.file import StateFile


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8787, show_default=True, help="0: a free one."
)
@click.option("--public-url", metavar="URL", help="Where clients reach it, such as a proxy's URL.")
@click.option(
    "--other-port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default="a free one",
    help="Port of its second origin, to which faults redirect.",
)
@click.option("--other-url", metavar="URL", help="Where clients reach the second origin.")
@click.option("--tls", is_flag=True, help="Speak HTTPS, too, as Livestorm's hosts and localhost.")
@click.option(
    "--ca-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Keep the authority for --tls there, so that clients may trust it for long.",
)
@click.option(
    "--proxy-port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="Be a proxy there, too, behind which Livestorm's hosts are the fake; has --tls.",
)
@click.option(
    "--proxy-others",
    type=click.Choice(["refuse", "pass"]),
    default="refuse",
    show_default=True,
    help="What the proxy does with other hosts.",
)
@click.option(
    "--scenario",
    default="happy_path",
    show_default=True,
    metavar="NAME|FILE",
    help="What the fake starts from.",
)
@click.option("--release", type=click.Choice(list(RELEASES)), help="Doorkeeper release.")
@click.option("--auto-approve", is_flag=True, help="Redirect at once, without the consent page.")
@click.option("--no-rate-limits", is_flag=True, help="Switch the two rate limits off.")
@registration_options
@click.option(
    "--store",
    metavar="URL",
    help="Share all with other servers of the same URL: redis://HOST:PORT/NUMBER?prefix=NAME.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    metavar="N",
    help="Processes that serve side by side; needs --store.",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Go on from the state in this file, where it is there, and leave it there at the end.",
)
@click.option("--seed", help="Make ids and tokens come out the same each time.")
@click.option("--journal-capacity", type=int, metavar="N", help="Exchanges that the journal keeps.")
@click.option("--journal-bytes", type=int, metavar="N", help="Bytes that the journal keeps.")
@click.option(
    "--max-body",
    type=click.IntRange(0),
    default=DEFAULT_LIMITS.body,
    show_default=True,
    metavar="BYTES",
    help="Longest body of a request, 0 for no limit.",
)
@click.option(
    "--request-timeout",
    type=click.FloatRange(0, 86_400),
    default=DEFAULT_LIMITS.seconds,
    show_default=True,
    metavar="SECONDS",
    help="Longest pause in a request, 0 for no limit.",
)
@click.option(
    "--allow-webhooks-to",
    "webhook_hosts",
    multiple=True,
    metavar="HOST",
    help="Another host than this machine to which webhooks may go.",
)
@click.option(
    "--allowed-host",
    "allowed_hosts",
    multiple=True,
    metavar="NAME",
    help="Another host by which the control API may be called.",
)
@click.option(
    "--control-token",
    "token",
    envvar="LIVESTORM_MOCK_CONTROL_TOKEN",
    show_envvar=True,
    metavar="TOKEN",
    help="What the control API wants; by default drawn where others can reach it.",
)
@click.option("--insecure", is_flag=True, help="Let anybody who can reach it use the control API.")
@click.option("--no-control", is_flag=True, help="Serve no control API.")
@click.option(
    "--exit-with-parent", is_flag=True, help="End, too, when standard input does, a pipe's."
)
@click.option("--quiet", is_flag=True, help="Log no exchanges, only warnings.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Form of the lines on standard error.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line once it accepts.")
def serve(
    host: str,
    port: int,
    public_url: str | None,
    other_port: int,
    other_url: str | None,
    tls: bool,
    ca_dir: Path | None,
    proxy_port: int | None,
    proxy_others: str,
    scenario: str,
    release: str | None,
    auto_approve: bool,
    no_rate_limits: bool,
    store: str | None,
    workers: int,
    state: Path | None,
    seed: str | None,
    journal_capacity: int | None,
    journal_bytes: int | None,
    max_body: int,
    request_timeout: float,
    webhook_hosts: tuple[str, ...],
    as_json: bool,
    no_control: bool,
    exit_with_parent: bool,
    quiet: bool,
    log_format: Literal["text", "json"],
    registration: dict[str, object],
    **access: Any,
) -> None:
    """Serve the fake until Ctrl-C or SIGTERM."""
    # Until it serves: all that is loaded stays, and to look through it makes the start longer.
    gc.disable()
    from .addresses import Addresses
    from .control_access import ControlAccess
    from .descriptors import check_descriptors
    from .listeners import open_listeners, read_proxy
    from .parent import Parent
    from .request_log.request_log import RequestLog, write_warning
    from .scenario_files import load_scenario, with_options
    from .serving import Serving
    from .serving import run as run_server
    from .store.protocol import UnfitStoreError
    from .uvicorn_hooks import UnfitUvicornError
    from .webhooks.hosts import read_webhook_hosts

    check_descriptors()
    state_file = _read_state(state, store)
    options: dict[str, object] = {}
    if release is not None:
        options["release"] = release
    if auto_approve:
        options["consent"] = "approve"
    if no_rate_limits:
        options["rate_limits"] = False
    loaded = with_options(
        load_scenario(scenario),
        options,
        journal_capacity=journal_capacity,
        journal_bytes=journal_bytes,
    )
    if no_control and any(access.values()):
        raise click.UsageError("--no-control leaves nothing for the other options of control")
    _check_store(store, workers, seed, loaded)
    proxy = read_proxy(proxy_port, proxy_others)
    if ca_dir is not None and not tls and proxy is None:
        raise click.UsageError("--ca-dir keeps the authority for --tls")
    named = Addresses(public_url=public_url, other_url=other_url)
    registered = read_registration(registration)
    limits = Limits(body=max_body or None, seconds=request_timeout or None)
    granted = None if no_control else ControlAccess.for_server(host, **access)
    try:
        parent = Parent() if exit_with_parent else None
    except OSError as error:
        raise click.UsageError(f"--exit-with-parent waits for standard input: {error}") from None
    try:
        listeners = open_listeners(
            host, port, other_port, named=named, tls=tls, ca_dir=ca_dir, proxy=proxy
        )
    except OSError as error:
        raise click.ClickException(error.strerror or str(error)) from None
    if state_file is not None and state_file.differs_from(loaded, registered, seed):
        _warn_of_ignored(partial(write_warning, sys.stderr, log_format), state_file.path)
    serving = Serving(
        listeners=listeners,
        scenario=loaded,
        access=granted,
        limits=limits,
        make_log=partial(RequestLog, sys.stderr, log_format, quiet=quiet),
        seed=seed,
        registration=registered,
        webhook_hosts=read_webhook_hosts(webhook_hosts),
        store=store,
        as_json=as_json,
        state_file=state_file,
    )
    try:
        if workers == 1:
            run_server(serving, parent)
        else:
            from .workers.supervisor import supervise

            say = partial(write_warning, sys.stderr, log_format)
            supervise(serving, parent, workers, say)
    except (UnfitUvicornError, UnfitStoreError) as error:
        raise click.ClickException(str(error)) from None


def _check_store(store: str | None, workers: int, seed: str | None, scenario: "Scenario") -> None:
    """Check what goes with a store, and that it can be had.

    Raises UsageError, and InvalidInputError for a scenario that can't be shared.
    """
    if store is None:
        if workers > 1:
            raise click.UsageError(
                f"--workers {workers} needs what the workers share: --store redis://127.0.0.1:6379"
            )
        return
    if seed is not None:
        raise click.UsageError(
            "--seed with --store: workers draw in no order that could be repeated"
        )
    if workers > 1 and not hasattr(os, "fork"):
        raise click.UsageError("--workers needs a system on which a process can fork")
    if find_spec("redis") is None or find_spec("hiredis") is None:
        raise click.UsageError(
            "--store needs the package redis, which the extra `redis` brings: docs/install.md"
        )
    from .shared.connecting import check_url
    from .shared.state import check_shareable

    check_url(store)
    check_shareable(scenario)


def _read_state(path: Path | None, store: str | None) -> "StateFile | None":
    """Read the state from which it goes on. Raises UsageError."""
    if path is None:
        return None
    if store is not None:
        raise click.UsageError(
            "--state with --store: what is on the store stays there; GET /_mock/state exports it"
        )
    from .snapshots.file import StateFile, StateFileError

    try:
        return StateFile.read(path)
    except StateFileError as error:
        raise click.UsageError(str(error)) from None


def _warn_of_ignored(warn: "Callable[[str], None]", path: Path) -> None:
    """Name the options that have no effect, as the state has its own."""
    context = click.get_current_context()
    given = [
        parameter.opts[0]
        for parameter in context.command.params
        if parameter.name in _OF_STATE
        and context.get_parameter_source(parameter.name) is not ParameterSource.DEFAULT
    ]
    if given:
        told = ", ".join(given)
        warn(f"{path} has a scenario and options of its own, so this has no effect: {told}")


_OF_STATE = frozenset(
    {
        "scenario",
        "release",
        "auto_approve",
        "no_rate_limits",
        "redirect_uris",
        "client_id",
        "client_secret",
        "any_redirect_uri",
        "seed",
        "journal_capacity",
        "journal_bytes",
    }
)
"""What a state says itself, by the names of the parameters."""
