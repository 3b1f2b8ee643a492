"""A04: the redirect URI is sent byte for byte as it was registered."""

from functools import partial

from ..steps.callbacks import read_parameter
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, redirect_uri: str | None) -> None:
    """Connect with a redirect URI that a URL library would write differently, or its own."""
    stage.client.register(redirect_uri=redirect_uri)
    redirect_uri = stage.client.config.registration.redirect_uri
    url = stage.client.begin()
    sent = read_parameter(url, "redirect_uri")
    told = f"the authorization request has {sent!r} for {redirect_uri!r}"
    if not stage.check("authorization-request", sent == redirect_uri, told=told):
        return
    outcome = stage.client.callback(stage.client.approve(url))
    sent_later = [one.parameters.get("redirect_uri") for one in outcome.token_requests]
    told = f"the token request has {sent_later} for {redirect_uri!r}"
    stage.check("token-request", sent_later == [redirect_uri], outcome, told=told)


CASE = Case(
    id="A04",
    name="authorization/redirect-uri-identical",
    level=Level.MUST,
    severity=2,
    requirement="the redirect URI is, byte for byte, the registered one in both requests",
    source="RFC 6749, sections 3.1.2.3 and 4.1.3",
    injects="redirect URIs that a URL library would normalise",
    observes="the authorization URL, the journal of the token endpoint",
    checks={
        "authorization-request": "the authorization request has the registered redirect URI",
        "token-request": "the token request has the redirect URI of the authorization request",
    },
    needs=("begin", "callback"),
    variants=tuple(
        Variant(name=name, play=partial(play, redirect_uri=uri))
        for name, uri in (
            ("plain", None),
            ("trailing-slash", "http://127.0.0.1:9/Cb/"),
            ("no-path", "http://127.0.0.1:9"),
            ("no-port", "http://127.0.0.1/cb"),
            ("upper-case-host", "http://LocalHost:9/cb"),
        )
    ),
)
