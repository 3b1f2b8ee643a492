"""What the endpoints are called by faults, the journal and the scenarios."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from .api.resources import api_routes
from .collections.declared import Collection as DeclaredCollection
from .doorkeeper import routes

Labels = Mapping[str, Collection[str]]
"""The labels of endpoints, with the verbs of each."""


def all_labels(
    declared: Iterable[tuple[str, Collection[str]]],
    collections: Sequence[DeclaredCollection] = (),
) -> Labels:
    """Give the labels of all routes, whatever the release has of them, and of what is declared.

    A group, such as `token` or `api`, stands for all of its own. Of a resource, label and verbs
    are given.
    """
    verbs: dict[str, set[str]] = {}
    for route in (*routes.ROUTES, *api_routes((), collections)):
        _add(verbs, route.labels, route.actions)
    for label, methods in declared:
        _add(verbs, ("api", label), methods)
    return verbs


def _add(verbs: dict[str, set[str]], labels: Iterable[str], methods: Collection[str]) -> None:
    answered = {*methods, "HEAD"} if "GET" in methods else methods
    for label in labels:
        verbs.setdefault(label, set()).update(answered)


def label_of(path: str) -> str:
    """Give the label of a declared resource: `api.events` for `/v1/events`."""
    return ".".join(("api", *PurePosixPath(path).parts[2:]))
