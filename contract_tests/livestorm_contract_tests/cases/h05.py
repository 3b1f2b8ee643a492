"""H05: links to other origins get no token."""

import json

from ..adapter import Kind
from ..suite.case import Case, Level, Variant
from ..suite.secrets import other_host, sent_elsewhere
from ..suite.stage import Stage


def play(stage: Stage) -> None:
    """List a page whose links lead elsewhere."""
    stage.seed()
    stage.arm("api.events", "answer", content_type="application/vnd.api+json", body=_page(stage))
    outcome = stage.client.do("list", path="/events", max_pages=3)
    sent = sent_elsewhere(stage)
    stage.check("no-token-elsewhere", not sent, outcome, told=f"sent elsewhere: {sent}")
    stage.check("no-bug", outcome.kind is not Kind.BUG, outcome)


def _page(stage: Stage) -> str:
    link = f"{other_host(stage)}/v1/events?page%5Bnumber%5D=1"
    links = {"next": link} if stage.variant.name == "next" else {"related": link, "next": None}
    related = {"relationships": {"sessions": {"links": {"related": link}}}}
    events = [{"id": "1", "type": "events", **related}]
    return json.dumps({"data": events, "links": links, "meta": {"next_page": None}})


CASE = Case(
    id="H05",
    name="secrets/foreign-link",
    level=Level.MUST,
    severity=1,
    requirement="an access token goes to the configured origin only, whatever a document links to",
    source="RFC 6749, section 10.3",
    injects="a list whose `links.next` or `related` leads to another host",
    observes="journal, other origins included",
    checks={
        "no-token-elsewhere": "no access token is sent to the origin of a foreign link",
        "no-bug": "a foreign link raises no unexpected exception",
    },
    needs=("seed", "list", "pagination"),
    scenario="page_loop",
    variants=(Variant(name="next"), Variant(name="related")),
    play=play,
)
