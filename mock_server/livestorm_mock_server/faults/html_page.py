"""`html_page`: the page that a gateway puts in place of an answer."""

from typing import Annotated

import msgspec

from ..exchange import Exchange
from ..header_fields import OneLine
from ..rails.response import Response, phrase_of
from ..rails.text import escape_html
from .bodies import check_status_with_body
from .fault import Fault, Proceed


class HTMLPageFault(Fault, frozen=True, kw_only=True, tag="html_page"):
    """Answer with HTML: a crash, a maintenance window, a bad gateway."""

    status: Annotated[int, msgspec.Meta(ge=200, le=599)] = 500
    """The HTTP status."""
    content_type: OneLine = "text/html; charset=utf-8"
    """Set it to a JSON type for a page that lies about itself."""
    title: str | None = None
    """The heading; absent, the status in words."""

    def check(self, where: str) -> None:
        """Check that the body is sent. Raises InvalidInputError."""
        check_status_with_body(self.status, where)

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Answer with the page."""
        if self.phase == "after":
            await proceed()
        title = escape_html(self.title or f"{self.status} {phrase_of(self.status)}".strip())
        page = (
            f"<!DOCTYPE html>\n<html><head><title>{title}</title></head>"
            f"<body><h1>{title}</h1></body></html>\n"
        )
        headers = {"Content-Type": self.content_type}
        return Response(status=self.status, headers=headers, body=page.encode())
