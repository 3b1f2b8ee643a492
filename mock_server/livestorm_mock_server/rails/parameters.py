"""How Rack 2.2 and Rails 6.1 turn query strings and bodies into parameters."""

import json
import logging
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from ..patterns import compile_late
from .errors import BadRequest, BeyondLimits, InvalidUTF8, MalformedBody
from .json_comments import without_comments
from .unreadable import bad_escape, no_text, place

Parameter = None | bool | int | float | str | list["Parameter"] | dict[str, "Parameter"]
Parameters = dict[str, Parameter]

_BAD_PERCENT = compile_late(rb"%(?![0-9A-Fa-f]{2})")
_FIRST_NAME = compile_late(r"\A[\[\]]*([^\[\]]+)\]*")
_ARRAY_OF_HASHES = compile_late(r"\A\[\]\[([^\[\]]+)\]\Z|\A\[\](.+)\Z", re.DOTALL)
_QUERY_SEPARATOR = compile_late(rb"[&;] *")
FORM_SEPARATOR = compile_late(rb"& *")
_SURROGATE = compile_late("[\ud800-\udfff]")
_DEPTH_LIMIT = 100
_COUNT_LIMIT = 4096
_JSON_DEPTH_LIMIT = 100


# What clients send wrong is answered, not logged.
logging.getLogger("python_multipart").setLevel(logging.CRITICAL)


def parse_query(query: bytes) -> Parameters:
    """Parse a query string: `&` and `;` separate, the last of a repeated key wins.

    Raises BadRequest on invalid percent-encoding, invalid UTF-8 and conflicting nesting.
    """
    return _parse_nested(_QUERY_SEPARATOR, query)


def parse_form(body: bytes) -> Parameters:
    """Parse a form body: as `parse_query`, but only `&` separates. Raises BadRequest."""
    return _parse_nested(FORM_SEPARATOR, body.removesuffix(b"\0"))


