"""Lists of the API, page after page."""

from typing import cast
from urllib.parse import urlencode

from .part import Part
from .values import Message


class Lists(Part):
    """Follows the pages of a list."""

    def list_ids(self, message: Message) -> Message:
        """Give the ids of a list; no page is asked for twice, no id counts twice."""
        ids: list[str] = []
        asked: list[int] = []
        page: int | None = 0
        while page is not None and page not in asked and len(asked) < message["max_pages"]:
            asked.append(page)
            document = self.page(message, page)
            self.add_ids(ids, document)
            page = self.next_page(document)
        return {"ids": ids, "pages": len(asked)}

    def page(self, message: Message, number: int) -> Message:
        """Get one page."""
        query = urlencode({"page[number]": number})
        _, document = self.client.api.fetch({**message, "path": f"{message['path']}?{query}"})
        return cast("Message", document)

    def next_page(self, document: Message) -> int | None:
        """Give the number of the next page, None at the end."""
        meta = document.get("meta")
        number = meta.get("next_page") if isinstance(meta, dict) else None
        return number if isinstance(number, int) else None

    def add_ids(self, ids: list[str], document: Message) -> None:
        """Count what is new."""
        ids += [one["id"] for one in document["data"] if one["id"] not in ids]
