"""The lines of a request's head, by the grammar of Puma, the recorded provider's server.

What was measured on Puma 5.6.5 is kept by `make conformance`; where it takes more or less than
RFC 9112 does, so does this.
"""

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from .limits import (
    MAX_FIELD_NAME,
    MAX_FIELD_VALUE,
    MAX_FRAGMENT,
    MAX_PATH,
    MAX_QUERY,
    MAX_TARGET,
)
from .patterns import compile_late
from .refusal import Refused

_MAX_REQUEST_LINE: Final = MAX_TARGET + 2 * MAX_FRAGMENT
"""Bytes of one that has no end yet; none that is taken is longer."""

_METHOD = rb"[A-Z0-9$\-._]{1,20}"
_CHARACTER = rb"[!$-;=?-~\x80-\xff]"
_PATH_CHARACTER = rb"[!$-;=@-~\x80-\xff]"
_SCHEME = rb"[A-Za-z0-9+\-.]*:"
_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]"
_TEXT = rb"[\t\x20-\x7e\x80-\xff]"

_REQUEST_LINE = compile_late(
    rb"(?P<method>%(method)s) "
    rb"(?P<target>/(?P<path>%(path)s*)(?:\?(?P<query>%(any)s*))?|\*|%(scheme)s%(any)s*)"
    rb"(?:#(?P<fragment>%(any)s*))? HTTP/(?P<version>[0-9]+\.[0-9]+)"
    % {b"method": _METHOD, b"path": _PATH_CHARACTER, b"any": _CHARACTER, b"scheme": _SCHEME}
)
_WHOLE_HEAD = compile_late(
    rb"(?P<method>%(method)s) (?P<target>(?P<path>/%(path)s*)(?:\?(?P<query>%(any)s*))?)"
    rb" HTTP/1\.1\r\n(?P<fields>(?:%(token)s{1,%(longest)d}:%(text)s*\r\n)*)"
    % {
        b"method": _METHOD,
        b"path": _PATH_CHARACTER,
        b"any": _CHARACTER,
        b"token": _TOKEN,
        b"longest": MAX_FIELD_NAME,
        b"text": _TEXT,
    }
)
SHORT_HEAD: Final = 4096
"""Bytes of a head in which nothing but a field's name can be too long."""
_REQUEST_LINE_BEGUN = compile_late(
    rb"(?:%(method)s)?\Z"
    rb"|%(method)s (?:(?:/%(any)s*|%(scheme)s%(any)s*|\*)(?:#%(any)s*)?|[A-Za-z0-9+\-.]*)\Z"
    rb"|%(method)s (?:/%(any)s*|%(scheme)s%(any)s*|\*)(?:#%(any)s*)?"
    rb" (?:H(?:T(?:T(?:P(?:/(?:[0-9]+(?:\.(?:[0-9]+\r?)?)?)?)?)?)?)?)?\Z"
    % {b"method": _METHOD, b"any": _CHARACTER, b"scheme": _SCHEME}
)
_FIELD = compile_late(rb"(?P<name>%s+): *(?P<value>%s*)" % (_TOKEN, _TEXT))
_FIELD_BEGUN = compile_late(rb"(?:\r|%s+(?::%s*\r?)?)?\Z" % (_TOKEN, _TEXT))
_FIELD_GOES_ON = compile_late(rb"%s*\r?\Z" % _TEXT)

# What Ruby's URI takes for a target that is no path, as far as Puma's grammar lets it through.
_URL_PATH = rb"(?:%[0-9A-Fa-f]{2}|[!$&-;=@-Z_a-z~])*"
_URL = compile_late(
    rb"(?:(?P<asterisk>\*)|[A-Za-z][A-Za-z0-9+\-.]*:"
    rb"(?://(?:(?:%%[0-9A-Fa-f]{2}|[!$&-.0-;=A-Z_a-z~])*@)?"
    rb"(?:\[[0-9A-Fa-fv:.]*\]|(?:%%[0-9A-Fa-f]{2}|[!$&-.0-9;=A-Z_a-z~])*)(?::[0-9]*)?|(?!//))"
    rb"(?P<path>(?:/%s)?))(?:\?(?P<query>(?:[!$&-;=?-~]|%%[0-9A-Fa-f]{2})*))?" % _URL_PATH
)

