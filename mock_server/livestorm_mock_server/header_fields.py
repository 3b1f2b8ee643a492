"""Header fields as people write them: what may be a name or a value, and what is not theirs."""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from .reading import InvalidInputError

# A `$` alone matches before a last line break, too.
FieldName = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~\-]+$(?!\n)", description="the name of a header"
    ),
]
"""A token (RFC 9110, section 5.6.2)."""
OneLine = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[^\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]*$(?!\n)",
        description="a text on one line",
    ),
]
"""What can be sent as the value of a header."""
ReceivedValue = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^([\x21-\x7e\x80-\xff]([\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$(?!\n)",
        description="the value of a header (Latin-1, no white space around it)",
    ),
]
"""What can have come as the value of a header (RFC 9110, section 5.5)."""

_FRAMING = ("connection", "content-length", "transfer-encoding")
_NO_FRAMING = "no header that frames the answer; short_body and cut_chunked do that"


def check_no_framing(headers: Mapping[str, str], where: str) -> None:
    """Check that no header frames the answer; `where` leads to them. Raises InvalidInputError."""
    for name, value in headers.items():
        if name.lower() in _FRAMING:
            raise InvalidInputError(f"{where}headers.{name}", value, _NO_FRAMING)
