"""E09: clients that get lost in a list."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.lists import Lists
from ..model_client.values import Failure, Message
from .table import Bite, Table


class NeedsMeta(Lists):
    """Takes `meta` for there."""

    def next_page(self, document: Message) -> int | None:
        """Look it up."""
        number: int | None = document["meta"]["next_page"]
        return number


class ReadsNoList(Lists):
    """Takes every list for broken."""

    def list_ids(self, message: Message) -> Message:
        """Read a page, and give up."""
        self.page(message, 0)
        raise Failure(Kind.PROTOCOL_ERROR, "no list")


class FollowsForLong(Lists):
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


class StaysOnAPage(Lists):
    """Forgets to say which page it wants."""

    def page(self, message: Message, number: int) -> Message:
        """Get the first one."""
        return super().page(message, 0)


class CountsTwice(Lists):
    """Puts the pages one after the other."""

    def add_ids(self, ids: list[str], document: Message) -> None:
        """Add all."""
        ids += [one["id"] for one in document["data"]]


class ReadsOnePage(Lists):
    """Takes the first page for the whole list."""

    def next_page(self, document: Message) -> int | None:
        """Stop."""
        return None


TABLE = Table(
    [
        Bite(NeedsMeta, {"kind"}),
        Bite(ReadsNoList, {"kind"}),
        Bite(FollowsForLong, {"terminates"}),
        Bite(StaysOnAPage, {"goes-on"}),
        Bite(CountsTwice, {"no-duplicates"}),
        Bite(ReadsOnePage, {"complete"}),
    ],
)
