"""C03: credentials with unusual characters reach the server, or the settings are blamed."""

from collections.abc import Sequence
from functools import partial

from ..driving.kinds import Kind
from ..steps.exchanges import secret_methods
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, check: str, kinds: Sequence[Kind]) -> None:
    """Connect by each method."""
    for _ in secret_methods(stage):
        stage.check_kind(check, stage.client.connect(), *kinds)


CASE = Case(
    id="C03",
    name="exchange/odd-credentials",
    level=Level.MUST,
    severity=2,
    requirement="credentials arrive as they are, and a refusal of them asks no user to reconnect",
    source="RFC 6749, section 2.3.1; openid/AppAuth-Android#337; requests/requests-oauthlib#568",
    injects="a client id and secret with - and _, or with + / = and % too",
    observes="reported kind, by each method of authentication",
    checks={
        "default-alphabet": "credentials with - and _ are accepted by each method",
        "reserved": "credentials with + / = and % are accepted, or are a matter of settings",
    },
    needs=("begin", "callback"),
    variants=(
        Variant(
            name="default-alphabet",
            play=partial(play, check="default-alphabet", kinds=[Kind.OK]),
            credentials_hold="-_a-",
        ),
        Variant(
            name="reserved",
            play=partial(play, check="reserved", kinds=[Kind.OK, Kind.CONFIG_ERROR]),
            credentials_hold="+/=%41-_",
        ),
    ),
)
