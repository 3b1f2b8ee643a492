"""The benchmark measures what it says, on a small scale."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Protocol
from xml.etree import ElementTree

import pytest

from bench import collections, growth, listing, page, peers
from bench.client import Client
from bench.round_trips import trip_at_fake
from bench.row import Row, at_least, at_most, told, with_bars
from bench.served import serve_fake


class Measures(Protocol):
    """A module that measures."""

    def measure(self) -> Iterable[Row]:
        """Give the rows."""


@pytest.mark.parametrize(
    ("measures", "scale", "expected"),
    [
        (
            growth,
            {"MANY": 20, "REPEATED": 4},
            [
                "`GET /oauth/authorize` with ",
                "`POST /oauth/revoke` with ",
                "a refresh with ",
                "a rehearsed fault with ",
                "the end of a family with ",
            ],
        ),
        (
            listing,
            {"JOURNAL": 30},
            [
                "others wait for `GET /_mock/journal` ",
                "others wait for `GET /_mock/journal/har` ",
                "others wait for `GET /_mock/journal/mermaid` ",
                "others wait for `GET /_mock/audit` ",
            ],
        ),
        (
            collections,
            {"FEW": 200, "MANY": 500, "REPEATED": 4},
            [
                "the first page of 500 items",
                "the last page of 500 items",
                "a page of a half of 500 items",
                "one person by e-mail of 500 items",
            ],
        ),
    ],
    ids=["growth", "listing", "collections"],
)
def test_each_exchange_list_and_document_is_measured(
    measures: Measures, scale: dict[str, int], expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is a row for each that once walked all there is, on a small scale here."""
    for name, value in scale.items():
        monkeypatch.setattr(measures, name, value)
    pairs = zip(measures.measure(), expected, strict=True)
    assert [row.what for row, begin in pairs if not row.what.startswith(begin)] == []


def test_row_tells_whether_its_target_is_met() -> None:
    """A ratio that should be high and a figure that should be low are held against theirs."""
    rows = [at_least("speed", 0.5, 0.75, "1/s"), at_most("memory", 30, 40, "MB")]
    assert [row.as_markdown() for row in rows] == [
        "| speed | 0.50 x (1/s) | at least 0.75 x | no |",
        "| memory | 30 MB | at most 40 MB | yes |",
    ]


def test_figures_and_plots_are_written_in_their_place(tmp_path: Path) -> None:
    """The words around a table stay, and what is compared is drawn beside the page."""
    there = tmp_path / "page.md"
    begin, end = page.MARKS["peers"]
    there.write_text(f"before\n{begin}\nold\n{end}\nafter\n", encoding="utf-8")
    rows = [
        with_bars(at_least("speed", 2, 1, ""), "Speed", ("fake", 2), ("a <b>", 1)),
        with_bars(at_least("speed", 4, 1, ""), "Speed", ("fake", 4), ("another", 1)),
        told("what is not measured", "why"),
    ]
    page.write(rows, part="peers", command="x", on=date(2026, 1, 1), cores=2, page=there)
    text = there.read_text(encoding="utf-8")
    assert "old" not in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "| what is not measured | why | - | - |" in text
    assert "![Speed](page-peers-1.svg)" in text
    drawn = ElementTree.parse(tmp_path / "page-peers-1.svg").getroot()  # noqa: S314  # our own
    told_of = [one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert told_of == ["Speed", "fake", "3", "a <b>", "1", "another", "1"]


def test_client_takes_whole_answers() -> None:
    """Its requests are answered by the fake, whatever their answers' length."""
    with serve_fake("--auto-approve", "--no-rate-limits") as fake, Client(fake.port) as client:
        trip_at_fake(client, fake.described)()
        _, page_of_all = client.get("/_mock/openapi.json")
    assert json.loads(page_of_all)["openapi"]


def test_peer_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be installed is a line of the table, with the reason."""
    monkeypatch.setattr(peers, "install", lambda: "npm is not installed")
    monkeypatch.setattr(peers, "PEERS", [replace(peers.PEERS[0], needs=Path("/nowhere"))])
    assert [row.as_markdown() for row in peers.measure()] == [
        "| `emulate 0.12` | not measured: npm is not installed | - | - |"
    ]


def test_page_has_a_place_for_the_figures() -> None:
    """The page has the marks between which the table is written."""
    text = page.PAGE.read_text(encoding="utf-8")
    places = [text.index(mark) for marks in page.MARKS.values() for mark in marks]
    assert places == sorted(places)
