"""Content negotiation of Rails 6.1: from `Accept` and `Content-Type` to format symbols."""

from collections.abc import Iterator

import msgspec

from ..patterns import compile_late
from .errors import NotAcceptable

ALL = "*/*"


class NegotiationRules(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between providers in how they negotiate formats, and in what they tell of it."""

    ignores_accept: bool = False
    """Rails' `ignore_accept_header`: the format comes from the path or from XMLHttpRequest."""
    vary_names_all: bool = False
    """`Vary` names all headers that are read (Rails since CVE-2026-126073); before, `Accept`."""


RULES = NegotiationRules()
"""What Rails does unless told otherwise."""

# Media types that Rails registers, by the symbol it knows them by.
_SYMBOLS = {
    "html": ("text/html", "application/xhtml+xml"),
    "text": ("text/plain",),
    "js": ("text/javascript", "application/javascript", "application/x-javascript"),
    "css": ("text/css",),
    "ics": ("text/calendar",),
    "csv": ("text/csv",),
    "vcf": ("text/vcard",),
    "vtt": ("text/vtt",),
    "xml": ("application/xml", "text/xml", "application/x-xml"),
    "rss": ("application/rss+xml",),
    "atom": ("application/atom+xml",),
    "yaml": ("application/x-yaml", "text/yaml"),
    "multipart_form": ("multipart/form-data",),
    "url_encoded_form": ("application/x-www-form-urlencoded",),
    "json": ("application/json", "text/x-json", "application/jsonrequest"),
    "pdf": ("application/pdf",),
    "zip": ("application/zip",),
    "gzip": ("application/gzip", "application/x-gzip"),
    "png": ("image/png",),
    "jpeg": ("image/jpeg",),
    "gif": ("image/gif",),
    "svg": ("image/svg+xml",),
}
_SYMBOL_OF = {name: symbol for symbol, names in _SYMBOLS.items() for name in names}
_EXTENSIONS = {symbol: symbol for symbol in _SYMBOLS} | {
    "xhtml": "html",
    "txt": "text",
    "yml": "yaml",
    "gz": "gzip",
    "jpg": "jpeg",
}

_NAME = r"[a-zA-Z0-9][a-zA-Z0-9!#$&\-^_.+]{0,126}"
_PARAMETERS = rf"(?:(?:\s*;\s*{_NAME}(?:=\"?{_NAME}\"?)?)+\s*)?"
_MEDIA_TYPE = compile_late(rf"\A(?:\*/\*|{_NAME}/(?:\*|{_NAME}){_PARAMETERS})\Z")
_SEPARATOR = compile_late(r";\s*\w+=\"?\w+\"?")
_LEADING_NUMBER = compile_late(r"\s*[+-]?(?:\d+(?:\.\d+)?|\.\d+)")
_BROWSER_LIKE = compile_late(r",\s*\*/\*|\*/\*\s*,")
_TRAILING_STAR = compile_late(r"\A(text|application)/\*")


def symbol_of(media_type: str) -> str | None:
    """Give Rails' symbol for a media type, None for one it does not know.

    Raises NotAcceptable where the text is no media type.
    """
    if media_type in _SYMBOL_OF:
        return _SYMBOL_OF[media_type]
    if not _MEDIA_TYPE.match(media_type):
        raise NotAcceptable(f"{media_type!r} is not a media type")
    return None


def symbol_of_extension(extension: str) -> str | None:
    """Give Rails' symbol for a path suffix or `format` parameter: `json` for `.json`."""
    return _EXTENSIONS.get(extension)


def accept_decides(accept: str | None) -> bool:
    """Tell whether Rails heeds this `Accept`: not a blank one, nor a browser's list with `*/*`."""
    return bool(accept and accept.strip()) and not _BROWSER_LIKE.search(accept or "")


def parse_accept(accept: str) -> list[str]:
    """Order the formats of an `Accept` header by quality; `*/*` stands for any.

    Unknown media types are dropped, as Rails drops them. Raises NotAcceptable.
    """
    if "," in accept:
        names = _sorted(list(_accept_items(accept)))
    else:
        names = _SEPARATOR.split(accept.strip())[:1]
    symbols = (symbol for name in names for symbol in _expand(name))
    return list(dict.fromkeys(symbol for symbol in symbols if symbol is not None))


class _AcceptItem(msgspec.Struct):
    index: int
    name: str
    quality: int


def _accept_items(accept: str) -> Iterator[_AcceptItem]:
    """Read each media type with its quality: whatever number follows its first parameter.

    So `q=0.9` has 0.9, what is left after `q=0`; `q=0` has none, which is 1.
    """
    index = 0
    for item in accept.split(","):
        name, *rest = _SEPARATOR.split(item)
        given = _number(rest[0]) if any(rest) else None
        for one in _named(name.strip()):
            quality = (0.0 if one == ALL else 1.0) if given is None else given
            yield _AcceptItem(index, one, int(quality * 100))
            index += 1


def _named(name: str) -> list[str]:
    """Give the media types that a name such as `text/*` stands for."""
    star = _TRAILING_STAR.match(name)
    if star is None:
        return [name] if name else []
    return [names[0] for names in _SYMBOLS.values() if any(star[1] in one for one in names)]


def _number(text: str) -> float:
    found = _LEADING_NUMBER.match(text)
    return float(found[0]) if found else 0.0


def _sorted(items: list[_AcceptItem]) -> list[str]:
    """Sort by quality; the XML types among each other as Rails has them, specific ones first."""
    items.sort(key=lambda item: (-item.quality, item.index))
    names = [item.name for item in items]
    if "text/xml" in names and "application/xml" in names:
        first, second = sorted((names.index("text/xml"), names.index("application/xml")))
        items[first].quality = max(items[first].quality, items[second].quality)
        items[first].name = "application/xml"
        del items[second]
    elif "text/xml" in names:
        items[names.index("text/xml")].name = "application/xml"
        return [item.name for item in items]
    return _specific_xml_first(items)


def _specific_xml_first(items: list[_AcceptItem]) -> list[str]:
    names = [item.name for item in items]
    if "application/xml" not in names:
        return names
    place = names.index("application/xml")
    quality = items[place].quality
    for index in range(place, len(items)):
        if items[index].quality < quality:
            break
        if names[index].endswith("+xml"):
            names[place], names[index] = names[index], names[place]
            place = index
    return names


def _expand(name: str) -> list[str | None]:
    if name == ALL:
        return [ALL]
    if star := _TRAILING_STAR.match(name):
        return [s for s, names in _SYMBOLS.items() if any(star[1] in n for n in names)]
    return [symbol_of(name)]
