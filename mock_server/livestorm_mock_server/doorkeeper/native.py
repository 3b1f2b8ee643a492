"""`GET /oauth/authorize/native`: the page that shows a code to out-of-band clients."""

from ..exchange import Exchange
from ..rails.errors import NotAcceptable
from ..rails.response import Response
from ..rails.text import to_s
from .pages import render_page


async def show_code(exchange: Exchange) -> Response:
    """Show the `code` parameter, whatever it is; the engine checks nothing here.

    Raises NotAcceptable.
    """
    if not exchange.request.takes("html"):
        raise NotAcceptable("the page exists as HTML only")
    code = to_s(exchange.request.parameters.get("code"))
    lifetime = exchange.options.authorization_code_expires_in
    return render_page(exchange, "native.html", status=200, code=code, lifetime=lifetime)
