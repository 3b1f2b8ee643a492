"""The way of a request for one of the fake's own pages; none of them is in the journal."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from ..exchange import Exchange
from ..rails.errors import NotFound, RailsError, ServiceUnavailable
from ..rails.request import Request
from ..rails.response import Response, public_exception
from ..sandbox import Sandbox
from ..store.protocol import StoreUnavailableError
from . import callback, home, session
from .paths import CALLBACK, HOME, SESSION
from .surroundings import Surroundings

Answer = Callable[[Exchange, Surroundings], Awaitable[Response]]

_PAGES: Final[Mapping[tuple[str, str], Answer]] = {
    ("GET", HOME): home.show,
    ("GET", CALLBACK): callback.show,
    ("POST", CALLBACK): callback.show,
    ("POST", SESSION): session.choose,
}


async def answer_page(sandbox: Sandbox, request: Request, surroundings: Surroundings) -> Response:
    """Answer a request for a page."""
    exchange = Exchange(request=request, provider=sandbox, now=sandbox.clock.now())
    method = "GET" if request.method == "HEAD" else request.method
    try:
        page = _PAGES.get((method, request.path))
        if page is None:
            raise NotFound(f"there is no page at {method} {request.path}")
        response = await page(exchange, surroundings)
    except RailsError as error:
        response = public_exception(request, error)
    except StoreUnavailableError:
        response = public_exception(request, ServiceUnavailable())
    if request.original_method == "HEAD":
        response.body = b""
    response.headers.setdefault("Content-Length", str(len(response.body)))
    return response
