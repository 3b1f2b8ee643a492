"""A05: a redirect URI with a query or reserved characters is encoded once, and kept."""

from functools import partial

from ..driving.kinds import Kind
from ..steps.callbacks import read_parameter
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, redirect_uri: str) -> None:
    """Connect with a redirect URI that has characters of its own to escape."""
    stage.client.register(redirect_uri=redirect_uri)
    url = stage.client.begin()
    sent = read_parameter(url, "redirect_uri")
    told = f"decoded once it is {sent!r}, not {redirect_uri!r}"
    if not stage.check("encoded-once", sent == redirect_uri, told=told):
        return
    outcome = stage.client.callback(stage.client.approve(url))
    stage.check_kind("connected", outcome, Kind.OK)
    sent_later = [one.parameters.get("redirect_uri") for one in outcome.token_requests]
    told = f"the token request has {sent_later}, not {redirect_uri!r}"
    kept = all(one == redirect_uri for one in sent_later)
    stage.check("kept", kept, outcome, told=told)


CASE = Case(
    id="A05",
    name="authorization/redirect-uri-with-query",
    level=Level.MUST,
    severity=3,
    requirement="a redirect URI with a query of its own works: encoded once, its query kept",
    source="RFC 6749, section 3.1.2",
    injects="redirect URIs with a query and with reserved characters",
    observes="the authorization URL, reported kind, the journal of the token endpoint",
    checks={
        "encoded-once": "the redirect URI is encoded exactly once in the authorization request",
        "connected": "a callback with parameters of the redirect URI's own is understood",
        "kept": "the token request has the redirect URI with its query",
    },
    needs=("begin", "callback"),
    variants=tuple(
        Variant(name=name, play=partial(play, redirect_uri=f"http://127.0.0.1:9/{rest}"))
        for name, rest in (
            ("query", "cb?tenant=a%26b&lang=fr"),
            ("reserved", "cb%2Fsub/a+b;c=d?next=%2Fhome%3Fx%3D1&sum=1%2B1"),
        )
    ),
)
