"""The command line of `run`."""

import os
from pathlib import Path
from typing import Any

import click

from ..descriptors import shortage
from ..doorkeeper.releases import RELEASES
from ..registration_options import registration_options

_EPILOG = """The exit status is the command's own, but 4 where it never reached the fake or tried
to reach Livestorm itself, 5 where --fail-on found something, 3 for wrong usage. The command finds
URLs and credentials in LIVESTORM_APP_URL, LIVESTORM_API_URL, LIVESTORM_CLIENT_ID,
LIVESTORM_CLIENT_SECRET, LIVESTORM_MOCK_CONTROL_URL and more."""


@click.command(context_settings={"allow_interspersed_args": False}, epilog=_EPILOG)
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
@click.option("--seed", help="Make ids and tokens come out the same each time.")
@click.option(
    "--isolate",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Give the command a network of its own, with the fake in it and nothing else (Linux).",
)
@click.option(
    "--allow",
    "allowed",
    multiple=True,
    metavar="HOST:PORT",
    help="What else it may reach from there, such as a database.",
)
@click.option(
    "--allow-webhooks-to",
    "webhook_hosts",
    multiple=True,
    metavar="HOST",
    help="Another host than this machine to which webhooks may go.",
)
@click.option(
    "--fail-on", type=click.Choice(["error", "warning"]), help="Fail on findings of the audit."
)
@click.option("--report", type=click.Path(path_type=Path), help="Write what was found as JSON.")
@click.argument("command", metavar="-- COMMAND...", nargs=-1, required=True)
def run(release: str | None, auto_approve: bool, no_rate_limits: bool, **named: Any) -> int:
    """Run a command for which the fake stands where Livestorm is, with TLS."""
    if not hasattr(os, "fork"):
        raise click.ClickException("run needs Linux or macOS; on Windows, use WSL")
    from .run import run as run_command
    from .wanted import Wanted

    options: dict[str, object] = {} if release is None else {"release": release}
    if auto_approve:
        options["consent"] = "approve"
    if no_rate_limits:
        options["rate_limits"] = False
    try:
        return run_command(Wanted(options=options, **named))
    except OSError as error:
        raise click.ClickException(shortage(error) or str(error)) from None
