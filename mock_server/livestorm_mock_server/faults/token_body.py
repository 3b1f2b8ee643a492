"""`token_body`: a token answer whose body has another form."""

from collections.abc import Callable
from typing import ClassVar, Literal

from ..exchange import Exchange
from ..rails.response import JSON, Response
from ..rails.text import encode_form, to_s
from .fault import Fault, Proceed
from .token_fields import read_members

_TEXT = "text/plain; charset=utf-8"


class TokenBodyFault(Fault, frozen=True, kw_only=True, tag="token_body"):
    """Put the body of the answer into a form that RFC 6749, section 5.1 does not allow."""

    places: ClassVar[tuple[str, ...]] = ("token",)

    variant: Literal[
        "error_200",
        "array",
        "null",
        "empty",
        "no_content",
        "form_encoded",
        "bom",
        "utf_16",
        "wrong_charset",
        "wrong_content_type",
        "duplicate_keys",
        "deep_nesting",
    ]
    """The form."""

    phase: Literal["before", "after"] = "after"

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Change status, content type and body."""
        response = await proceed.to_spoil()
        status, content_type, change = _FORMS[self.variant]
        response.status = status or response.status
        response.headers["Content-Type"] = content_type
        response.body = change(response.body)
        if status == 204:
            del response.headers["Content-Type"]
        return response


def _as_form(body: bytes) -> bytes:
    members = read_members(body)
    return encode_form((name, to_s(value)) for name, value in members.items()).encode()


def _with_duplicates(body: bytes) -> bytes:
    return b'{"access_token":"first","token_type":"mac",' + body.removeprefix(b"{")


_ERROR = b'{"error":"invalid_grant","error_description":"The grant is gone."}'
_FORMS: dict[str, tuple[int | None, str, Callable[[bytes], bytes]]] = {
    "error_200": (200, JSON, lambda _: _ERROR),
    "array": (None, JSON, lambda body: b"[" + body + b"]"),
    "null": (None, JSON, lambda _: b"null"),
    "empty": (None, JSON, lambda _: b""),
    "no_content": (204, JSON, lambda _: b""),
    "form_encoded": (None, "application/x-www-form-urlencoded", _as_form),
    "bom": (None, JSON, lambda body: b"\xef\xbb\xbf" + body),
    "utf_16": (
        None,
        "application/json; charset=utf-16",
        lambda body: body.decode().encode("utf-16"),
    ),
    "wrong_charset": (None, "application/json; charset=iso-2022-jp", lambda body: body),
    "wrong_content_type": (None, _TEXT, lambda body: body),
    "duplicate_keys": (None, JSON, _with_duplicates),
    "deep_nesting": (None, JSON, lambda _: b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
}
