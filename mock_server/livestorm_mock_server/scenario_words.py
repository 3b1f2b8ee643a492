"""A scenario in words: what it sets, and each fault in a sentence."""

import inspect

import msgspec

from .arming.reading import read_steps
from .faults.fault import Fault, When
from .faults.sequence import SequenceFault
from .options import ProviderOptions
from .scenario import Scenario
from .struct_fields import changed_fields
from .toml_values import as_toml

_SHARED_KEYS = frozenset(field.encode_name for field in msgspec.structs.fields(Fault))


def say_options(options: ProviderOptions) -> list[str]:
    """Give each provider option that differs from its default, with the default."""
    return [
        f"{name} = {as_toml(value)} (default {as_toml(default)})"
        for name, value, default in changed_fields(options)
    ]


def say_entries(scenario: Scenario) -> list[str]:
    """Name the workspaces, users, applications, resources and collections of a scenario."""
    return [
        *(f"workspace {one.name!r}" for one in scenario.organizations),
        *(f"user {one.email}" for one in scenario.users),
        *(f"application {one.name!r}" for one in scenario.applications),
        *(f"resource {', '.join(one.methods)} {one.path}" for one in scenario.resources),
        *(f"collection {one.path} of {one.type}" for one in scenario.collections),
    ]


def say_fault(fault: Fault) -> str:
    """Say where, when and how a fault strikes."""
    text = f"{_requests(fault)} to {fault.on}{_conditions(fault.when)}{_phase(fault)}"
    if isinstance(fault, SequenceFault):
        return f"{text}, in turn: {_steps(fault)}."
    return f"{text}: {_kind(fault)}. {_claim(fault)}"


def _requests(fault: Fault) -> str:
    text = _chosen(fault)
    if fault.after:
        passed = "request" if fault.after == 1 else f"{fault.after} requests"
        text = f"after the first {passed}, {text.replace('the first', 'the next')}"
    if fault.probability is not None:
        text += f", with a probability of {fault.probability},"
    return text[0].upper() + text[1:]


def _chosen(fault: Fault) -> str:
    times = len(fault.steps) if isinstance(fault, SequenceFault) else fault.times
    if fault.every > 1:
        return f"one request in {fault.every}" + ("" if times is None else f", {times} in all,")
    if times is None:
        return "every request"
    return "the first request" if times == 1 else f"the first {times} requests"


def _conditions(when: When) -> str:
    told = [f"{name} {as_toml(value)}" for name, value, _ in changed_fields(when)]
    return f" with {', '.join(told)}" if told else ""


def _phase(fault: Fault) -> str:
    phase = next(one for one in msgspec.structs.fields(type(fault)) if one.name == "phase")
    return "" if fault.phase == phase.default else f", {fault.phase} its effect"


def _steps(fault: SequenceFault) -> str:
    steps = read_steps(fault) or ()
    return ", then ".join("the real answer" if one is None else _kind(one) for one in steps)


def _kind(fault: Fault) -> str:
    told = [
        f"{name} = {as_toml(value)}"
        for name, value, _ in changed_fields(fault)
        if name not in _SHARED_KEYS
    ]
    return f"{fault.kind} ({', '.join(told)})" if told else fault.kind


def _claim(fault: Fault) -> str:
    """Give the first paragraph of the kind's documentation."""
    return " ".join((inspect.getdoc(type(fault)) or "").partition("\n\n")[0].split())
