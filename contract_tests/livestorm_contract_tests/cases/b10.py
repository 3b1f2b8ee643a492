"""B10: where the server advertises `iss`, a callback counts only with its issuer in it."""

from collections.abc import Callable, Mapping

from ..driving.kinds import Kind
from ..steps import callbacks, stored
from ..steps.callbacks import altered, check_untouched
from ..steps.stored import connected_before
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

FOREIGN = "https://attacker.example.test"


def play(stage: Stage) -> None:
    """Deliver a callback of an issuer, to a client that knows which one to expect or none."""
    if stage.variant == "not-advertised":
        outcome = stage.client.callback(altered(stage.client.obtain_callback(), iss=FOREIGN))
        stage.check_kind("ignored", outcome, Kind.OK)
        return
    issuer = stage.fake.origin
    stage.client.configure(issuer=issuer)
    if stage.variant == "right":
        outcome = stage.client.callback(altered(stage.client.obtain_callback(), iss=issuer))
        stage.check_kind("right-accepted", outcome, Kind.OK)
        return
    before = connected_before(stage)
    outcome = stage.client.callback(callback_of_another(stage, issuer))
    stage.check_kind("kind", outcome, *callbacks.REFUSALS)
    check_untouched(stage, outcome, before)


def callback_of_another(stage: Stage, issuer: str) -> str:
    """Give a callback that is not the issuer's, though its state is right."""
    decision = "deny" if stage.variant == "foreign-denial" else "approve"
    url = stage.client.obtain_callback(decision=decision)
    return altered(url, iss=NOT_THE_ISSUER[stage.variant](issuer))


NOT_THE_ISSUER: Mapping[str, Callable[[str], str | None]] = {
    "foreign": lambda issuer: FOREIGN,
    "foreign-denial": lambda issuer: FOREIGN,
    "trailing-slash": lambda issuer: f"{issuer}/",
    "upper-case": lambda issuer: issuer.replace("http", "HTTP"),
    "cut": lambda issuer: issuer[:-1],
    "empty": lambda issuer: "",
    "absent": lambda issuer: None,
}

CASE = Case(
    id="B10",
    name="callback/issuer",
    level=Level.MUST,
    severity=1,
    requirement="a callback without the advertised issuer is refused before any token request",
    source="RFC 9207; RFC 9700, section 4.4.2.1",
    injects="iss of another server, the right one with a slash, in capitals, cut, empty, absent",
    observes="reported kind, journal, stored token",
    checks={
        "kind": callbacks.REFUSED,
        "no-token-request": callbacks.NO_TOKEN_REQUEST,
        "store-unchanged": stored.STORE_UNCHANGED,
        "right-accepted": "a callback with the advertised issuer connects",
        "ignored": "where no issuer is advertised, iss is one more unknown parameter",
    },
    levels={"ignored": Level.SHOULD},
    needs=("begin", "callback", "iss"),
    variants=tuple(Variant(name=name) for name in ("right", *NOT_THE_ISSUER, "not-advertised")),
    play=play,
)
