"""B10: where the server advertises `iss`, a callback counts only with its issuer in it."""

from collections.abc import Callable, Mapping
from functools import partial

from ..driving.kinds import Kind
from ..steps import callbacks, stored
from ..steps.callbacks import altered, check_untouched
from ..steps.stored import connected_before
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

FOREIGN = "https://attacker.example.test"


def deliver_right(stage: Stage) -> None:
    """Deliver a callback of the issuer that the client expects."""
    issuer = stage.fake.origin
    stage.client.configure(issuer=issuer)
    outcome = stage.client.callback(altered(stage.client.obtain_callback(), iss=issuer))
    stage.check_kind("right-accepted", outcome, Kind.OK)


def deliver_another(
    stage: Stage, *, iss: Callable[[str], str | None], decision: str = "approve"
) -> None:
    """Deliver a callback that is not the issuer's, though its state is right."""
    issuer = stage.fake.origin
    stage.client.configure(issuer=issuer)
    before = connected_before(stage)
    url = stage.client.obtain_callback(decision=decision)
    outcome = stage.client.callback(altered(url, iss=iss(issuer)))
    stage.check_kind("kind", outcome, *callbacks.REFUSALS)
    check_untouched(stage, outcome, before)


def deliver_unexpected(stage: Stage) -> None:
    """Deliver a callback of an issuer to a client that knows of none."""
    outcome = stage.client.callback(altered(stage.client.obtain_callback(), iss=FOREIGN))
    stage.check_kind("ignored", outcome, Kind.OK)


def foreign(issuer: str) -> str:
    """Give an issuer that has nothing to do with the right one."""
    del issuer
    return FOREIGN


DISTORTED: Mapping[str, Callable[[str], str | None]] = {
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
    variants=(
        Variant(name="right", play=deliver_right),
        Variant(name="foreign", play=partial(deliver_another, iss=foreign)),
        Variant(name="foreign-denial", play=partial(deliver_another, iss=foreign, decision="deny")),
        *(
            Variant(name=name, play=partial(deliver_another, iss=distort))
            for name, distort in DISTORTED.items()
        ),
        Variant(name="not-advertised", play=deliver_unexpected),
    ),
)
