"""Failures that Rails itself answers, before or instead of a controller.

RailsError
├── BadRequest           400: parameters that can't be parsed
│   ├── InvalidUTF8      400: parameters that are no text
│   └── MalformedBody    400: JSON that can't be parsed, noticed when a parameter is first read
├── NotFound             404: no route, which includes a known path with another method
├── MethodNotAllowed     405: a verb that HTTP does not know
├── NotAcceptable        406: `Accept` or `Content-Type` is no media type
├── UnprocessableEntity  422: the CSRF check failed
├── InternalServerError  500: the engine raised (a missing template, a number as a secret, ...)
│   └── BeyondLimits     500: parameters that also the error page fails on, hence its last resort
└── ServiceUnavailable   503: what the engine keeps its records in does not answer
"""

from typing import ClassVar

from .. import grounds
from ..grounds import Ground


class RailsError(Exception):
    """An answer of Rails' public exceptions page; the message is for the journal only."""

    status: ClassVar[int]
    ground: ClassVar[Ground]


class BadRequest(RailsError):
    """The parameters can't be parsed."""

    status = 400
    ground = grounds.PARAMETERS_UNREADABLE


class InvalidUTF8(BadRequest):
    """A parameter is no UTF-8 text."""


class MalformedBody(BadRequest):
    """The JSON body can't be parsed; Rails notices when the first parameter is read."""


class NotFound(RailsError):
    """No route matches path and method."""

    status = 404
    ground = grounds.NO_ROUTE


class MethodNotAllowed(RailsError):
    """The request line's verb is unknown to Rails."""

    status = 405
    ground = grounds.METHOD_UNKNOWN


class NotAcceptable(RailsError):
    """`Accept` or `Content-Type` does not parse as a media type."""

    status = 406
    ground = grounds.NOT_ACCEPTABLE


class UnprocessableEntity(RailsError):
    """The authenticity token is missing, foreign, or the request comes from another origin."""

    status = 422
    ground = grounds.AUTHENTICITY


class InternalServerError(RailsError):
    """The engine raises here; the fake answers what its users would see."""

    status = 500
    ground = grounds.ENGINE_FAILS


class BeyondLimits(InternalServerError):
    """Too many parameters for Rack, or too deep; the error page reads them again and fails."""


class ServiceUnavailable(RailsError):
    """The records are out of reach for now."""

    status = 503
    ground = grounds.STORE_UNAVAILABLE
