"""Lists: pages, filters, what is included."""

import pytest
from livestorm_mock_server import LivestormSandbox

from .small_workspace import Caller


def options(**values: object) -> pytest.MarkDecorator:
    """Open the sandbox with these provider options."""
    return pytest.mark.parametrize("sandbox", [values], indirect=True, ids=[""])


def test_page_says_where_it_is(caller: Caller) -> None:
    """Pages begin with 0, and each has the whole `meta`."""
    found = caller.get("events?page[number]=1&page[size]=2")
    assert [one["id"] for one in found["data"]] == ["e3"]
    assert found["meta"] == {
        "current_page": 1,
        "previous_page": 0,
        "next_page": None,
        "record_count": 3,
        "page_count": 2,
        "items_per_page": 2,
    }


def test_first_page_leads_to_the_next(caller: Caller) -> None:
    """The first page has no previous one, and the next has the number 1."""
    meta = caller.get("events?page[size]=2")["meta"]
    assert (meta["current_page"], meta["previous_page"], meta["next_page"]) == (0, None, 1)


def test_empty_list_has_no_page(caller: Caller) -> None:
    """Where nothing is found, all members of `meta` are there."""
    found = caller.get("sessions/s1/people")
    assert found["data"] == []
    assert (found["meta"]["record_count"], found["meta"]["page_count"]) == (0, 0)


@options(default_page_size=2)
def test_size_of_pages_is_the_one_of_the_option(caller: Caller) -> None:
    """Without `page[size]`, a page has as many items as the option says."""
    assert caller.get("events")["meta"]["items_per_page"] == 2


@options(largest_page_size=2)
def test_larger_page_is_cut(caller: Caller) -> None:
    """A page that is too large has as many items as there may be."""
    assert caller.get("events?page[size]=50")["meta"]["items_per_page"] == 2


@options(largest_page_size=2, page_size_beyond="error")
def test_larger_page_can_be_an_error(caller: Caller) -> None:
    """With the option, a page that is too large is a 400."""
    assert caller.send("GET", "events?page[size]=3").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "page[size]=0",
        "page[number]=-1",
        "page[number]=x",
        "page[number]=",
        "page[size]=9999999999999",
        "page[limit]=3",
        "page=3",
        "page[size][]=3",
        "filter=x",
        "filter[title][]=x",
        "filter[nothing]=x",
        "filter[created_since]=x",
        "include[]=owner",
        "include=nothing",
    ],
)
def test_malformed_query_is_refused(caller: Caller, query: str) -> None:
    """What a list does not understand is a 400 that names it."""
    ((status, word, detail),) = caller.errors(caller.send("GET", f"events?{query}"))
    assert (status, word) == (400, "bad_request")
    assert query.partition("=")[0].removesuffix("[]") in detail


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("filter[title]=Launch", ["e2"]),
        ("filter[title]=Laun", []),
        ("filter[title]=D%C3%A9but", ["e1"]),
        ("filter[scheduling_status]=ended", ["e2", "e3"]),
        ("filter[scheduling_status]=ended&filter[title]=launch", ["e3"]),
        ("filter[created_since]=2000", ["e2", "e3"]),
        ("filter[created_since]=1970-01-01T00:50:00Z", ["e3"]),
        ("filter[created_since]=2000&filter[title]=launch", ["e3"]),
    ],
)
def test_filter_leaves_what_passes(caller: Caller, query: str, ids: list[str]) -> None:
    """All filters must hold, and the order stays."""
    assert caller.ids(f"events?{query}") == ids


@options(filter_comparison="any_case")
def test_filter_can_compare_in_any_case(caller: Caller) -> None:
    """With the option, capitals don't count."""
    assert caller.ids("events?filter[title]=LAUNCH") == ["e2", "e3"]


@options(filter_comparison="contains")
def test_filter_can_find_a_part(caller: Caller) -> None:
    """With the option, a part of the value will do."""
    assert caller.ids("events?filter[title]=aun") == ["e2", "e3"]


@options(unknown_filter="ignored", unknown_include="ignored")
def test_unknown_filter_and_include_can_be_ignored(caller: Caller) -> None:
    """With the options, what a list does not know changes nothing."""
    found = caller.get("events?filter[nothing]=x&include=nothing")
    assert len(found["data"]) == 3
    assert "included" not in found


def test_list_below_a_parent_has_its_items(caller: Caller) -> None:
    """A nested path has what is related to the parent."""
    assert caller.ids("events/e2/sessions") == ["s2", "s3"]
    assert caller.ids("events/e2/sessions?filter[status]=past") == ["s2"]
    assert caller.ids("sessions/s3/people?filter[email]=zoe@example.test") == ["p3"]


def test_list_below_an_unknown_parent_is_not_found(caller: Caller) -> None:
    """A parent that is not there is a 404 that names it."""
    told = caller.errors(caller.send("GET", "events/e9/sessions"))
    assert told == [(404, "not_found", "There is no item of the type events with the id e9")]


def test_related_items_are_included_once(caller: Caller) -> None:
    """`include` adds each related item once, and its linkage is in the item."""
    found = caller.get("sessions?include=event,people")
    assert [one["id"] for one in found["included"]] == ["e1", "e2", "p1", "p2", "p3"]
    assert found["data"][1]["relationships"] == {
        "event": {"data": {"type": "events", "id": "e2"}},
        "people": {"data": [{"type": "people", "id": "p1"}, {"type": "people", "id": "p2"}]},
    }


def test_attribute_with_an_id_is_a_relationship(caller: Caller) -> None:
    """`owner_id` leads to the owner, and `organization` to the caller's workspace."""
    found = caller.get("events/e1?include=owner,organization")
    assert found["data"]["relationships"]["owner"] == {"data": {"type": "people", "id": "p1"}}
    assert [one["type"] for one in found["included"]] == ["people", "organizations"]
    assert caller.get("events/e2")["data"]["relationships"]["owner"] == {"data": None}


def test_members_are_items(sandbox: LivestormSandbox, caller: Caller) -> None:
    """The users of the scenario are the users of the workspace, with the ids that `/me` tells."""
    me = caller.send("GET", "me", scope="identity:read").json()["data"]
    (user,) = caller.get("users")["data"]
    assert (user["id"], user["type"]) == (me["id"], "users")
    assert user["attributes"]["email"] == me["attributes"]["email"]