_WRONG_LINES = tuple(
    (compile_late(begun % {b"method": _METHOD, b"any": _CHARACTER}), told)
    for begun, told in (
        (rb"[\r\n]|\Z", "a line break before the request line"),
        (rb"%(method)s\r?\n?\Z", "a request line without a target"),
        (rb"%(method)s  ", "two spaces before the request target"),
        (rb"%(method)s [^ \r\n]+  ", "two spaces before the HTTP version"),
        (rb"%(method)s %(any)s+ ?\r?\n?\Z", "a request line without an HTTP version"),
        (rb"%(method)s [^ \r\n]+ HTTP/[0-9]+\.[0-9]+\Z", "a request target that no URL has"),
        (
            rb"%(method)s [^ \r\n]+ HTTP/[0-9.]+[\r\n]",
            "a request line that does not end with CR LF",
        ),
        (rb"%(method)s [^ \r\n]+ ", "no HTTP version behind the request target"),
        (rb"%(method)s ", "a request target that no URL has"),
        (rb"", "no HTTP method"),
    )
)
"""What a request line begins with that is none, the first that matches, and what to say."""
_WRONG_FIELDS = tuple(
    (compile_late(begun % {b"token": _TOKEN, b"text": _TEXT}), told)
    for begun, told in (
        (rb"[ \t]", "a folded header field, or white space before its name"),
        (rb"[\r\n]", "a head that does not end with CR LF"),
        (rb"%(token)s+[ \t]+:", "white space between a header's name and its colon"),
        (rb"%(token)s+:%(text)s*[\r\n]", "a header field that does not end with CR LF"),
        (rb"%(token)s+:", "a control character in a header field"),
        (rb"%(token)s+[\r\n]*\Z", "a header field without a colon"),
        (rb"", "a character that no header's name has"),
    )
)


class RequestLine(msgspec.Struct, frozen=True, kw_only=True):
    """A request line; `path` and `query` are what of the target the application is given."""

    method: str
    target: bytes
    path: bytes
    query: bytes
    version: str


def read_request_line(line: bytes) -> RequestLine:
    """Read a request line without its end. Raises Refused."""
    found = _REQUEST_LINE.fullmatch(line)
    if found is None:
        raise _wrong(line, _WRONG_LINES)
    target = found["target"]
    path = b"" if found["path"] is None else b"/" + found["path"]
    _check_length("the fragment of the target", found["fragment"] or b"", MAX_FRAGMENT)
    _check_length("the request target", target, MAX_TARGET)
    _check_length("the query string", target.partition(b"?")[2], MAX_QUERY)
    _check_length("the path", path, MAX_PATH)
    return RequestLine(
        method=found["method"].decode(),
        target=target,
        path=path,
        query=found["query"] or b"",
        version=found["version"].decode(),
    )


def read_whole_head(head: bytes) -> tuple[RequestLine, list[tuple[bytes, bytes]]] | None:
    """Read a head at once, its lines with their ends; None for one that is not as most are."""
    found = _WHOLE_HEAD.fullmatch(head) if len(head) <= SHORT_HEAD else None
    if found is None:
        return None
    method, target, path, query, lines = found.groups()
    line = RequestLine(
        method=method.decode(), target=target, path=path, query=query or b"", version="1.1"
    )
    fields = []
    for field in lines.split(b"\r\n")[:-1]:
        name, _, value = field.partition(b":")
        fields.append((name, value.lstrip(b" ").rstrip(b" \t")))
    return line, fields


def locate(line: RequestLine) -> tuple[bytes, bytes]:
    """Give path and query of the target. Raises Refused where it leads to none."""
    if line.path:
        return line.path, line.query
    url = _URL.fullmatch(line.target)
    if url is None:
        raise Refused("the request target leads to no path", 500)
    return url["asterisk"] or url["path"], url["query"] or b""


def read_field(line: bytes) -> tuple[bytes, bytes]:
    """Read a field line without its end. Raises Refused."""
    found = _FIELD.fullmatch(line)
    if found is None:
        raise _wrong(line, _WRONG_FIELDS)
    name, value = found["name"], found["value"].rstrip(b" \t")
    _check_length("the name of a header field", name, MAX_FIELD_NAME)
    _check_length("a header field", value, MAX_FIELD_VALUE)
    return name, value


def check_request_line_begun(line: bytes | bytearray) -> None:
    """Check what there is of a request line. Raises Refused where it can be none."""
    if len(line) > _MAX_REQUEST_LINE:
        raise Refused(f"the request line is longer than {_MAX_REQUEST_LINE} bytes")
    if _REQUEST_LINE_BEGUN.match(line) is None:
        raise _wrong(line, _WRONG_LINES)


def check_field_begun(line: bytes | bytearray, seen: int) -> None:
    """Check what there is of a field line, of which `seen` bytes were right.

    Raises Refused where it can be none.
    """
    colon = line.find(b":", 0, MAX_FIELD_NAME + 1)
    known = _FIELD_GOES_ON.match(line, seen - 1) if 0 <= colon < seen else _FIELD_BEGUN.match(line)
    if known is None:
        raise _wrong(line, _WRONG_FIELDS)
    if colon < 0 and len(line) > MAX_FIELD_NAME:
        raise Refused(f"the name of a header field is longer than {MAX_FIELD_NAME} bytes")


def value_of(fields: Mapping[bytes, list[bytes]], name: bytes) -> bytes | None:
    """Give the value of a field; several of one name are joined by a comma."""
    return b", ".join(fields[name]) if name in fields else None


def _check_length(what: str, part: bytes, most: int) -> None:
    if len(part) > most:
        raise Refused(f"{what} is longer than {most} bytes")


def _wrong(line: bytes | bytearray, reasons: tuple[tuple[re.Pattern[bytes], str], ...]) -> Refused:
    return Refused(next(told for begun, told in reasons if begun.match(line)))
