"""HTTP archives as browsers and proxies write them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

APP, API = "https://app.livestorm.co", "https://api.livestorm.co"


def entry(
    method: str = "GET",
    url: str = f"{API}/v1/me",
    *,
    status: int | str = 200,
    sent: Mapping[str, str] | None = None,
    form: str | None = None,
    headers: Mapping[str, str] | None = None,
    body: str = "",
    **members: object,
) -> dict[str, Any]:
    """Give an entry with the least that all of them have."""
    request: dict[str, Any] = {"method": method, "url": url, "headers": pairs(sent or {})}
    if form is not None:
        request["postData"] = {"mimeType": "application/x-www-form-urlencoded", "text": form}
    response = {
        "status": status,
        "headers": pairs(headers or {"Content-Type": "application/vnd.api+json"}),
        "content": {"size": len(body), "mimeType": "", "text": body},
    }
    started = "2026-11-20T10:00:00.000Z"
    return {"startedDateTime": started, "request": request, "response": response, **members}


def pairs(members: Mapping[str, str]) -> list[dict[str, str]]:
    """Give names and values as an archive has them."""
    return [{"name": name, "value": value} for name, value in members.items()]


def archive(entries: Sequence[object], creator: str = "WebInspector") -> bytes:
    """Give an archive."""
    log = {"version": "1.2", "creator": {"name": creator, "version": "1"}, "entries": entries}
    return json.dumps({"log": log}).encode()
