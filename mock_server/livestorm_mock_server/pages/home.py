"""`/`, for a browser: what this is, and where to go from here."""

from ..exchange import Exchange
from ..rails.response import Response
from .links import authorize_url
from .page import render
from .surroundings import Surroundings


async def show(exchange: Exchange, surroundings: Surroundings) -> Response:
    """Show the page."""
    applications = await exchange.store.applications()
    client = next((one for one in applications if one.confidential), applications[0])
    return render(
        "home.html",
        surroundings=surroundings,
        release=exchange.options.release,
        application=client,
        url=authorize_url(surroundings.app_url, client.client_id, client.redirect_uris[0]),
    )
