"""`answer`: any answer at all, byte for byte."""

import base64
from collections.abc import Mapping
from typing import Annotated

import msgspec

from ..exchange import Exchange
from ..header_fields import FieldName, OneLine, check_no_framing
from ..rails.response import Response
from ..reading import InvalidInputError
from .bodies import check_status_with_body
from .fault import Fault, Proceed


class AnswerFault(Fault, frozen=True, kw_only=True, tag="answer"):
    """Answer with this status, these headers and this body."""

    status: Annotated[int, msgspec.Meta(ge=200, le=599)] = 200
    """The HTTP status."""
    content_type: OneLine | None = None
    """Absent, the answer has none."""
    headers: Mapping[FieldName, OneLine] = msgspec.field(default_factory=dict)
    """Further headers."""
    body: str = ""
    """The body as a text, sent as UTF-8."""
    body_base64: str | None = None
    """The body as bytes in base64, instead of `body`."""

    def check(self, where: str) -> None:
        """Check that there is one body at most, that it can be decoded, and that it is sent.

        Raises InvalidInputError.
        """
        if self.body and self.body_base64 is not None:
            raise InvalidInputError(f"{where}body_base64", self.body_base64, "one body only")
        check_no_framing(self.headers, where)
        try:
            body = self._bytes()
        except ValueError:
            raise InvalidInputError(f"{where}body_base64", self.body_base64, "base64") from None
        if body:
            check_status_with_body(self.status, where)

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Answer."""
        if self.phase == "after":
            await proceed()
        headers = dict(self.headers)
        if self.content_type is not None:
            headers["Content-Type"] = self.content_type
        return Response(status=self.status, headers=headers, body=self._bytes())

    def _bytes(self) -> bytes:
        if self.body_base64 is None:
            return self.body.encode()
        return base64.b64decode(self.body_base64, validate=True)
