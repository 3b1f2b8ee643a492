"""C04: a code that was refused is not sent again with another client authentication."""

from functools import partial

from ..driving.kinds import Kind
from ..steps.exchanges import CODE_ONCE, check_code_once, secret_methods
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, error: str) -> None:
    """Burn the code and blame the credentials, for each method."""
    for _ in secret_methods(stage):
        stage.fake.arm(
            "token.authorization_code", "oauth_error", error=error, phase="after", times=1
        )
        outcome = stage.client.connect()
        stage.fake.disarm()
        check_code_once(stage, outcome)
        stage.check_kind("first-error", outcome, Kind.CONFIG_ERROR)


CASE = Case(
    id="C04",
    name="exchange/code-burnt",
    level=Level.MUST,
    severity=2,
    requirement="a refused code is not tried with another authentication; the refusal is reported",
    source="RFC 6749, section 4.1.2; golang/oauth2#373, #718, #803",
    injects="invalid_client or invalid_request once, after the code was used up",
    observes="journal, reported kind",
    checks={
        "code-once": CODE_ONCE,
        "first-error": "the first error is reported, not what a second attempt would bring",
    },
    needs=("begin", "callback"),
    variants=tuple(
        Variant(name=error, play=partial(play, error=error))
        for error in ("invalid_client", "invalid_request")
    ),
)
