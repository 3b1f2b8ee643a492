"""A03: a server that refuses the PKCE challenge is no reason to do without."""

from functools import partial

from ..driving.kinds import Kind, may_be
from ..steps.callbacks import NO_TOKEN_REQUEST, failed, read_parameter
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def refuse_on_page(stage: Stage) -> None:
    """Refuse the challenge on a page, from which no callback comes."""
    stage.fake.arm("authorize", "html_page", status=400, times=1)
    stage.client.browse(stage.client.begin())
    begin_again(stage)


def refuse_by_callback(stage: Stage, *, error: str) -> None:
    """Refuse the challenge by an error."""
    outcome = stage.client.callback(failed(stage, error, DESCRIPTION))
    stage.check_kind("kind", outcome, *REPORTED)
    stage.check("no-token-request", not outcome.token_requests, outcome)
    begin_again(stage)


def begin_again(stage: Stage) -> None:
    """Begin once more, and look at the challenge."""
    begun = stage.client.do("begin", user="u1")
    url = begun.reply.authorize_url or ""
    is_s256 = read_parameter(url, "code_challenge_method") == "S256" and bool(
        read_parameter(url, "code_challenge")
    )
    stage.check("no-downgrade", is_s256 or may_be(begun.kind, *REPORTED), begun)


REPORTED = (Kind.CONFIG_ERROR, Kind.PROTOCOL_ERROR)
DESCRIPTION = "The code_challenge_method must be plain."

CASE = Case(
    id="A03",
    name="authorization/challenge-refused",
    level=Level.MUST,
    severity=1,
    requirement="a refused challenge is reported; no flow goes on without PKCE or with plain",
    source="RFC 7636; RFC 9700, section 4.8",
    injects="a refusal of code_challenge_method=S256: a page with status 400, or an error callback",
    observes="reported kind, the next authorization URL, journal",
    checks={
        "kind": "a refused challenge is reported as a fault of the configuration",
        "no-token-request": NO_TOKEN_REQUEST,
        "no-downgrade": "the next flow has a challenge by the method S256 again, or is not begun",
    },
    needs=("begin", "callback", "pkce"),
    variants=(
        Variant(name="page", play=refuse_on_page),
        *(
            Variant(name=error, play=partial(refuse_by_callback, error=error))
            for error in ("invalid_request", "invalid_code_challenge_method")
        ),
    ),
)
