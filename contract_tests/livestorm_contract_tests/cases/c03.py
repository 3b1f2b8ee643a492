"""C03: credentials with unusual characters reach the server, or the settings are blamed."""

from ..driving.kinds import Kind
from ..steps.exchanges import secret_methods
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Connect by each method."""
    reserved = stage.variant == "reserved"
    allowed = (Kind.OK, Kind.CONFIG_ERROR) if reserved else (Kind.OK,)
    for _ in secret_methods(stage):
        stage.check_kind(stage.variant, stage.client.connect(), *allowed)


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
        Variant(name="default-alphabet", credentials_hold="-_a-"),
        Variant(name="reserved", credentials_hold="+/=%41-_"),
    ),
    play=play,
)
