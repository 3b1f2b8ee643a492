"""The fake beside the command, and the verdict at the end of both."""

import contextlib
import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path

import click
from msgspec import Struct
from msgspec.structs import replace

from ..control_access import ControlAccess
from ..interception.way import Launch, Way
from ..listeners import Listeners
from ..printable import printable
from ..registration import Registration
from ..registration_options import read_registration
from ..sandbox import open_sandbox
from ..sandboxes import Sandboxes
from ..scenario import Scenario
from ..scenario_files import load_scenario, with_options
from ..uvicorn_hooks import check_uvicorn
from ..webhooks.hosts import WebhookHosts, read_webhook_hosts
from . import signals
from .answers import refusals
from .certificates import Certificates
from .child import wait_for
from .environment import OF_A_FAKE, variables
from .fake import ServedFake
from .launcher import Launcher
from .outcome import Outcome
from .report import as_json, lines
from .visits import WatchedApp
from .wanted import Wanted

_OUT_OF_REACH = "the command has a loopback of its own; `run --isolate never` shares this machine's"


class Prepared(Struct, frozen=True):
    """What was asked for, read and found right."""

    wanted: Wanted
    scenario: Scenario
    registration: Registration
    webhook_hosts: WebhookHosts


def prepare(wanted: Wanted) -> Prepared:
    """Read what was asked for. Raises ScenarioError, InvalidInputError, UsageError."""
    if wanted.report is not None:
        try:
            wanted.report.open("a").close()
        except OSError as error:
            told = f"--report: {wanted.report}: can't be written: {error.strerror}"
            raise click.UsageError(told) from None
    return Prepared(
        wanted,
        with_options(load_scenario(wanted.scenario), wanted.options),
        read_registration(wanted.registration),
        read_webhook_hosts(wanted.webhook_hosts),
    )


async def serve(
    prepared: Prepared,
    way: Way,
    launcher: Launcher,
    folder: Path,
    certificates: Certificates,
    held: signals.Held,
) -> int:
    """Serve the fake until the command ends; tell what happened and give the exit status."""
    wanted = prepared.wanted
    _keep_quiet()
    await check_uvicorn()
    listeners = Listeners("127.0.0.1", 0)
    sandbox = await open_sandbox(
        prepared.scenario,
        seed=wanted.seed,
        registration=prepared.registration,
        addresses=listeners.addresses,
        webhook_hosts=replace(
            prepared.webhook_hosts, no_loopback=_OUT_OF_REACH if way.has_own_loopback else None
        ),
    )
    access = ControlAccess.for_server("127.0.0.1")
    app = WatchedApp(Sandboxes(sandbox), access, process_of=way.process_of, tell=way.tell)
    fake = await ServedFake.begin(app, listeners, folder, certificates)
    try:
        launch = await way.prepare(fake, launcher.channel, wanted.command)
        if (asked := held.asked_to_end()) is not None:
            launcher.give_up()
            await fake.end()
            return asked
        launcher.start(wanted.command, _environment(launch, await fake.describe()))
        signals.pass_on(held, launcher.process_id)
        status = await wait_for(launcher.process_id, alone=False)
        await fake.settle()
    finally:
        await way.close()
    outcome = Outcome(
        status=status,
        visits=app.visits,
        failures=app.failures,
        refusals=refusals(fake.sandboxes),
        attempts=way.attempts(),
        notes=way.notes(),
        is_sure=way.is_sure(),
        findings=await fake.findings() if app.visits else (),
        fail_on=wanted.fail_on,
    )
    await fake.end()
    _tell(outcome, wanted.report)
    return outcome.exit_status


def _tell(outcome: Outcome, report: Path | None) -> None:
    """Say how it came out; nobody may be left to hear it."""
    with contextlib.suppress(OSError):
        for line in lines(outcome):
            click.echo(line, err=True)
    if report is not None:
        _write(report, outcome)


def _write(report: Path, outcome: Outcome) -> None:
    """Write what programs read; the command's end is told whether or not that can be done."""
    text = json.dumps(as_json(outcome), indent=2)
    try:
        report.write_text(f"{text}\n", "utf-8")
    except OSError as error:
        with contextlib.suppress(OSError):
            told = f"--report: {report}: can't be written: {error.strerror}"
            click.echo(f"livestorm-mock: {printable(told)}", err=True)


def _keep_quiet() -> None:
    """Say nothing while the command has the terminal; the report has it."""
    log = logging.getLogger("livestorm_mock_server")
    log.addHandler(logging.NullHandler())
    log.propagate = False


def _environment(launch: Launch, described: Mapping[str, object]) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name not in OF_A_FAKE}
    whole = {**own, **launch.environment, **variables(described)}
    return {name: value for name, value in whole.items() if value is not None}
