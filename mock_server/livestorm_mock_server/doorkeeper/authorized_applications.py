"""`/oauth/authorized_applications`: where a user sees and disconnects applications."""

from datetime import UTC, datetime

from msgspec.structs import replace

from ..exchange import Exchange
from ..rails.errors import InternalServerError, NotAcceptable
from ..rails.response import Response, redirect, render_json
from ..store.records import Application
from .pages import render_page
from .sessions import check_csrf, keep_session, signed_in

PATH = "/oauth/authorized_applications"


async def list_applications(exchange: Exchange) -> Response:
    """List the user's applications as a page, or as JSON for those who ask for it."""
    shown = _format(exchange)
    user = signed_in(exchange)
    applications = [] if user is None else await exchange.store.authorized_applications(user)
    exchange.reason = f"{len(applications)} applications have a token of the user"
    if shown == "json":
        return render_json(exchange.request, [_members(one) for one in applications])
    rows = [(one, f"{exchange.request.prefix}{PATH}/{one.id}") for one in applications]
    return render_page(
        exchange,
        "authorized_applications.html",
        status=200,
        applications=rows,
        created_at=lambda one: f"{_created_at(one):%Y-%m-%d %H:%M:%S UTC}",
    )


async def disconnect_application(exchange: Exchange, application_id: str) -> Response:
    """Revoke all codes and tokens of the user for an application."""
    session = check_csrf(exchange)
    user = signed_in(exchange)
    if user is not None and application_id.isdecimal():
        await exchange.store.revoke_application(user, int(application_id), exchange.now)
    exchange.reason = "the user disconnected the application"
    if _format(exchange) == "json":
        raise InternalServerError("the engine has no JSON template here")
    response = redirect(exchange.request, exchange.request.root_url + PATH)
    return keep_session(exchange, replace(session, has_notice=True), response)


def _format(exchange: Exchange) -> str:
    """Give the first format asked for that there is an answer in. Raises NotAcceptable."""
    for symbol in exchange.request.formats:
        if symbol in ("html", "json"):
            return symbol
        if symbol == "*/*":
            return "html"
    raise NotAcceptable("the list exists as HTML and JSON only")


def _members(application: Application) -> dict[str, object]:
    members: dict[str, object] = {"id": application.id, "name": application.name}
    if not application.confidential:
        members["uid"] = application.client_id
    moment = _created_at(application)
    return members | {"created_at": f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"}


def _created_at(application: Application) -> datetime:
    return datetime.fromtimestamp(application.created_at, UTC)
