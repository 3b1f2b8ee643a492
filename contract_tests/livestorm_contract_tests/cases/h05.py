"""H05: links to other origins get no token."""

import json
from urllib.parse import urlsplit

from ..driving.kinds import Kind
from ..servers.behind_tls import behind_tls
from ..servers.front import open_front
from ..steps.secrets import other_host, sent_elsewhere
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Give links that lead to another host or port, or from https to http."""
    to = stage.given["to"]
    if to == "http":
        with behind_tls(stage) as front:
            judge(stage, stage.fake.origin, front.authority)
    elif to == "port":
        port = urlsplit(stage.fake.origin).port
        assert port is not None
        with open_front(port) as front:
            judge(stage, f"http://{front.authority}")
    else:
        judge(stage, other_host(stage))


def judge(stage: Stage, origin: str, configured: str | None = None) -> None:
    """List a page with links to another origin, or call one of them."""
    link = f"{origin}/v1/events?page%5Bnumber%5D=1"
    kind = stage.given["link"]
    stage.client.seed()
    if kind == "called":
        outcome = stage.client.call(link)
    else:
        body = page(link, is_next=kind == "next")
        content_type = "application/vnd.api+json"
        stage.fake.arm("api.events", "answer", content_type=content_type, body=body, times=1)
        outcome = stage.client.do("list", path="/events", max_pages=3)
        stage.check("no-bug", outcome.kind is not Kind.BUG, outcome)
    sent = sent_elsewhere(stage, configured)
    stage.check("no-token-elsewhere", not sent, outcome, told=f"sent elsewhere: {sent}")


def page(link: str, *, is_next: bool) -> str:
    """Give a page after which another one comes, or whose links lead to what is related."""
    links = {"next": link} if is_next else {"related": link, "next": None}
    related = {"relationships": {"sessions": {"links": {"related": link}}}}
    events = [{"id": "1", "type": "events", **related}]
    meta = {"current_page": 0, "next_page": 1 if is_next else None}
    return json.dumps({"data": events, "links": links, "meta": meta})


CASE = Case(
    id="H05",
    name="secrets/foreign-link",
    level=Level.MUST,
    severity=1,
    requirement="an access token goes to the configured origin only, whatever a document links to",
    source="RFC 6749, section 10.3",
    injects="`links.next` or `related` that leads to another host or port, or from https to http",
    observes="journal, other origins included",
    checks={
        "no-token-elsewhere": "no access token is sent to the origin of a foreign link",
        "no-bug": "a foreign link raises no unexpected exception",
    },
    needs=("seed",),
    scenario="page_loop",
    variants=tuple(
        Variant(name=f"{link} to another {to}", given={"link": link, "to": to})
        for link, to in (
            ("next", "host"),
            ("next", "port"),
            ("next", "http"),
            ("related", "host"),
            ("called", "host"),
        )
    ),
    play=play,
)
