"""Header fields as people write them: what may be a name or a value, and what is not theirs."""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from .reading import InvalidInputError

FieldName = Annotated[
    str,
    msgspec.Meta(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~\-]+$", description="the name of a header"),
]
"""A token (RFC 9110, section 5.6.2)."""
OneLine = Annotated[
    str, msgspec.Meta(pattern=r"^[^\x00-\x08\x0a-\x1f\x7f]*$", description="a text on one line")
]
"""What can be the value of a header."""

_FRAMING = ("connection", "content-length", "transfer-encoding")
_NO_FRAMING = "no header that frames the answer; short_body and cut_chunked do that"


def check_no_framing(headers: Mapping[str, str], where: str) -> None:
    """Check that no header frames the answer; `where` leads to them. Raises InvalidInputError."""
    for name, value in headers.items():
        if name.lower() in _FRAMING:
            raise InvalidInputError(f"{where}headers.{name}", value, _NO_FRAMING)
