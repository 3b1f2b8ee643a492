"""C18: another scope, no refresh token and long tokens are all good answers."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from ..driving.kinds import Kind, fingerprint, may_be
from ..driving.messages import StoredToken
from ..fake.journal import newest_grant
from ..steps.using import use_expired
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

BOTH = ("identity:read", "events:read")
TOKENS = ("access_token", "refresh_token")


def play(
    stage: Stage,
    *,
    change: Mapping[str, object],
    scopes: Sequence[str] = BOTH,
    then: Callable[[Stage], None] | None = None,
) -> None:
    """Ask for scopes, connect, and look at what the client made of the answer."""
    stage.client.configure(scopes=scopes)
    if change:
        stage.fake.arm("token.authorization_code", "token_fields", **change)
    outcome = stage.client.connect()
    if not stage.check_kind("accepted", outcome, Kind.OK):
        return
    if (stored := stage.client.stored()) is not None:
        members = newest_grant(outcome.exchanges)
        judge_scope(stage, stored, members.get("scope"))
        whole = is_whole(stage, stored, members)
        stage.check("whole-token", whole, outcome, told="the stored tokens are others")
    if stage.client.can("call"):
        stage.check_kind("usable", stage.client.call(), Kind.OK)
    if then is not None:
        then(stage)


def narrow(stage: Stage) -> None:
    """Have a refresh grant less than the exchange did."""
    scope = BOTH[0]
    stage.fake.arm("token.refresh_token", "token_fields", set={"scope": scope})
    refreshed = use_expired(stage)
    if refreshed.kind is Kind.OK and (stored := stage.client.stored()) is not None:
        judge_scope(stage, stored, scope)


def refresh_in_vain(stage: Stage) -> None:
    """Have the client refresh without a refresh token."""
    if stage.client.can("refresh"):
        refreshed = stage.client.refresh()
        refused = may_be(refreshed.kind, Kind.REAUTH_REQUIRED) and not refreshed.token_requests
        stage.check("not-refreshable", refused, refreshed)


def is_whole(stage: Stage, stored: StoredToken, members: Mapping[str, object]) -> bool:
    """Compare the tokens; who never refreshes may do without a refresh token."""
    came = {name: fingerprint(str(members[name])) for name in TOKENS if name in members}
    needs_none = stage.client.ready.features.refresh == "none" and stored.refresh_token is None
    return stored.access_token == came.get("access_token") and (
        needs_none or stored.refresh_token == came.get("refresh_token")
    )


def judge_scope(stage: Stage, stored: StoredToken, granted: object) -> None:
    """Compare the scope, where the client tells one; left out, it is what was asked for."""
    if stored.scope is not None:
        expected = granted if isinstance(granted, str) else " ".join(stage.client.config.scopes)
        same = sorted(stored.scope.split()) == sorted(expected.split())
        stage.check("granted-scope", same)


CASE = Case(
    id="C18",
    name="exchange/other-grant",
    level=Level.MUST,
    severity=2,
    requirement="what was granted is accepted and told, whatever was asked for",
    source="RFC 6749, sections 3.3 and 5.1; oauthlib/oauthlib#562, #888; requests-oauthlib#387",
    injects="a narrower scope, also at a refresh, a wider one, one in another order, none; "
    "no refresh token; long tokens",
    observes="reported kind, stored token, journal",
    checks={
        "accepted": "the answer is accepted",
        "granted-scope": "the scope that the client tells is the granted one",
        "whole-token": "the tokens are stored as they came, however long",
        "not-refreshable": "without a refresh token a refresh needs a human, and sends nothing",
        "usable": "the token is used",
    },
    needs=("begin", "callback"),
    variants=(
        Variant(name="narrowed", play=partial(play, change={"set": {"scope": BOTH[0]}})),
        Variant(name="narrowed-later", play=partial(play, change={}, then=narrow)),
        Variant(
            name="widened",
            play=partial(play, change={"set": {"scope": " ".join(BOTH)}}, scopes=BOTH[:1]),
        ),
        Variant(
            name="reordered",
            play=partial(play, change={"set": {"scope": "events:read identity:read"}}),
        ),
        Variant(name="omitted", play=partial(play, change={"drop": ["scope"]})),
        Variant(
            name="not-refreshable",
            play=partial(play, change={"drop": ["refresh_token"]}, then=refresh_in_vain),
        ),
        Variant(name="large", play=partial(play, change={"pad": dict.fromkeys(TOKENS, 8192)})),
    ),
)
