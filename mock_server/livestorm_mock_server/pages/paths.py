"""Where the fake's own pages are, and which requests ask for them."""

from typing import Final

from ..rails.request import Request
from ..real_hosts import is_real

HOME: Final = "/"
PAGES: Final = "/_pages/"
CALLBACK: Final = f"{PAGES}callback"
"""The redirect URI that clients have where nobody says another."""
SESSION: Final = f"{PAGES}session"
"""Where the form goes that says who is signed in."""


def is_page(request: Request) -> bool:
    """Tell whether a request is for a page of the fake's own.

    The provider answers 404 at its root, as recorded; only a browser that is sent there by a
    person, which no client is, gets a page instead.
    https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header
    """
    if request.raw_path != HOME:
        return request.raw_path.startswith(PAGES)
    return request.header("sec-fetch-dest") == "document" and not is_real(request.host)
