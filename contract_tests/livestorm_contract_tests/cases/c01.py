"""C01: the code is exchanged by a POST with a form, and nothing secret stands in the URL."""

from urllib.parse import urlsplit

from ..driving.kinds import Kind
from ..steps.callbacks import read_pairs
from ..suite.case import Case
from ..suite.stage import Stage
from ..suite.verdicts import Level

FORM_PARAMETERS = frozenset(
    {
        "client_assertion",
        "client_id",
        "client_secret",
        "code",
        "code_verifier",
        "grant_type",
        "redirect_uri",
    }
)
_JSON = "application/json"


def play(stage: Stage) -> None:
    """Connect, and look at the request."""
    outcome = stage.client.connect()
    stage.check_kind("kind", outcome, Kind.OK)
    path = urlsplit(stage.client.urls["token_url"]).path
    for one in outcome.exchanges:
        if urlsplit(one.target).path != path:
            continue
        accept = one.request_headers.get("accept")
        accepted = {media_type(part) for part in (accept or "*/*").split(",")}
        content_type = media_type(one.request_headers.get("content-type", ""))
        form = content_type == "application/x-www-form-urlencoded"
        stage.check("post-form", one.method == "POST" and form, outcome)
        in_query = FORM_PARAMETERS.intersection(name for name, _ in read_pairs(one.target))
        stage.check("no-query", not in_query, outcome, told=", ".join(sorted(in_query)))
        takes_json = bool(accepted & {_JSON, "application/*", "*/*"})
        told = f"Accept is {accept}"
        stage.check("accepts-json", takes_json, outcome, told=told)
        stage.check("asks-for-json", _JSON in accepted, outcome, told=told)


def media_type(text: str) -> str:
    """Leave parameters and case out (RFC 9110, section 8.3.1)."""
    return text.partition(";")[0].strip().lower()


CASE = Case(
    id="C01",
    name="exchange/request",
    level=Level.MUST,
    severity=2,
    requirement="the code is sent by POST, in a form, with nothing secret in the query",
    source="RFC 6749, sections 2.3.1 and 3.2; preset-io/agor#2192",
    injects="nothing",
    observes="journal, reported kind",
    checks={
        "kind": "a code exchange that goes well is reported so",
        "post-form": "the token request is a POST with a form-encoded body",
        "no-query": "nothing of the form is in the URL of the token request",
        "accepts-json": "the token request accepts JSON",
        "asks-for-json": "the token request names application/json in Accept",
    },
    # No specification demands the header; without it some servers send a form.
    levels={"asks-for-json": Level.SHOULD},
    needs=("begin", "callback"),
    play=play,
)
