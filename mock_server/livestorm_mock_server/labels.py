"""What the endpoints are called by faults, the journal and the scenarios."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from .doorkeeper.token import GRANTS

BUILT_IN = (
    "authorize",
    "native",
    "token",
    *(f"token.{grant_type}" for grant_type in GRANTS),
    "revoke",
    "introspect",
    "token_info",
    "authorized_applications",
    "applications",
    "metadata",
    "api",
    "api.me",
    "api.ping",
    "api.organization",
)
"""`token` and `api` stand for all of theirs."""


def all_labels(declared: Iterable[str]) -> tuple[str, ...]:
    """Give all labels, those of declared resources included."""
    return (*BUILT_IN, *declared)


def label_of(path: str) -> str:
    """Give the label of a declared resource: `api.events` for `/v1/events`."""
    return ".".join(("api", *PurePosixPath(path).parts[2:]))
