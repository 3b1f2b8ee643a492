"""`api_error`: an error of the API (JSON:API, section "Error Objects")."""

from typing import Annotated, Literal

import msgspec

from ..api.errors import error_object, render_error
from ..exchange import Exchange
from ..rails.response import Response, phrase_of
from .fault import Fault, Proceed


class APIErrorFault(Fault, frozen=True, kw_only=True, tag="api_error"):
    """Answer `{"errors": [{"title", "detail", "code", "status"}]}`."""

    status: Annotated[int, msgspec.Meta(ge=400, le=599)]
    """The HTTP status."""
    title: str | None = None
    """Absent, the status in words."""
    detail: str | None = None
    """Absent, a sentence with the status."""
    code: str | None = None
    """Absent, the status."""
    count: Annotated[int, msgspec.Meta(ge=0, le=100)] = 1
    """How many error objects the list holds; 0 is an empty list."""
    without: tuple[Literal["title", "detail", "code", "status"], ...] = ()
    """Members to leave out of each error object."""

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Answer with the error objects."""
        if self.phase == "after":
            await proceed()
        phrase = phrase_of(self.status) or f"Status {self.status}"
        error = error_object(
            title=self.title or phrase,
            detail=self.detail or f"The request failed: {phrase.lower()}",
            code=self.code or str(self.status),
            status=phrase.lower().replace(" ", "_"),
        )
        error = {name: value for name, value in error.items() if name not in self.without}
        return render_error(exchange, self.status, *[error] * self.count)
