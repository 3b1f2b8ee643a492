"""What is delivered: the document of an event, and what may come in its place."""

from collections.abc import Callable, Mapping
from typing import Final, Literal

from ..rails.response import dump_json

WrongBody = Literal[
    "empty",
    "malformed",
    "truncated",
    "html",
    "null",
    "list",
    "without_webhook",
    "unknown_event",
    "other_organization",
]

_OTHER_ORGANIZATION: Final = "00000000-0000-4000-8000-000000000000"

Document = Mapping[str, object]


def document_of(event: str, organization_id: str, data: Mapping[str, object]) -> Document:
    """Put what an event is about into the document that is delivered.

    What its `meta` has of a webhook itself stays.
    """
    told = data.get("meta")
    meta = told if isinstance(told, Mapping) else {}
    webhook = {"webhook": {"event": event, "organization_id": organization_id}}
    return {"data": {**data, "meta": {**webhook, **meta}}}


def body_of(document: Document, wrong: WrongBody | None = None) -> bytes:
    """Write a document, or what is wrong in its place."""
    return dump_json(document).encode() if wrong is None else _WRONG[wrong](document)


def _with_webhook(document: Document, **members: str) -> bytes:
    """Write it with other members of `meta.webhook`; without any, without the whole."""
    data = document["data"]
    assert isinstance(data, Mapping)
    meta = dict(data["meta"])
    told = meta.pop("webhook")  # That of data which is given may be anything.
    webhook = told if isinstance(told, Mapping) else {}
    changed = meta | {"webhook": {**webhook, **members}} if members else meta
    return dump_json({**document, "data": {**data, "meta": changed}}).encode()


_WRONG: Final[Mapping[WrongBody, Callable[[Document], bytes]]] = {
    "empty": lambda _: b"",
    "malformed": lambda document: b"{" + body_of(document),
    "truncated": lambda document: body_of(document)[: len(body_of(document)) // 2],
    "html": lambda _: b"<html><body><h1>We're sorry, but something went wrong</h1></body></html>",
    "null": lambda _: b"null",
    "list": lambda document: b"[" + body_of(document) + b"]",
    "without_webhook": _with_webhook,
    "unknown_event": lambda document: _with_webhook(document, event="unknown.event"),
    "other_organization": lambda document: _with_webhook(
        document, organization_id=_OTHER_ORGANIZATION
    ),
}
