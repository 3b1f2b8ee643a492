"""The provider's pages; each carries the session cookie and the CSRF tokens of its forms."""

from functools import cache
from typing import TYPE_CHECKING

from ..exchange import Exchange
from ..rails.csrf import form_token, global_token, session_cookie
from ..rails.errors import InternalServerError
from ..rails.response import HTML, Response, render

if TYPE_CHECKING:
    from jinja2 import Environment

_PAD_BYTES = 32


def render_page(exchange: Exchange, template: str, *, status: int, **values: object) -> Response:
    """Render a template of this package as HTML.

    Raises InternalServerError where the client takes no HTML: there is no other template.
    """
    request, sandbox = exchange.request, exchange.sandbox
    if not request.takes("html"):
        raise InternalServerError(f"there is no template for {request.formats}")
    secret = sandbox.read_session_secret(request) or sandbox.randomness.bytes(_PAD_BYTES)

    def token_for(path: str, method: str) -> str:
        return form_token(secret, sandbox.randomness.bytes(_PAD_BYTES), path, method)

    meta_token = global_token(secret, sandbox.randomness.bytes(_PAD_BYTES))
    page = _environment().get_template(template)
    html = page.render(csrf_token=meta_token, form_token=token_for, **values)
    response = render(request, html, content_type=HTML, status=status)
    cookie = session_cookie(exchange.options.session_cookie, secret, request.prefix)
    response.fields.append(("Set-Cookie", cookie))
    return response


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader(__package__, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
