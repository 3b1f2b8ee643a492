"""E09: clients that get lost in a list."""

import pytest
from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Failure, Message, ModelClient


class NeedsMeta(ModelClient):
    """Takes `meta` for there."""

    def next_page(self, document: Message) -> int | None:
        """Look it up."""
        number: int | None = document["meta"]["next_page"]
        return number


class ReadsNoList(ModelClient):
    """Takes every list for broken."""

    def list_ids(self, message: Message) -> Message:
        """Read a page, and give up."""
        self.page(message, 0)
        raise Failure(Kind.PROTOCOL_ERROR, "no list")


class FollowsForLong(ModelClient):
    """Goes where `next_page` leads, far beyond what it was allowed."""

    def list_ids(self, message: Message) -> Message:
        """Follow 20 pages."""
        ids: list[str] = []
        page: int | None = 0
        for _ in range(20):
            if page is not None:
                document = self.page(message, page)
                self.add_ids(ids, document)
                page = self.next_page(document)
        return {"ids": ids, "pages": 20}


class StaysOnAPage(ModelClient):
    """Forgets to say which page it wants."""

    def page(self, message: Message, number: int) -> Message:
        """Get the first one."""
        return super().page(message, 0)


class CountsTwice(ModelClient):
    """Puts the pages one after the other."""

    def add_ids(self, ids: list[str], document: Message) -> None:
        """Add all."""
        ids += [one["id"] for one in document["data"]]


class ReadsOnePage(ModelClient):
    """Takes the first page for the whole list."""

    def next_page(self, document: Message) -> int | None:
        """Stop."""
        return None


BROKEN: dict[type[ModelClient], set[str]] = {
    NeedsMeta: {"kind"},
    ReadsNoList: {"kind"},
    FollowsForLong: {"terminates"},
    StaysOnAPage: {"goes-on"},
    CountsTwice: {"no-duplicates"},
    ReadsOnePage: {"complete"},
}


@pytest.mark.parametrize("client", BROKEN)
def test_loss_in_a_list_is_found(put: Put, client: type[ModelClient]) -> None:
    """The journal counts the pages, the reply the ids."""
    assert failed(put("E09", client)) == BROKEN[client]
