"""Content negotiation of Rails 6.1: from `Accept` and `Content-Type` to format symbols."""

import re
from collections.abc import Iterator

from .errors import NotAcceptable

ALL = "*/*"

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
_PARAMETER = rf"\s*;\s*{_NAME}(?:=\"?{_NAME}\"?)?"
_MEDIA_TYPE = re.compile(rf"\A(?:\*/\*|{_NAME}/(?:\*|{_NAME})(?:\s*{_PARAMETER}\s*)*)\Z")
_PARAMETER_SEPARATOR = re.compile(r";\s*\w+=\"?(\w+)\"?")
_QUALITY = re.compile(r";\s*\w+=\"?\w+\"?")
_BROWSER_LIKE = re.compile(r",\s*\*/\*|\*/\*\s*,")
_TRAILING_STAR = re.compile(r"\A(text|application)/\*")


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
    if "," not in accept:
        names = _QUALITY.split(accept.strip())[:1]
    else:
        names = [name for _, _, name in sorted(_accept_items(accept))]
    formats: list[str] = []
    for name in names:
        for symbol in _expand(name):
            if symbol is not None and symbol not in formats:
                formats.append(symbol)
    return formats


def _accept_items(accept: str) -> Iterator[tuple[float, int, str]]:
    for index, item in enumerate(accept.split(",")):
        name = _QUALITY.split(item)[0].strip()
        quality = _PARAMETER_SEPARATOR.search(item)
        if name:
            yield -_quality(name, _number_after(item) if quality else None), index, name


def _number_after(item: str) -> str | None:
    parts = re.search(r";\s*q\s*=\s*\"?([0-9.]+)", item)
    return parts[1] if parts else None


def _quality(name: str, q: str | None) -> float:
    if q is None:
        return 0.0 if name == ALL else 1.0
    try:
        return float(q)
    except ValueError:
        return 0.0


def _expand(name: str) -> list[str | None]:
    if name == ALL:
        return [ALL]
    if star := _TRAILING_STAR.match(name):
        return [s for s, names in _SYMBOLS.items() if any(star[1] in n for n in names)]
    return [symbol_of(name)]
