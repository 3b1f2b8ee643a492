"""Turns an answer from the wire into the form in which recordings hold it."""

from .pages import read_page
from .placeholders import Placeholders
from .recordings import Answer, Form, Page, change_strings
from .wire import RawAnswer

RENDERED_PAGE = "text/html; charset=utf-8"
"""Content type of pages that a controller renders; Rails' static ones say `UTF-8`."""


def transcribe(
    raw: RawAnswer, placeholders: Placeholders, compared_headers: tuple[str, ...], now: float
) -> Answer:
    """Learn the new values in `raw` and return it with placeholders; `now` is a Unix time."""
    placeholders.learn(raw)
    headers = tuple(
        (name, placeholders.transcribe_header(name, value, now))
        for name in compared_headers
        for value in raw.values_of(name)
    )
    text = raw.body.decode("utf-8", "replace")
    if not _is_page(raw):
        body = placeholders.transcribe(text, now)
        return Answer(status=raw.status, headers=headers, body=body)
    answer = Answer(status=raw.status, html=_hide_csrf(read_page(text)))
    page = change_strings(answer, lambda value: placeholders.transcribe(value, now)).html
    return Answer(status=raw.status, headers=headers, html=page)


def header_values(answer: Answer, name: str) -> tuple[str, ...]:
    """Return the values of a header in their order; its name is spelled as the recording does."""
    return tuple(value for key, value in answer.headers if key == name)


def _is_page(raw: RawAnswer) -> bool:
    return (
        raw.values_of("Content-Type") == (RENDERED_PAGE,)
        and raw.status // 100 != 3
        and raw.body != b""
    )


def _hide_csrf(page: Page) -> Page:
    return Page(
        title=page.title,
        headings=page.headings,
        pre=page.pre,
        text=page.text,
        meta=page.meta,
        forms=tuple(
            Form(method=form.method, action=form.action, fields=_hide_csrf_fields(form))
            for form in page.forms
        ),
    )


def _hide_csrf_fields(form: Form) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (kind, name, "<CSRF>" if name == "authenticity_token" and value else value)
        for kind, name, value in form.fields
    )
