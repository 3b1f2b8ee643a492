"""What a person or a script finds on an HTML page."""

from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

from .recordings import Form, Page

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PREFORMATTED = frozenset({"pre", "code"})
MARK = "data-livestorm-mock"
"""The attribute of what the fake adds to the provider's pages."""
_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source"})


@dataclass(slots=True)
class _OpenForm:
    method: str
    action: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)


class _PageReader(HTMLParser):
    """Collects title, headings, `pre` and `code`, text, named meta tags and forms."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.passing_over: int | None = None
        """How many elements were open around the one of the fake's own that is passed over."""
        self.title = ""
        self.headings: list[str] = []
        self.pre: list[str] = []
        self.text: list[str] = []
        self.meta: dict[str, str] = {}
        self.forms: list[_OpenForm] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if MARK in given and self.passing_over is None and tag not in _VOID:
            self.passing_over = len(self.open)
        if tag not in _VOID:
            self.open.append(tag)
        if MARK in given or self.passing_over is not None:
            return
        if tag == "meta" and "name" in given:
            self.meta[given["name"]] = given.get("content", "")
        if tag == "form":
            self.forms.append(_OpenForm(given.get("method", "get"), given.get("action", "")))
        if tag == "input" and self.forms:
            kind = given.get("type", "text")
            self.forms[-1].fields.append((kind, given.get("name", ""), given.get("value", "")))
        if tag in _HEADINGS:
            self.headings.append("")
        if tag in _PREFORMATTED:
            self.pre.append("")

    def handle_endtag(self, tag: str) -> None:
        while tag in self.open and self.open.pop() != tag:
            pass
        if self.passing_over is not None and len(self.open) <= self.passing_over:
            self.passing_over = None

    def handle_data(self, data: str) -> None:
        if self.passing_over is not None:
            return
        if _HEADINGS.intersection(self.open):
            self.headings[-1] += data
        if _PREFORMATTED.intersection(self.open):
            self.pre[-1] += data
        if "title" in self.open:
            self.title += data
        if "body" in self.open and not {"script", "style"}.intersection(self.open) and data.strip():
            self.text.append(" ".join(data.split()))


@lru_cache(maxsize=1)
def _read(html: str) -> _PageReader:
    """Read a page, once for all that asks about it in turn."""
    reader = _PageReader()
    reader.feed(html)
    reader.close()
    return reader


def read_page(html: str) -> Page:
    """Read a page; the names of its meta tags come sorted, the rest as it stands."""
    reader = _read(html)
    return Page(
        title=reader.title.strip(),
        headings=tuple(heading.strip() for heading in reader.headings),
        pre=tuple(pre.strip() for pre in reader.pre),
        text=tuple(reader.text),
        meta=tuple(sorted(reader.meta)),
        forms=tuple(
            Form(method=form.method, action=form.action, fields=tuple(form.fields))
            for form in reader.forms
        ),
    )


def read_csrf_tokens(html: str) -> dict[str, str]:
    """Return a page's authenticity tokens: `page` is the meta tag's, `1`, `2`... are its forms'."""
    reader = _read(html)
    tokens = {"page": reader.meta["csrf-token"]} if "csrf-token" in reader.meta else {}
    for number, form in enumerate(reader.forms, start=1):
        for _, name, value in form.fields:
            if name == "authenticity_token":
                tokens[str(number)] = value
    return tokens
