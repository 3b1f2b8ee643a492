"""C15: a token without `expires_in` is used, and the API's 401 says when it is over."""

from ..driving.kinds import Kind
from ..fake.journal import newest_grant
from ..suite.case import Case
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Connect without a lifetime, call, and call again once the token has expired."""
    stage.fake.arm("token", "token_fields", drop=["expires_in"])
    connected = stage.client.connect()
    if not stage.check_kind("connects", connected, Kind.OK) or not stage.client.can("call"):
        return
    outcomes = [stage.client.call(), stage.client.call()]
    for outcome in outcomes:
        stage.check_kind("usable", outcome, Kind.OK)
    refreshes = sum(len(one.token_requests) for one in outcomes)
    stage.check("no-refresh-each-call", refreshes <= 1, *outcomes)
    newest = next((one for one in reversed(outcomes) if one.token_requests), connected)
    if stage.client.ready.features.on_401 and (members := newest_grant(newest.exchanges)):
        stage.fake.expire_token(str(members["access_token"]))
        stage.check_kind("relies-on-401", stage.client.call(), Kind.OK)


CASE = Case(
    id="C15",
    name="exchange/no-lifetime",
    level=Level.MUST,
    severity=2,
    requirement="a token without a lifetime is usable until the API refuses it",
    source="RFC 6749, section 5.1; coreos/go-oidc#24; lelylan/simple-oauth2#24",
    injects="token answers without expires_in; then the access token expires",
    observes="reported kind, journal",
    checks={
        "connects": "a token answer without expires_in is accepted",
        "usable": "a token of unknown lifetime is used",
        "no-refresh-each-call": "a token of unknown lifetime is not refreshed at each call",
        "relies-on-401": "once the API answers 401 the token is refreshed",
    },
    needs=("begin", "callback"),
    play=play,
)
