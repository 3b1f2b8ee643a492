"""The command `env`: what leads other programs to a fake that is served already."""

import os
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click

from .origins import origin_of
from .shells import FAILING, SHELLS, written

T = TypeVar("T")

_STEP = 0.05
"""Seconds between two tries."""


@click.command()
@click.option(
    "--shell",
    type=click.Choice(list(SHELLS)),
    default="bash",
    show_default=True,
    help="For whom the lines are written.",
)
@click.option("--url", metavar="URL", help="Where `serve` is reached.")
@click.option("--port", type=click.IntRange(1, 65535), help="The same, on 127.0.0.1.")
@click.option(
    "--control-token",
    "token",
    envvar="LIVESTORM_MOCK_CONTROL_TOKEN",
    show_envvar=True,
    metavar="TOKEN",
    help="What its control API wants.",
)
@click.option(
    "--wait",
    type=click.FloatRange(0, 600),
    default=10,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for a `serve` that is just starting.",
)
def env(shell: str, url: str | None, port: int | None, token: str | None, wait: float) -> None:
    """Print the variables by which programs find a running `serve` in Livestorm's place."""
    try:
        lines = _lines(shell, url, port, token, wait)
    except click.ClickException:
        click.echo(FAILING.get(shell, ""), nl=shell in FAILING)
        raise
    click.echo(lines)


def _lines(shell: str, url: str | None, port: int | None, token: str | None, wait: float) -> str:
    """Give what is printed. Raises ClickException."""
    from .interception.variables import variables
    from .running.environment import variables as described_as
    from .tls.folder import check_own

    if url is not None and port is not None:
        raise click.UsageError("--url and --port say the same; give one")
    if url is not None and origin_of(url) is None:
        raise click.UsageError(f"--url: {url!r} is no URL such as http://127.0.0.1:8787")
    described = _describe(url or f"http://127.0.0.1:{port or 8787}", token, wait)
    made = described_as(described)
    means = _means(described)
    if means is not None:
        try:
            means.folder.mkdir(mode=0o755, exist_ok=True)
            for folder in (means.folder.parent, means.folder):
                check_own(folder)
            made |= variables(means)
        except OSError as error:
            told = f"{means.folder}: {error.strerror}; `env` is for who has started `serve`"
            raise click.ClickException(told) from None
    for lack in _lacks(described):
        click.echo(f"livestorm-mock: {lack}", err=True)
    try:
        return written(shell, made, os.environ)
    except ValueError as error:
        raise click.ClickException(str(error)) from None


def _describe(url: str, token: str | None, wait: float) -> Mapping[str, Any]:
    """Ask for what `serve --json` printed, once somebody answers. Raises ClickException."""
    import httpx

    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    asked = f"{url.rstrip('/')}/_mock/sandboxes"
    try:
        # The certificate is the fake's own, and its authority is what is asked for here.
        with httpx.Client(trust_env=False, verify=False, timeout=5) as client:  # noqa: S501
            answer = _once_there(lambda: client.get(asked, headers=headers), wait)
    except httpx.HTTPError:
        told = f"nobody answers at {url}; start `livestorm-mock serve`, or give --url"
        raise click.ClickException(told) from None
    if answer.status_code == 401:
        raise click.ClickException(f"{url} wants its --control-token")
    try:
        found: list[dict[str, Any]] = answer.json()["sandboxes"]
        return next(one for one in found if "id" not in one)
    except (ValueError, KeyError, TypeError, StopIteration):
        told = f"{asked} answered {answer.status_code}, which is no fake with a control API"
        raise click.ClickException(told) from None


def _once_there(ask: Callable[[], T], seconds: float) -> T:
    """Ask, and again while nobody listens. Raises httpx.HTTPError."""
    import httpx

    ends_at = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except httpx.ConnectError:
            if time.monotonic() > ends_at:
                raise
            time.sleep(_STEP)


def _means(described: Mapping[str, Any]) -> Any:
    """Give what there is to lead programs with; None without TLS."""
    from pathlib import Path

    from .interception.variables import Means

    if (ca_file := described.get("ca_file")) is None:
        return None
    try:
        ca_pem = Path(ca_file).read_text(encoding="ascii")
    except OSError as error:
        raise click.ClickException(f"{ca_file}: {error.strerror}") from None
    door = _door(described)
    return Means(
        environment=os.environ,
        folder=Path(ca_file).parent / "environment",
        ca_pem=ca_pem,
        proxy_url=described.get("proxy_url"),
        node_door=door,
        python_door=door,
    )


def _lacks(described: Mapping[str, Any]) -> list[str]:
    """Name the options of `serve` without which something is missing."""
    wanted = {
        "ca_file": "--tls: without it, only $LIVESTORM_APP_URL and $LIVESTORM_API_URL lead there",
        "proxy_url": "--proxy-port 8788: without it, only Node and Python are led there",
    }
    lacks = [f"`serve` has no {told}" for name, told in wanted.items() if name not in described]
    if "ca_file" in described and _door(described) is None:
        lacks.append("the shims of Node and Python lead to 127.0.0.1, where `serve` is not")
    return lacks


def _door(described: Mapping[str, Any]) -> str | None:
    """Give where the shims may lead, None where that is not on the loopback."""
    at = urlsplit(described["app_url"])
    return f"{at.hostname}:{at.port}" if at.hostname == "127.0.0.1" and at.port else None
