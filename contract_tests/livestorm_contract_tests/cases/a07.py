"""A07: the authorization URL asks for a code, and shows no secret."""

from base64 import b64encode
from urllib.parse import unquote_plus

from ..fake.control import TokenPair
from ..steps.callbacks import SHORT_ENOUGH, check_length, read_parameter
from ..suite.case import Case
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Read the URL that goes through the browser, of a user who was connected before."""
    pair = stage.client.seed() if stage.client.can("seed") else None
    url = stage.client.begin()
    check_length(stage, url)
    shown = url + unquote_plus(url)
    stage.check("asks-for-code", read_parameter(url, "response_type") == "code")
    stage.check("no-secret", not any(one in shown for one in secrets(stage)))
    if pair is not None:
        stage.check("no-token", not any(one in shown for one in tokens(pair)))


def secrets(stage: Stage) -> list[str]:
    """Give the forms in which the secret could be shown."""
    registration = stage.client.config.registration
    client_id, secret = registration.client_id, registration.client_secret
    return ["client_secret=", secret, b64encode(f"{client_id}:{secret}".encode()).decode()]


def tokens(pair: TokenPair) -> list[str]:
    """Give the user's tokens."""
    return [pair["access_token"], pair["refresh_token"]]


CASE = Case(
    id="A07",
    name="authorization/front-channel",
    level=Level.MUST,
    severity=1,
    requirement="the authorization URL has response_type=code, and neither secret nor token",
    source="RFC 6749, sections 2.3.1 and 4.1.1; RFC 9700, section 2.1.2; RFC 9110, section 4.1",
    injects="nothing",
    observes="the authorization URL",
    checks={
        "asks-for-code": "response_type is code",
        "no-secret": "the client secret is not in the authorization URL",
        "no-token": "no token is in the authorization URL",
        "short-enough": SHORT_ENOUGH,
    },
    # Servers are recommended to take so much, and some take more.
    levels={"short-enough": Level.SHOULD},
    needs=("begin",),
    play=play,
)
