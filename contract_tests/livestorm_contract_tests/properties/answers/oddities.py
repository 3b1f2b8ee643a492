"""What answers of all endpoints share: statuses, labels, values and bodies that nobody expects."""

import json
from typing import Final

from hypothesis import strategies as st

STATUSES: Final = (200, 201, 204, 302, 307, 400, 401, 403, 404, 408, 422, 429, 500, 502, 503)

CONTENT_TYPES: Final = (
    None,
    "",
    "Application/JSON",
    "application/json; charset=utf-8",
    "application/json; charset=iso-8859-1",
    "application/vnd.api+json",
    "application/vnd.api+json; charset=utf-8",
    "application/x-www-form-urlencoded",
    "text/html; charset=utf-8",
    "text/plain",
    "image/png",
    ";;;",
)

RETRY_AFTER: Final = (
    "0",
    "1",
    "2",
    "-1",
    "1.5",
    "abc",
    "",
    "1, 2",
    "1728000",
    "9" * 400,
    "Wed, 21 Oct 2015 07:28:00 GMT",
    "Fri, 31 Dec 2099 23:59:59 GMT",
    "Wednesday, 21-Oct-15 07:28:00 GMT",
    "Wed, 99 Foo 2015 99:99:99 GMT",
)

ODD_VALUES: Final[tuple[object, ...]] = (
    "",
    None,
    7200,
    "7200",
    [],
    ["drawn-listed-value"],
    {},
    {"value": "drawn-nested-value"},
    False,
)

HTML: Final = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body></body></html>"


def statuses() -> st.SearchStrategy[int]:
    """Draw a status, the usual ones more often."""
    return st.one_of(st.just(200), st.sampled_from(STATUSES), st.integers(200, 599))


def jsonapi_errors() -> st.SearchStrategy[dict[str, object]]:
    """Draw a JSON:API document of errors, complete or not."""
    error = st.fixed_dictionaries(
        {},
        optional={
            "title": st.sampled_from(("Too many requests", None, 7)),
            "detail": st.sampled_from(("The rate limit has been reached", [])),
            "status": st.sampled_from(("429", 429, "too_many_requests")),
            "code": st.just("429"),
        },
    )
    listed = st.lists(st.one_of(error, st.none(), st.just("an error")), max_size=3)
    return st.one_of(listed, st.sampled_from((None, {}, "errors"))).map(name_errors)


def name_errors(errors: object) -> dict[str, object]:
    """Make a document of errors."""
    return {"errors": errors}


def documents() -> st.SearchStrategy[dict[str, object]]:
    """Draw a JSON:API document with data, or something that is none."""
    resource = {"type": "people", "id": "drawn-id", "attributes": {"email": "ada@example.test"}}
    data = st.sampled_from((resource, None, [], [resource], {}, "data", {"type": 7, "id": None}))
    return st.one_of(
        data.map(lambda one: {"data": one}),
        st.sampled_from(({}, {"meta": {}}, {"id": "drawn-id"}, {"data": resource, "errors": []})),
        jsonapi_errors(),
    )


def spoilt(bodies: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """Draw bodies that are cut short, or hold bytes that are not UTF-8."""
    place = st.floats(0, 1, exclude_max=True)
    wrong = st.sampled_from((b"\xff", b"\xe9", b"\xed\xa0\x80"))
    return st.one_of(st.builds(cut, bodies, place), st.builds(insert, bodies, place, wrong))


def cut(body: bytes, place: float) -> bytes:
    """Cut a body at a place between its start (0) and its end (1)."""
    return body[: int(len(body) * place)]


def insert(body: bytes, place: float, inserted: bytes) -> bytes:
    """Put bytes into a body."""
    index = int(len(body) * place)
    return body[:index] + inserted + body[index:]


def dump(document: object) -> bytes:
    """Write a document."""
    return json.dumps(document).encode()
