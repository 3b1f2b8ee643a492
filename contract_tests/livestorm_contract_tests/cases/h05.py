"""H05: links to other origins get no token."""

import json
from collections.abc import Callable
from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..servers.behind_tls import behind_tls
from ..servers.front import open_front
from ..steps.secrets import other_host, sent_elsewhere
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

Follow = Callable[[Stage, str], Outcome]
"""Brings a client to a link."""


def lead_to_host(stage: Stage, *, follow: Follow) -> None:
    """Give a link that leads to another host."""
    judge(stage, follow, other_host(stage))


def lead_to_port(stage: Stage, *, follow: Follow) -> None:
    """Give a link that leads to another port."""
    with open_front(stage.fake.port) as front:
        judge(stage, follow, f"http://{front.authority}")


def lead_to_http(stage: Stage, *, follow: Follow) -> None:
    """Give a link that leads from https to http."""
    with behind_tls(stage) as front:
        judge(stage, follow, stage.fake.origin, front.authority)


def list_pages(stage: Stage, link: str, *, is_next: bool) -> Outcome:
    """List a page that has the link."""
    body = page(link, is_next=is_next)
    content_type = "application/vnd.api+json"
    stage.fake.arm("api.events", "answer", content_type=content_type, body=body, times=1)
    outcome = stage.client.do("list", path="/events", max_pages=3)
    stage.check("no-bug", outcome.kind is not Kind.BUG, outcome)
    return outcome


def call(stage: Stage, link: str) -> Outcome:
    """Call the link."""
    return stage.client.call(link)


def judge(stage: Stage, follow: Follow, origin: str, configured: str | None = None) -> None:
    """Judge what a link to another origin gets."""
    stage.client.seed()
    outcome = follow(stage, f"{origin}/v1/events?page%5Bnumber%5D=1")
    sent = sent_elsewhere(stage, configured)
    stage.check("no-token-elsewhere", not sent, outcome, told=f"sent elsewhere: {sent}")


def page(link: str, *, is_next: bool) -> str:
    """Give a page after which another one comes, or whose links lead to what is related."""
    links = {"next": link} if is_next else {"related": link, "next": None}
    related = {"relationships": {"sessions": {"links": {"related": link}}}}
    events = [{"id": "1", "type": "events", **related}]
    meta = {"current_page": 0, "next_page": 1 if is_next else None}
    return json.dumps({"data": events, "links": links, "meta": meta})


NEXT: Follow = partial(list_pages, is_next=True)
RELATED: Follow = partial(list_pages, is_next=False)

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
        Variant(name=f"{link} to another {to}", play=partial(play, follow=follow))
        for link, follow, to, play in (
            ("next", NEXT, "host", lead_to_host),
            ("next", NEXT, "port", lead_to_port),
            ("next", NEXT, "http", lead_to_http),
            ("related", RELATED, "host", lead_to_host),
            ("called", call, "host", lead_to_host),
        )
    ),
)
