"""A page of the fake's own, as an answer."""

from ..rails.response import HTML, Response
from ..rendering.environment import environment

_HEADERS = {
    "Content-Type": HTML,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""What holds beside the policy in the page itself; codes in an address are told to nobody."""


def render(template: str, *, status: int = 200, **values: object) -> Response:
    """Answer with a template of this package."""
    body = environment(__package__).get_template(template).render(**values).encode()
    headers = _HEADERS | {"Content-Length": str(len(body))}
    return Response(status=status, headers=headers, body=body)
