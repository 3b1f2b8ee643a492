"""Error answers of the API (JSON:API, section "Error Objects"; all members are strings)."""

from collections.abc import Mapping

from ..exchange import Exchange
from ..rails.response import Response, dump_json, render


def render_document(
    exchange: Exchange,
    document: object,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer with a JSON:API document."""
    return render(
        exchange.request,
        dump_json(document),
        content_type=exchange.options.api_content_type,
        status=status,
        headers=headers,
    )


def error_object(
    *, title: str, detail: str, code: str, status: str | None = None
) -> dict[str, str]:
    """Make one error object; `status` is a word at Livestorm ("unauthorized", measured)."""
    return {"title": title, "detail": detail, "code": code, "status": status or code}


def render_error(
    exchange: Exchange,
    http_status: int,
    *errors: dict[str, str],
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer `{"errors": [...]}`."""
    return render_document(exchange, {"errors": list(errors)}, status=http_status, headers=headers)
