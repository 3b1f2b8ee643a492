"""The benchmark measures what it says, on a small scale."""

from collections.abc import Iterable

import pytest

from bench import growth, listing, page
from bench.row import Row, at_least, at_most


def measured(rows: Iterable[Row]) -> list[str]:
    """Name what was measured."""
    return [row.what for row in rows]


def test_growth_is_measured_for_each_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a row for each exchange that once walked all tokens."""
    monkeypatch.setattr(growth, "MANY", 20)
    monkeypatch.setattr(growth, "REPEATED", 4)
    rows = measured(growth.measure())
    assert [row.partition(" with ")[0] for row in rows] == [
        "`GET /oauth/authorize`",
        "`POST /oauth/revoke`",
        "a refresh",
        "a rehearsed fault",
        "the end of a family",
    ]


def test_listing_is_measured_for_each_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a row for each document that is made of the whole journal."""
    monkeypatch.setattr(listing, "JOURNAL", 30)
    rows = measured(listing.measure())
    assert [row.split("`")[1] for row in rows] == [
        "GET /_mock/journal",
        "GET /_mock/journal/har",
        "GET /_mock/journal/mermaid",
        "GET /_mock/audit",
    ]


def test_row_tells_whether_its_target_is_met() -> None:
    """A ratio that should be high and a figure that should be low are held against theirs."""
    rows = [at_least("speed", 0.5, 0.75, "1/s"), at_most("memory", 30, 40, "MB")]
    assert [row.as_markdown() for row in rows] == [
        "| speed | 0.50 x (1/s) | at least 0.75 x | no |",
        "| memory | 30 MB | at most 40 MB | yes |",
    ]


def test_page_has_a_place_for_the_figures() -> None:
    """The page has the marks between which the table is written."""
    text = page.PAGE.read_text(encoding="utf-8")
    assert text.index(page.BEGIN) < text.index(page.END)
