"""What a query asks of a list: a page, filters, what is included."""

from collections.abc import Mapping

import msgspec

from ... import grounds
from ...collections.declared import Filter, Kind
from ...exchange import Exchange
from ...rails.parameters import Parameter
from ...rails.text import to_s
from .refusals import Refused, malformed


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a list that is asked for; numbers begin with 0."""

    number: int
    size: int

    @property
    def span(self) -> slice:
        """Where it is in the list."""
        return slice(self.number * self.size, (self.number + 1) * self.size)

    def meta(self, record_count: int) -> dict[str, int | None]:
        """Say where it is in a list of so many items."""
        page_count = -(-record_count // self.size)
        return {
            "current_page": self.number,
            "previous_page": self.number - 1 if self.number else None,
            "next_page": self.number + 1 if self.number + 1 < page_count else None,
            "record_count": record_count,
            "page_count": page_count,
            "items_per_page": self.size,
        }


def read_page(exchange: Exchange) -> Page:
    """Read `page[number]` and `page[size]`. Raises Refused."""
    options, given = exchange.options, _group(exchange, "page")
    for name in given:
        if name not in ("number", "size"):
            raise malformed(f"page[{name}] is not supported")
    number = _read_number(given, "number", 0, least=0)
    size = _read_number(given, "size", options.default_page_size, least=1)
    if size > options.largest_page_size:
        if options.page_size_beyond == "error":
            raise malformed(f"page[size] is {size}, and {options.largest_page_size} at most")
        size = options.largest_page_size
    return Page(number=number, size=size)


def has_paging(exchange: Exchange) -> bool:
    """Tell whether there is a paging parameter."""
    return "page" in exchange.request.query_parameters


def read_filters(exchange: Exchange, kind: Kind) -> list[tuple[Filter, str]]:
    """Read what is filtered by, each with its value. Raises Refused."""
    found: list[tuple[Filter, str]] = []
    for name, value in _group(exchange, "filter").items():
        if name in kind.filters:
            if isinstance(value, dict | list):
                raise malformed(f"filter[{name}] is no text")
            found.append((kind.filters[name], to_s(value)))
        elif exchange.options.unknown_filter == "error":
            raise Refused(400, grounds.FILTER_UNKNOWN, f"filter[{name}] is not supported")
    return found


def read_include(exchange: Exchange, kind: Kind) -> list[str]:
    """Read which relationships are to be included. Raises Refused."""
    value = exchange.request.query_parameters.get("include")
    if isinstance(value, dict | list):
        raise malformed("include is no text")
    asked = [name for name in dict.fromkeys(to_s(value).split(",")) if name]
    strange = [name for name in asked if name not in kind.relationships]
    if strange and exchange.options.unknown_include == "error":
        raise Refused(400, grounds.INCLUDE_UNKNOWN, f"include={strange[0]} is not supported")
    return [name for name in asked if name in kind.relationships]


def _group(exchange: Exchange, name: str) -> Mapping[str, Parameter]:
    """Give the members of `filter[...]` or `page[...]`. Raises Refused."""
    given = exchange.request.query_parameters.get(name)
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise malformed(f"{name} has no name in brackets")
    return given


_MOST_DIGITS = 12


def _read_number(given: Mapping[str, Parameter], name: str, default: int, *, least: int) -> int:
    if name not in given:
        return default
    text = given[name]
    is_number = isinstance(text, str) and text.isascii() and text.isdigit()
    if not is_number or len(str(text)) > _MOST_DIGITS or int(str(text)) < least:
        raise malformed(f"page[{name}] is {to_s(text)[:80]!r}, and no integer from {least} on")
    return int(str(text))
