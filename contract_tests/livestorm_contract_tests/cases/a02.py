"""A02: each flow is protected by PKCE with S256 and a verifier of its own."""

import base64
import hashlib
from functools import partial

from ..steps.callbacks import read_parameter
from ..suite.case import Case, Variant
from ..suite.driver import Unsupported
from ..suite.stage import Stage
from ..suite.verdicts import Level

FLOWS = 3


def play(stage: Stage, *, is_public: bool) -> None:
    """Connect several times, as a client with a secret and as one without."""
    stage.client.register(auth_method=auth_method(stage, is_public=is_public))
    prefix = "public-" if is_public else ""
    fit = [connect(stage) for _ in range(FLOWS)]
    stage.check(f"{prefix}verifier-fits", all(fit))
    found = {finding["rule"]: finding["message"] for finding in stage.fake.audit()}
    for check, rules in RULES.items():
        told = [found[rule] for rule in rules if rule in found]
        stage.check(f"{prefix}{check}", not told, told="; ".join(told))


def auth_method(stage: Stage, *, is_public: bool) -> str:
    """Choose how the client authenticates. Raises Unsupported."""
    offered = stage.client.ready.features.auth_methods
    fitting = [method for method in offered if (method == "none") is is_public]
    if not fitting:
        raise Unsupported(f"auth_method of a {'public' if is_public else 'confidential'} client")
    return fitting[0]


def connect(stage: Stage) -> bool:
    """Go through a flow; tell whether a verifier came that fits the challenge."""
    url = stage.client.begin()
    connected = stage.client.callback(stage.client.browse(url) or "")
    sent = [one.parameters.get("code_verifier") for one in connected.token_requests]
    challenge = read_parameter(url, "code_challenge")
    return any(isinstance(one, str) and s256(one) == challenge for one in sent)


def s256(code_verifier: str) -> str:
    """Derive the challenge of a verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(code_verifier.encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


RULES = {
    "challenge": ("missing_pkce", "plain_challenge"),
    "verifier-form": ("malformed_verifier",),
    "fresh": ("reused_verifier",),
}
REQUIRED = {
    "challenge": "each authorization request has a challenge by the method S256, never plain",
    "verifier-fits": "the token request brings the verifier of the challenge",
    "verifier-form": "a verifier is 43 to 128 characters of A-Z, a-z, 0-9, -._~",
    "fresh": "no verifier is used for two flows",
}
OF_PUBLIC = {f"public-{check}": f"without a secret: {text}" for check, text in REQUIRED.items()}

CASE = Case(
    id="A02",
    name="authorization/pkce",
    level=Level.SHOULD,
    severity=2,
    requirement="each flow has a PKCE challenge by S256 and a verifier of its own",
    source="RFC 7636; RFC 9700, section 2.1.1",
    injects=f"nothing; {FLOWS} flows are gone through, with a client secret and without",
    observes="the journal of both endpoints",
    checks=REQUIRED | OF_PUBLIC,
    levels=dict.fromkeys(OF_PUBLIC, Level.MUST),
    needs=("begin", "callback", "pkce"),
    provider={"consent": "approve"},
    variants=(
        Variant(name="confidential", play=partial(play, is_public=False)),
        Variant(name="public", play=partial(play, is_public=True)),
    ),
)