def parse_json(body: bytes) -> Parameters:
    """Parse a JSON body, comments included; what is not an object is put under `_json`.

    Raises MalformedBody, or BadRequest for text that is no Unicode.
    """
    try:
        value = json.loads(without_comments(body.decode()), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedBody(f"the JSON body can't be parsed: {error}") from error
    if _depth_of(value) > _JSON_DEPTH_LIMIT:
        raise MalformedBody(f"the JSON body is nested deeper than {_JSON_DEPTH_LIMIT}")
    return _checked(value if isinstance(value, dict) else {"_json": value})


def parse_multipart(body: bytes, boundary: str) -> Parameters:
    """Parse a multipart body; its parts nest as form fields do.

    One that does not reach its end holds nothing. Raises BadRequest.
    """
    delimiter = f"--{boundary}".encode("latin-1")
    if delimiter + b"--" not in body:
        return {}
    # Few requests are of this kind, and no start should wait for it.
    from python_multipart.exceptions import FormParserError
    from python_multipart.multipart import create_form_parser

    body = body[body.index(delimiter) :]
    parts: list[tuple[bytes, Parameter]] = []
    try:
        parser = create_form_parser(
            {"Content-Type": f'multipart/form-data; boundary="{boundary}"'.encode("latin-1")},
            lambda field: parts.append((field.field_name or b"", _text(field.value or b""))),
            lambda file: parts.append(
                (file.field_name or b"", {"filename": _text(file.file_name or b"")})
            ),
        )
        parser.write(body)
        parser.finalize()
    except FormParserError:
        return {}
    parameters: Parameters = {}
    for name, value in parts:
        _assign(parameters, _text(name), value, _DEPTH_LIMIT)
    return _checked(parameters)


def parse_flat(query: str) -> dict[str, list[str]]:
    """Parse a query string without nesting: each name with all its values, in order.

    Bytes that are no UTF-8 come as lone surrogates. Raises BadRequest.
    """
    pairs: dict[str, list[str]] = {}
    for part in _QUERY_SEPARATOR.split(query.encode()):
        if part:
            encoded_name, _, value = part.partition(b"=")
            name = _unescape(encoded_name)
            pairs.setdefault(name, []).append(_unescape(value, name))
    return pairs


def wire_names(parameters: Parameters) -> Iterator[tuple[str, Parameter]]:
    """Give each value with its name as a form has it: `filter[email]`, `ids[]`."""
    for name, value in parameters.items():
        yield from _named(name, value)


def read_wire_name(name: str) -> str | None:
    """Give a name as `wire_names` gives it, percent-encoded or not; None for one that nothing has.

    Raises BadRequest.
    """
    text = _unescape(name.replace("+", "%2B").encode("utf-8", "surrogatepass"))
    parameters: Parameters = {}
    _assign(parameters, text, "", _DEPTH_LIMIT)
    return next((found for found, _ in wire_names(_checked(parameters))), None)


def _named(name: str, value: Parameter) -> Iterator[tuple[str, Parameter]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _named(f"{name}[{key}]", one)
    elif isinstance(value, list):
        for one in value:
            yield from _named(f"{name}[]", one)
    else:
        yield name, value


def _parse_nested(separator: re.Pattern[bytes], encoded: bytes) -> Parameters:
    if not encoded:
        return {}
    flat = None if separator is _QUERY_SEPARATOR and b";" in encoded else read_flat(encoded)
    return read_nested(separator, encoded) if flat is None else flat


def read_flat(encoded: bytes) -> Parameters | None:
    """Read plain ASCII without nesting, to the same end; None for what needs a closer look.

    Raises BadRequest.
    """
    # A regular expression for this would take longer than all the rest.
    if not encoded.isascii() or b"[" in encoded or b"]" in encoded or b" " in encoded:
        return None
    parameters: Parameters = {}
    parts = encoded.decode().replace("+", " ").split("&")
    if len(parts) > _COUNT_LIMIT:
        return None
    for part in parts:
        name, equals, value = part.partition("=")
        if "%" in part:
            value = _unescape(value.encode(), name)
            if "%" in name or not value.isascii():
                return None
        if name:
            parameters[name] = value if equals else None
    return parameters


def read_nested(separator: re.Pattern[bytes], encoded: bytes) -> Parameters:
    """Read whatever comes as Rack does. Raises BadRequest or BeyondLimits."""
    parameters: Parameters = {}
    parts = separator.split(encoded)
    if len(parts) > _COUNT_LIMIT:
        raise BeyondLimits(f"there are more than {_COUNT_LIMIT} parameters")
    for part in parts:
        if not part:
            continue
        encoded_name, equals, value = part.partition(b"=")
        name = _unescape(encoded_name)
        if _SURROGATE.search(name):
            raise BadRequest(no_text(None))
        _assign(parameters, name, _unescape(value, name) if equals else None, _DEPTH_LIMIT)
    return _checked(parameters)


def _unescape(encoded: bytes, name: str | None = None) -> str:
    """Undo the encoding of a value, or, without a `name`, of a name. Raises BadRequest."""
    bad = _BAD_PERCENT.search(encoded)
    if bad is not None:
        raise BadRequest(bad_escape(name, bad.start()))
    return _text(unquote_to_bytes(encoded.replace(b"+", b" ")))


def _text(raw: bytes) -> str:
    """Decode; bytes that are no UTF-8 are noticed by `_checked`, unless they were replaced."""
    return raw.decode("utf-8", "surrogateescape")


def _checked(parameters: Parameters) -> Parameters:
    """Check that all that is left is text, and drop nulls from arrays."""
    if any(map(_SURROGATE.search, _texts_of(parameters))):
        raise InvalidUTF8(_where_no_text(parameters))
    return {name: _without_nulls(value) for name, value in parameters.items()}


def _where_no_text(parameters: Parameters) -> str:
    for name, value in wire_names(parameters):
        bad = _SURROGATE.search(value) if isinstance(value, str) else None
        if bad is not None:
            return no_text(name, bad.start())
    return no_text(None)


def _without_nulls(value: Parameter) -> Parameter:
    if isinstance(value, list):
        return [_without_nulls(one) for one in value if one is not None]
    if isinstance(value, dict):
        return {name: _without_nulls(one) for name, one in value.items()}
    return value


def _assign(parameters: Parameters, name: str, value: Parameter, depth: int) -> Parameter:
    """Put one `a[b][]=value` where Rack's nesting rules say it belongs."""
    if depth <= 0:
        raise BeyondLimits("the parameters are nested too deeply")
    match = _FIRST_NAME.match(name)
    if match is None:
        return [value] if name == "[]" and value is not None else None
    key, rest = match[1], name[match.end() :]
    if not rest:
        parameters[key] = value
    elif rest == "[":
        parameters[name] = value
    elif rest == "[]":
        _array(parameters, key).append(value)
    elif of_hashes := _ARRAY_OF_HASHES.match(rest):
        _assign_in_array(_array(parameters, key), of_hashes[1] or of_hashes[2], value, depth)
    else:
        nested = parameters.setdefault(key, {})
        if nested is None:
            nested = parameters[key] = {}
        if not isinstance(nested, dict):
            raise BadRequest(f"expected a hash for {place(key)}")
        parameters[key] = _assign(nested, rest, value, depth - 1)
    return parameters


def _assign_in_array(array: list[Parameter], key: str, value: Parameter, depth: int) -> None:
    last = array[-1] if array else None
    if isinstance(last, dict) and not _has_key(last, key):
        _assign(last, key, value, depth - 1)
    else:
        array.append(_assign({}, key, value, depth - 1))


def _array(parameters: Parameters, key: str) -> list[Parameter]:
    array = parameters.get(key)
    if array is None:
        array = parameters[key] = []
    if not isinstance(array, list):
        raise BadRequest(f"expected an array for {place(key)}")
    return array


def _has_key(parameters: Parameters, name: str) -> bool:
    if "[]" in name:
        return False
    found: Parameter = parameters
    for part in re.split(r"[\[\]]+", name):
        if not part:
            continue
        if not isinstance(found, dict) or part not in found:
            return False
        found = found[part]
    return True


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _depth_of(value: object) -> int:
    depth, level = 0, [value]
    while containers := [child for child in level if isinstance(child, dict | list)]:
        depth += 1
        level = [child for container in containers for child in _children(container)]
    return depth


def _children(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _texts_of(value: object) -> Iterator[str]:
    level = [value]
    while level:
        yield from (text for text in level if isinstance(text, str))
        yield from (key for parent in level if isinstance(parent, dict) for key in parent)
        level = [child for parent in level for child in _children(parent)]
