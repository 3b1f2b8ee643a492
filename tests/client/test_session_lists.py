"""Reading lists, page by page, by both clients on real sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from livestorm_client import (
    ProtocolError,
    RetryLater,
    Tokens,
)

if TYPE_CHECKING:
    from tests.client.conftest import Clients, ScriptedServer

EVENTS = "/v1/events"


def page(server: ScriptedServer, ids: str, following: object) -> bytes:
    """Make a page of events with these ids, one letter each."""
    data = [{"type": "events", "id": one} for one in ids]
    return server.http(200, {"data": data, "meta": {"next_page": following}})


def ids(found: list[dict[str, object]]) -> str:
    """Give the ids in the order in which they were found."""
    return "".join(str(one["id"]) for one in found)


def test_pages_follow_each_other_by_number(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """The first page is 0, the last names no other, and the caller's filters come along."""
    server.script(EVENTS, page(server, "ab", 1), page(server, "cb", 2), page(server, "d", None))
    found = clients.make(fresh).get_all("/events", {"filter[title]": "x"})
    query = "filter%5Btitle%5D=x&page%5Bnumber%5D="
    assert ids(found) == "abcd"
    assert [seen.target for seen in server.seen] == [f"{EVENTS}?{query}{n}" for n in range(3)]


@pytest.mark.parametrize("following", [0, None, "1", 1.0, [1]])
def test_list_ends_where_no_new_page_is_named(
    clients: Clients, server: ScriptedServer, fresh: Tokens, following: object
) -> None:
    """A page that comes again, or is no number, is not asked for."""
    server.script(EVENTS, page(server, "a", following))
    assert ids(clients.make(fresh).get_all("/events")) == "a"
    assert len(server.seen) == 1


@pytest.mark.parametrize("document", [{"data": []}, {"data": [], "meta": 1}])
def test_list_without_meta_is_one_page(
    clients: Clients, server: ScriptedServer, fresh: Tokens, document: object
) -> None:
    """`meta` may be missing (JSON:API, section 7.1)."""
    server.script(EVENTS, server.http(200, document))
    assert clients.make(fresh).get_all("/events") == []
    assert len(server.seen) == 1


def test_no_more_pages_are_read_than_allowed(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """A list without an end costs as many requests as the caller allows."""
    server.script(EVENTS, *(page(server, "a", number) for number in range(1, 9)))
    clients.make(fresh).get_all("/events", max_pages=3)
    assert len(server.seen) == 3


def test_pages_are_at_most_100_by_default(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """Nobody who says nothing reads a list without an end."""
    server.script(EVENTS, *(page(server, "a", number) for number in range(1, 110)))
    clients.make(fresh).get_all("/events")
    assert len(server.seen) == 100


def test_page_that_fails_once_is_asked_for_again(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """Pages are read by GET, which may be repeated."""
    server.script(EVENTS, server.http(500), page(server, "a", None))
    assert ids(clients.make(fresh).get_all("/events")) == "a"
    assert [seen.method for seen in server.seen] == ["GET", "GET"]


def test_same_id_of_another_type_is_another_resource(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """Type and id together name a resource (JSON:API, section 7.2.1)."""
    data = [{"type": "events", "id": "1"}, {"type": "sessions", "id": "1"}, {"id": "1"}]
    server.script(EVENTS, server.http(200, {"data": [*data, *data]}))
    assert clients.make(fresh).get_all("/events") == data


@pytest.mark.parametrize("data", [{"type": "events", "id": "1"}, None, "ab", [1], [{}, None]])
def test_document_that_is_no_list_is_a_protocol_error(
    clients: Clients, server: ScriptedServer, fresh: Tokens, data: object
) -> None:
    """A single resource is not taken for a list."""
    server.script(EVENTS, server.http(200, {"data": data}))
    with pytest.raises(
        ProtocolError, match=r"^the API answered a document without a list of data$"
    ) as raised:
        clients.make(fresh).get_all("/events")
    assert raised.value.status == 200


def test_list_that_breaks_off_is_an_error(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """Half a list is not given for the whole."""
    server.script(EVENTS, page(server, "a", 1), server.http(503, b"", {"Retry-After": "60"}))
    with pytest.raises(RetryLater):
        clients.make(fresh).get_all("/events")
