"""An exchange as a scenario: the fake answers that request again as it did."""

from collections.abc import Mapping

from ..options import ProviderOptions
from ..struct_fields import given_fields
from ..toml_values import as_toml
from .entry import Entry, body_as_json
from .kept import KeptResponse

_UNSENT = frozenset({"content-type", "content-length", "connection", "transfer-encoding", "date"})
_OWN = frozenset({"x-request-id", "x-runtime", "set-cookie"})
"""What each answer has of its own."""


def as_scenario(entry: Entry, options: ProviderOptions) -> str:
    """Give the TOML of a scenario with one fault: the one that struck, or the answer itself.

    Of an exchange at no endpoint, of one that is not answered yet, and of a webhook, which the fake
    sent itself, there is none: the scenario has no fault then.
    """
    request, status = entry.exchange.request, entry.response and entry.response.status
    told = "nothing" if status is None else str(status)
    title = f"Exchange {entry.seq}: {request.original_method} {request.raw_path} got {told}"
    lines = [f"title = {as_toml(title)}", "", "[provider]", f"release = {as_toml(options.release)}"]
    if (keys := _fault(entry)) is not None:
        lines += ["", "[[faults]]", *(f"{name} = {as_toml(value)}" for name, value in keys.items())]
    return "\n".join(lines) + "\n"


def _fault(entry: Entry) -> dict[str, object] | None:
    if entry.strike is not None:
        given = _writable(given_fields(entry.strike.armed.fault))
        assert isinstance(given, dict)
        return given
    endpoint = entry.exchange.endpoint
    if endpoint is None or entry.response is None or entry.exchange.webhook is not None:
        return None
    return {"on": endpoint, "fault": "answer", "times": 1, **_answer(entry.response)}


def _writable(keys: object) -> object:
    """Name the members that `token_fields` sets to null in `null`, as TOML has no such value.

    Deeper in a value there is no other way to write it: the member is left out.
    """
    if isinstance(keys, Mapping):
        members = keys.get("set", {}) if keys.get("fault") == "token_fields" else {}
        nulls = [name for name, one in members.items() if one is None]
        rest = {name: _writable(one) for name, one in keys.items() if one is not None}
        return {**rest, "null": [*keys.get("null", ()), *nulls]} if nulls else rest
    if isinstance(keys, list):
        return [_writable(one) for one in keys if one is not None]
    return keys


def _answer(response: KeptResponse) -> dict[str, object]:
    given: dict[str, str] = {}
    keys: dict[str, object] = {"status": response.status}
    for name, value in response.header_lines():
        if name.lower() == "content-type":
            keys["content_type"] = value
        elif name.lower() not in _UNSENT | _OWN:
            given[name] = value
    if given:
        keys["headers"] = given
    body = body_as_json(response)
    kept = "body_base64" if "body_base64" in body else "body"
    return keys | ({kept: body[kept]} if response.body else {})
