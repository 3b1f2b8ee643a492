"""E09: lists whose pages loop, shrink, overlap, or say nothing of themselves."""

import json
from collections.abc import Mapping, Sequence, Set
from functools import partial
from itertools import pairwise

from ..driving.kinds import Kind
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

MAX_PAGES = 10
"""How many pages the client is told to read at most."""
LAST_PAGES: tuple[object, ...] = ({"data": []},) * MAX_PAGES


def play(
    stage: Stage,
    *,
    pages: Sequence[object],
    expected: Set[str],
    kinds: Sequence[Kind] = (Kind.OK, Kind.PROTOCOL_ERROR),
    loops: bool = False,
) -> None:
    """List the events, on the scenario's own pages where there are no others."""
    stage.client.seed()
    if pages:
        steps = [answer(page) for page in (*pages, *LAST_PAGES)]
        stage.fake.arm("api.events", "sequence", steps=steps)
    outcome = stage.client.do("list", user="u1", path="/events", max_pages=MAX_PAGES)
    ids = [str(one) for one in outcome.reply.ids]
    stage.check_kind("kind", outcome, *kinds)
    stage.check("terminates", len(outcome.api_requests) <= MAX_PAGES, outcome)
    stage.check("no-duplicates", len(ids) == len(set(ids)), outcome, told=", ".join(ids))
    asked = [one.target for one in outcome.api_requests]
    goes_on = all(before != after for before, after in pairwise(asked))
    stage.check("goes-on", goes_on or loops, outcome)
    if outcome.kind is Kind.OK:
        stage.check("complete", expected <= set(ids), outcome)


def page(ids: list[str], current: int, following: int | None, count: int) -> dict[str, object]:
    """Make a page as Livestorm's API does."""
    meta = {"current_page": current, "next_page": following, "page_count": count}
    return {"data": [{"id": one, "type": "events"} for one in ids], "meta": meta}


def answer(document: object) -> dict[str, object]:
    """Make the step of a fault that sends a document."""
    content_type = "application/vnd.api+json"
    return {"fault": "answer", "content_type": content_type, "body": json.dumps(document)}


IN_ORDER = [page(["1", "2"], 0, 1, 2), page(["3"], 1, None, 2)]
TWO_PAGE_LOOP = [
    page([str(number % 2 + 1)], number % 2, (number + 1) % 2, 2) for number in range(MAX_PAGES)
]
ENDLESS = [page([str(number)], number, number + 1, MAX_PAGES) for number in range(2 * MAX_PAGES)]
ODD: Mapping[str, tuple[Sequence[object], Set[str]]] = {
    "endless": (ENDLESS, {"0", "1"}),
    "shrunk": ([page(["1", "2"], 0, 1, 3), page(["3"], 1, None, 2)], {"1", "2", "3"}),
    "emptied": ([page(["1", "2"], 0, 1, 2), page([], 1, None, 1)], {"1", "2"}),
    "overlapping": ([page(["1", "2"], 0, 1, 2), page(["2", "3"], 1, None, 2)], {"1", "2", "3"}),
    "no-meta": ([{"data": [{"id": "1", "type": "events"}]}], {"1"}),
}
"""The pages, and the ids that they bring."""

CASE = Case(
    id="E09",
    name="call/odd-pages",
    level=Level.ROBUST,
    severity=3,
    requirement="reading a list comes to an end, and counts nothing twice",
    source="JSON:API 1.1, pagination",
    injects="pages in order, in a circle, without end, that shrink, overlap, or have no `meta`",
    observes="journal, the listed ids",
    checks={
        "kind": "the list is read, or reported as broken where it is",
        "terminates": "no more pages are asked for than were allowed",
        "goes-on": "the next page is asked for, and not the same one again",
        "no-duplicates": "no id is listed twice",
        "complete": "what the pages brought is listed",
    },
    needs=("seed", "list", "pagination"),
    scenario="page_loop",
    variants=(
        Variant(
            name="in-order",
            play=partial(play, pages=IN_ORDER, expected={"1", "2", "3"}, kinds=[Kind.OK]),
        ),
        Variant(name="loop", play=partial(play, pages=(), expected={"1"}, loops=True)),
        Variant(
            name="two-page-loop",
            play=partial(play, pages=TWO_PAGE_LOOP, expected={"1", "2"}, loops=True),
        ),
        *(
            Variant(name=name, play=partial(play, pages=pages, expected=expected))
            for name, (pages, expected) in ODD.items()
        ),
    ),
)
