"""D05: the grant is dead; a human has to know, and the server is left in peace."""

from functools import partial

from ..driving.kinds import Kind
from ..steps.using import use
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

MOST_POSTS = 2
"""One, and one more after the store was read again."""
FURTHER_USES = 3
STILL_MORE_USES = 12
MOST_POSTS_EVER = 8
"""For sixteen uses: who sends a dead grant more often has no end."""


def refuse(stage: Stage, *, status: int) -> None:
    """Refuse the grant, whatever it is."""
    stage.client.seed(expired=True)
    stage.fake.arm("token.refresh_token", "oauth_error", error="invalid_grant", status=status)
    use_dead_grant(stage)


def revoke(stage: Stage) -> None:
    """Revoke the grant."""
    stage.fake.revoke_token(stage.client.seed(expired=True)["refresh_token"])
    use_dead_grant(stage)


def use_dead_grant(stage: Stage) -> None:
    """Use a dead grant again and again, then connect anew."""
    first = use(stage)
    stage.check_kind("kind", first, Kind.REAUTH_REQUIRED)
    check_flagged(stage)
    for _ in range(FURTHER_USES):
        stage.check_kind("kind-later", use(stage), Kind.REAUTH_REQUIRED)
    check_posts(stage, "no-polling", MOST_POSTS)
    for _ in range(STILL_MORE_USES):
        use(stage)
    check_posts(stage, "not-for-ever", MOST_POSTS_EVER)
    check_new_grant(stage)


def check_posts(stage: Stage, check: str, most: int) -> None:
    """Check how often the dead grant was sent until now."""
    posts = [one for one in stage.fake.exchanges() if one.at_token_endpoint]
    told = f"{len(posts)} requests to the token endpoint"
    stage.check(check, len(posts) <= most, *stage.verdicts.outcomes, told=told)


def check_flagged(stage: Stage) -> None:
    """Check that the store says so; without `state` nothing is judged."""
    if not stage.client.can("state"):
        return
    state = stage.client.do("state").reply
    given_up = state.token is None or state.token.refresh_token is None
    stage.check("flagged", state.needs_reauth or given_up)


def check_new_grant(stage: Stage) -> None:
    """Check that new tokens end it."""
    stage.fake.disarm()
    stage.client.seed(expired=True)
    stage.check_kind("new-grant", use(stage), Kind.OK)


CASE = Case(
    id="D05",
    name="refresh/invalid-grant",
    level=Level.SHOULD,
    severity=2,
    requirement="after `invalid_grant` a human is asked, and the dead grant is not sent again",
    source="RFC 6749, section 5.2; home-assistant/core#140121, keurcien/auxilia#327",
    injects="`invalid_grant` with 400 and 401, and a grant that was revoked",
    observes="journal, reported kind, stored token",
    checks={
        "kind": "`invalid_grant` is reported as the need to connect again",
        "flagged": "the stored tokens are dropped, or flagged as dead",
        "kind-later": "every further use says so, too",
        "no-polling": "the dead refresh token is sent once more at most",
        "not-for-ever": "a dead refresh token is not sent at each use for ever",
        "new-grant": "new tokens work at once",
    },
    levels={"not-for-ever": Level.MUST},
    needs=("seed", "refresh=auto|explicit"),
    variants=(
        Variant(name="400", play=partial(refuse, status=400)),
        Variant(name="401", play=partial(refuse, status=401)),
        Variant(name="revoked", play=revoke),
    ),
)
