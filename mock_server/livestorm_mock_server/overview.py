"""What a sandbox is now: what it starts from, who is there, and how much is left of the limits."""

from collections.abc import Iterable

import msgspec

from .description import describe_as_json
from .doorkeeper.releases import RELEASES
from .journal.entry import Entry
from .options import ProviderOptions
from .sandbox import Sandbox
from .scenario_files import scenario_names

_LOOKED_AT = 1_000
_LIMITS = ("Interval", "Monthly")
_TELLING = ("ratelimit-", "retry-after")


async def overview(sandbox: Sandbox, base_url: str | None = None) -> dict[str, object]:
    """Give an object of JSON; `base_url` is how the one who asks addressed the server."""
    scenario, options = sandbox.scenario, msgspec.to_builtins(sandbox.options)
    defaults = msgspec.to_builtins(ProviderOptions())
    return {
        "sandbox": await describe_as_json(sandbox, base_url),
        "scenario": {"title": scenario.title, "client_should": scenario.client_should},
        "options": options,
        "changed": [name for name, value in options.items() if value != defaults[name]],
        "applications": msgspec.to_builtins(await sandbox.store.applications()),
        "users": [_user(one) for one in msgspec.to_builtins(sandbox.users)],
        "labels": list(sandbox.labels),
        "limits": limits_told(reversed((await sandbox.exchanges())[-_LOOKED_AT:])),
        "scenarios": list(scenario_names()),
        "releases": list(RELEASES),
    }


def _user(user: dict[str, object]) -> dict[str, object]:
    shown = ("email", "first_name", "last_name", "role", "organization")
    return {name: user[name] for name in shown}


def limits_told(newest_first: Iterable[Entry]) -> list[dict[str, object]]:
    """Give what each client was told last of its limits, with the number of that exchange."""
    told: dict[str, dict[str, object]] = {}
    for entry in newest_first:
        client_id = entry.exchange.client_id or ""
        is_of_receiver = entry.exchange.webhook is not None
        if entry.response is None or client_id in told or is_of_receiver:
            continue
        headers = {name.lower(): value for name, value in entry.response.header_lines()}
        if "ratelimit-interval-limit" in headers:
            lines = [list(one) for one in entry.response.header_lines()]
            told[client_id] = {
                "client_id": client_id,
                "seq": entry.seq,
                "headers": [one for one in lines if one[0].lower().startswith(_TELLING)],
                **_limits(headers),
            }
    return list(told.values())


def _limits(headers: dict[str, str]) -> dict[str, object]:
    return {
        name.lower(): {
            "limit": _number(headers.get(f"ratelimit-{name.lower()}-limit", "")),
            "remaining": _number(headers.get(f"ratelimit-{name.lower()}-remaining", "")),
        }
        for name in _LIMITS
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
