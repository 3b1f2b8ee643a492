"""A faithful fake of Livestorm's OAuth 2.0 provider and API, with failures on demand."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .embedded_sandbox import LivestormSandbox
    from .embedding import MockLivestorm
    from .options import ProviderOptions
    from .reading import InvalidInputError
    from .scenario import Scenario
    from .scenario_files import ScenarioError

__all__ = [
    "InvalidInputError",
    "LivestormSandbox",
    "MockLivestorm",
    "ProviderOptions",
    "Scenario",
    "ScenarioError",
]

_MODULES = {
    "InvalidInputError": "reading",
    "LivestormSandbox": "embedded_sandbox",
    "MockLivestorm": "embedding",
    "ProviderOptions": "options",
    "Scenario": "scenario",
    "ScenarioError": "scenario_files",
}


def __getattr__(name: str) -> object:
    """Import public names when they are asked for: the pytest plugin must stay cheap to load."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_MODULES[name]}", __name__), name)
