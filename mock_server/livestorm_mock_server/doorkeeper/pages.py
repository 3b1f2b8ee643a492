"""The provider's pages; each carries the session cookie and the CSRF tokens of its forms."""

from msgspec.structs import replace

from ..exchange import Exchange
from ..rails.csrf import Session, form_token, global_token
from ..rails.errors import InternalServerError
from ..rails.response import HTML, Response, render
from ..rendering.environment import environment
from .sessions import keep_session, open_session

_PAD_BYTES = 32


def render_page(exchange: Exchange, template: str, *, status: int, **values: object) -> Response:
    """Render a template of this package as HTML.

    Raises InternalServerError where the client takes no HTML: there is no other template.
    """
    request = exchange.request
    if not request.takes("html"):
        raise InternalServerError(f"there is no template for {request.formats}")
    tokens = _Tokens(exchange, open_session(exchange))
    # A script gets the page without its frame.
    frame = "bare.html" if request.formats == ["js"] else "layout.html"
    html = (
        environment(__package__).get_template(template).render(frame=frame, tokens=tokens, **values)
    )
    response = render(request, html, content_type=HTML, status=status)
    return tokens.keep_session(response)


class _Tokens:
    """What a page takes from the session, whose cookie is set only if it takes something."""

    def __init__(self, exchange: Exchange, session: Session) -> None:
        self._exchange = exchange
        self._session = session
        self._used = False

    def for_page(self) -> str:
        """Give the token that is good for every form."""
        return global_token(self._secret(), self._pad())

    def for_form(self, path: str, method: str) -> str:
        """Give the token that is good for one form only."""
        return form_token(self._secret(), self._pad(), path, method)

    @property
    def notice(self) -> bool:
        """Whether the page tells what was just done."""
        return self._session.has_notice

    def keep_session(self, response: Response) -> Response:
        """Set the session's cookie, if the session was used."""
        if not self._used:
            return response
        return keep_session(self._exchange, replace(self._session, has_notice=False), response)

    def _secret(self) -> bytes:
        self._used = True
        return self._session.secret

    def _pad(self) -> bytes:
        return self._exchange.provider.randomness.bytes(_PAD_BYTES)
