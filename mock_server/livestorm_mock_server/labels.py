"""What the endpoints are called by faults, the journal and the scenarios."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from .api.resources import api_routes
from .doorkeeper import routes


def all_labels(declared: Iterable[str]) -> tuple[str, ...]:
    """Give the labels of all routes, whatever the release has of them, and of declared resources.

    A group, such as `token` or `api`, stands for all of its own.
    """
    built_in = (*routes.ROUTES, *api_routes(()))
    return tuple(dict.fromkeys((*(name for one in built_in for name in one.labels), *declared)))


def label_of(path: str) -> str:
    """Give the label of a declared resource: `api.events` for `/v1/events`."""
    return ".".join(("api", *PurePosixPath(path).parts[2:]))
