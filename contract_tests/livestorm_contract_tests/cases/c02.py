"""C02: a token request authenticates the client in one way only."""

from ..driving.kinds import Kind
from ..fake.journal import Exchange
from ..steps.exchanges import secret_methods
from ..suite.case import Case
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Connect and refresh by each method."""
    for _ in secret_methods(stage):
        outcomes = [stage.client.connect()]
        stage.check_kind("kind", outcomes[0], Kind.OK)
        if stage.client.can("refresh"):
            outcomes.append(stage.client.refresh())
        for outcome in outcomes:
            once = all(count_mechanisms(one) == 1 for one in outcome.token_requests)
            stage.check("one-mechanism", once, outcome)


def count_mechanisms(exchange: Exchange) -> int:
    """Count the ways in which a request authenticates the client."""
    names = ("client_secret", "client_assertion")
    return ("authorization" in exchange.request_headers) + sum(
        name in exchange.parameters for name in names
    )


CASE = Case(
    id="C02",
    name="exchange/one-authentication",
    level=Level.MUST,
    severity=2,
    requirement="a token request authenticates the client by the header or in the body, not both",
    source="RFC 6749, section 2.3",
    injects="nothing",
    observes="journal, reported kind",
    checks={
        "kind": "the client connects with each method of authentication that it offers",
        "one-mechanism": "each token request has exactly one form of client authentication",
    },
    needs=("begin", "callback"),
    play=play,
)
