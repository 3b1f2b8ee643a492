"""Exchanges that never were."""

from collections.abc import Mapping
from urllib.parse import urlencode

from livestorm_contract_tests.fake.journal import Exchange

FORM = "application/x-www-form-urlencoded"


def sent_form(
    parameters: Mapping[str, str],
    *,
    headers: Mapping[str, str] | None = None,
    target: str = "/oauth/token",
) -> Exchange:
    """Make a form that was posted to the token endpoint, and answered 400."""
    lines = {"host": "127.0.0.1:40117", "content-type": FORM, **(headers or {})}
    return Exchange(
        seq=1,
        endpoint="token.authorization_code",
        method="POST",
        target=target,
        request_headers=lines,
        request_header_lines=list(lines.items()),
        request_body=urlencode(parameters),
        parameters=parameters,
        status=400,
        headers={"content-type": "application/json"},
        body=b'{"error": "invalid_grant"}',
    )
