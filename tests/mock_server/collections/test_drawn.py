"""Collections and requests that are drawn: what comes is what a model gives, or a refusal."""

import json
from typing import Any
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server import ProviderOptions, Scenario
from livestorm_mock_server.declaring.entries import CollectionEntry, RelationshipEntry
from livestorm_mock_server.scenario_files import prepared

from .in_process import Near

NAMES = ("title", "status", "size")
VALUES = st.sampled_from(["a", "A", "ab", "é", "", "0", None, True, 0, 1.5, ["a", "b"], {"a": 1}])
ITEMS = st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, VALUES)), max_size=12)
PATHS = st.sampled_from(["things", "things/t0", "things/t9", "things/t0/parts", "things/t9/parts"])
PARAMETERS = st.sampled_from(
    [
        "page[number]",
        "page[size]",
        "page",
        "page[size][]",
        "filter[title]",
        "filter[status]",
        "filter[x]",
        "filter",
        "filter[]",
        "include",
        "include[]",
        "sort",
    ]
)
TEXTS = st.one_of(
    st.sampled_from(
        ["0", "1", "-1", "01", "2", "9" * 30, "a", "A", "parts", "part,x", "\x00", "²"]
    ),
    st.text(max_size=5),
)
QUERIES = st.lists(st.tuples(PARAMETERS, TEXTS), max_size=4)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["data", "type", "id", "attributes", "relationships", "thing", "title"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)
SENT = st.one_of(
    JSON,
    st.fixed_dictionaries(
        {
            "data": st.fixed_dictionaries(
                {"type": st.just("things")},
                optional={
                    "id": st.one_of(st.just("t0"), JSON),
                    "attributes": JSON,
                    "relationships": JSON,
                },
            )
        }
    ),
)


def made(items: list[dict[str, Any]], options: ProviderOptions) -> Near:
    """Give a sandbox with these things, and a part of each."""
    things = CollectionEntry(
        type="things",
        path="/v1/things",
        filters=("title", "status"),
        relationships=(RelationshipEntry(name="parts", type="parts", many=True, inverse="thing"),),
        items=tuple({"id": f"t{n}", "attributes": one} for n, one in enumerate(items)),
    )
    parts = CollectionEntry(
        type="parts",
        path="/v1/things/{thing}/parts",
        relationships=(RelationshipEntry(name="thing", type="things"),),
        items=tuple({"id": f"p{n}", "thing": f"t{n}"} for n in range(len(items))),
    )
    return Near(prepared(Scenario(provider=options, collections=(things, parts))))


@settings(max_examples=60, deadline=None)
@given(
    items=ITEMS,
    size=st.integers(1, 15),
    largest=st.integers(1, 15),
    beyond=st.sampled_from(["cut", "error"]),
    number=st.integers(0, 5),
)
def test_page_of_any_collection_is_that_of_the_model(
    items: list[dict[str, Any]], size: int, largest: int, beyond: Any, number: int
) -> None:
    """Whatever the collection and its options, a page has the items at its place."""
    options = ProviderOptions(rate_limits=False, largest_page_size=largest, page_size_beyond=beyond)
    near = made(items, options)
    response = near.send("GET", "things", **{"page[number]": number, "page[size]": size})
    if size > largest and beyond == "error":
        assert response.status == 400
        return
    found, taken = json.loads(response.body), min(size, largest)
    expected = items[number * taken : (number + 1) * taken]
    assert [one["attributes"] for one in found["data"]] == expected
    assert found["meta"]["page_count"] == -(-len(items) // taken)
    assert found["meta"]["items_per_page"] == taken


@settings(max_examples=100, deadline=None)
@given(
    items=ITEMS,
    method=st.sampled_from(["GET", "POST", "PATCH", "DELETE"]),
    path=PATHS,
    query=QUERIES,
    body=SENT,
    unknown=st.sampled_from(["error", "ignored"]),
)
def test_no_request_is_an_error_of_the_fake(
    items: list[dict[str, Any]],
    method: str,
    path: str,
    query: list[tuple[str, str]],
    body: object,
    unknown: Any,
) -> None:
    """Whatever is sent is answered, and what is refused has changed nothing."""
    near = made(items, ProviderOptions(rate_limits=False, unknown_filter=unknown))
    before = near.sandbox.collections.export()
    response = near.send_query(method, path, urlencode(query, errors="replace"), body)
    assert response.status < 500, response.body
    if response.status >= 400 or method == "GET":
        assert near.sandbox.collections.export() == before
