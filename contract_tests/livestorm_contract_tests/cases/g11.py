"""G11: a server is believed only with a certificate that is right."""

from collections.abc import Callable, Mapping
from functools import partial
from ssl import SSLContext

from ..driving.kinds import Kind
from ..servers import certificates
from ..servers.behind_tls import HOST, behind_tls
from ..steps.operations import Operation, perform
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

WRONG: Mapping[str, Callable[[str], SSLContext]] = {
    "unknown authority": partial(certificates.flawed, flaw="unknown_ca"),
    "expired": partial(certificates.flawed, flaw="expired"),
    "other name": partial(certificates.flawed, flaw="wrong_name"),
}


def serve_good(stage: Stage, *, operation: Operation) -> None:
    """Put TLS with the right certificate before the fake."""
    with behind_tls(stage):
        stage.client.seed()
        stage.check_kind("good", perform(stage, operation), Kind.OK)


def serve_wrong(
    stage: Stage, *, operation: Operation, certificate: Callable[[str], SSLContext]
) -> None:
    """Put TLS with a wrong certificate before the fake."""
    with behind_tls(stage, certificate(HOST)) as front:
        stage.client.seed()
        outcome = perform(stage, operation)
        stage.check_kind("kind", outcome, Kind.SECURITY_ERROR, Kind.TRANSPORT_ERROR)
        nothing = not outcome.exchanges and front.received == 0
        told = f"{front.received} bytes came through"
        stage.check("nothing-sent", nothing, outcome, told=told)


CASE = Case(
    id="G11",
    name="transport/certificates",
    level=Level.MUST,
    severity=1,
    requirement="a certificate that is wrong is refused before anything is sent",
    source="RFC 6749, section 10.9",
    injects="a certificate of an unknown authority, one that has expired, one for another name",
    observes="what came through the TLS server, journal, reported kind",
    checks={
        "kind": "a wrong certificate is reported as security_error or transport_error",
        "nothing-sent": "no byte of HTTP reaches a server with a wrong certificate",
        "good": "a right certificate of the configured authority is accepted",
    },
    needs=("seed", "tls_ca"),
    variants=(
        *(
            Variant(
                name=f"{name}, {one}",
                play=partial(serve_wrong, operation=one, certificate=certificate),
            )
            for name, certificate in WRONG.items()
            for one in Operation
        ),
        *(
            Variant(name=f"good, {one}", play=partial(serve_good, operation=one))
            for one in Operation
        ),
    ),
)
