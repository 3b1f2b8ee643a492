"""Requests that have their head in common: what it says is read once for all of them."""

import contextlib
from collections.abc import Callable
from typing import Any

from .errors import RailsError
from .parameters import read_flat
from .request import FORM, Head, Request

RequestWith = Callable[[bytes], Request]
"""Makes a request of a body."""

_OF_HEAD = (
    "_accept_decides",
    "_exact",
    "_formats_of_head",
    "_is_xhr",
    "_underscored",
    "_vary_of_head",
    "content_format",
    "head",
    "host",
    "media_type",
    "path",
    "query_parameters",
)
"""What no body changes, nor the route that is found."""
_OF_BODY = ("_format_parameter", "formats", "method", "parameters", "request_parameters")
"""What a body changes, and some of it the route that a path with a suffix leads to."""


def requests_with(head: Head) -> RequestWith:
    """Give what makes requests with this head."""
    first = Request.of(head, b"")
    _read(first, _OF_HEAD)
    known, has_suffix = dict(vars(first)), "." in first.path
    if not has_suffix:
        _read(first, _OF_BODY)
    without_body = vars(first)
    is_form = first.media_type == FORM and first.header("x-http-method-override") is None
    is_plain = is_form and not has_suffix and {"_formats_of_head", "query_parameters"} <= {*known}

    def with_body(body: bytes) -> Request:
        request = object.__new__(Request)
        values = request.__dict__
        if not body:
            values.update(without_body)
            return request
        values.update(known)
        values["body"] = body
        if is_plain:
            _read_plain_form(values, body)
        return request

    return with_body


def _read(request: Request, names: tuple[str, ...]) -> None:
    for name in names:
        # What is raised is raised again by whoever reads it then.
        with contextlib.suppress(RailsError):
            getattr(request, name)


def _read_plain_form(values: dict[str, Any], body: bytes) -> None:
    """Note what a request finds out about a form without nesting, verb or format in it."""
    query = values["query_parameters"]
    try:
        form = read_flat(body.removesuffix(b"\0"))
    except RailsError:  # As in `_read`.
        return
    if form is None or "_method" in form or "format" in form or "format" in query:
        return
    values["request_parameters"] = form
    values["parameters"] = form | query
    values["method"] = values["original_method"]
    values["_format_parameter"], values["formats"] = None, values["_formats_of_head"]
