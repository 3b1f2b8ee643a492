"""I07: nothing crosses from one user to another."""

from ..driving.kinds import fingerprint
from ..driving.outcome import Outcome
from ..fake.control import TokenPair
from ..fake.journal import refreshes
from ..steps.using import start_using, use
from ..suite.case import Case
from ..suite.stage import Stage
from ..suite.verdicts import Level

USERS = {"team/ada": "ada.martin@example.test", "équipe/été": "grace.dupont@example.test"}


def play(stage: Stage) -> None:
    """Use the expired tokens of two users in turns, then once more."""
    seeded = {
        user: stage.client.seed(user, expired=True, email=email) for user, email in USERS.items()
    }
    outcomes = _refresh_all(stage)
    sent = refreshes(stage.fake.exchanges())
    wanted = sorted(pair["refresh_token"] for pair in seeded.values())
    told = f"{len(sent)} refreshes"
    stage.check(
        "own-refresh",
        sorted(str(one.refresh_token) for one in sent) == wanted,
        *outcomes,
        told=told,
    )
    for user, pair in seeded.items():
        _check_own(stage, user, pair)


def _refresh_all(stage: Stage) -> list[Outcome]:
    """Refresh for all users, at once where the client takes several commands."""
    if not stage.client.ready.features.parallel:
        return [use(stage, user=user) for user in USERS]
    return [one.finish() for one in [start_using(stage.client, user=user) for user in USERS]]


def _check_own(stage: Stage, user: str, seeded: TokenPair) -> None:
    """Check that a user has what the refresh of this user's token brought."""
    brought = {
        str(one.granted.get("access_token"))
        for one in refreshes(stage.fake.exchanges())
        if one.refresh_token == seeded["refresh_token"]
    }
    if stage.client.can("call"):
        outcome = stage.client.call(user=user)
        used = [str(one.bearer_token) for one in outcome.api_requests]
        own = bool(used) and brought.issuperset(used)
        stage.check("own-token", own, outcome)
    state = stage.client.state(user)
    if state is not None:
        stored = None if state.token is None else state.token.access_token
        stage.check("own-store", stored in [fingerprint(one) for one in brought])


CASE = Case(
    id="I07",
    name="concurrency/two-users",
    level=Level.MUST,
    severity=1,
    requirement="tokens, locks and caches of one user are never another's",
    source="INV-6",
    injects="two users of one client whose tokens expire together",
    observes="journal, stored tokens",
    checks={
        "own-refresh": "each user's refresh token is sent once",
        "own-token": "a user's call carries this user's access token",
        "own-store": "what is stored for a user is what this user's refresh brought",
    },
    needs=("seed",),
    scenario="two_users",
    play=play,
)
