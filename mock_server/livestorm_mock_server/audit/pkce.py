"""Proof Key for Code Exchange (RFC 7636) as the clients use it."""

import re

from ..doorkeeper.pkce import s256
from .rule import Noticed
from .sent import Sent
from .traffic import Traffic
from .wording import plural, shown

_SHORTEST, _LONGEST = 43, 128
_FOREIGN = re.compile(r"[^A-Za-z0-9\-._~]")
_CODE = "token.authorization_code"


def missing_pkce(traffic: Traffic) -> Noticed:
    """Notice authorization requests for a code without a challenge."""
    for flow in traffic.flows:
        asks_for_code = "code" in (flow.text("response_type") or "").split()
        if asks_for_code and flow.text("code_challenge") is None:
            yield "the authorization request has no code_challenge", [flow]


def plain_challenges(traffic: Traffic) -> Noticed:
    """Notice challenges that are the verifier itself, which is the default method."""
    for flow in traffic.flows:
        method = flow.text("code_challenge_method")
        if flow.text("code_challenge") is not None and method in (None, "plain"):
            sent_as = "is plain" if method else "is missing, which means plain"
            yield f"code_challenge_method {sent_as}", [flow]


def malformed_verifiers(traffic: Traffic) -> Noticed:
    """Notice verifiers of the wrong length or with foreign characters."""
    for verifier, sent in traffic.with_text(_CODE, "code_verifier").items():
        if not _SHORTEST <= len(verifier) <= _LONGEST:
            length = plural(len(verifier), "character")
            yield f"code_verifier has {length} instead of {_SHORTEST} to {_LONGEST}", sent
        if _FOREIGN.search(verifier):
            yield "code_verifier has characters other than A-Z, a-z, 0-9, and -._~", sent


def reused_verifiers(traffic: Traffic) -> Noticed:
    """Notice a challenge of several flows, or its verifier beside several codes."""
    flows_of = _flows_by_challenge(traffic)
    for challenge, sent in _redemptions_by_challenge(traffic, set(flows_of)).items():
        flows = flows_of.pop(challenge, [])
        codes = {one.text("code") for one in sent}
        if max(len(flows), len(codes)) > 1:
            yield _reuse(challenge, max(len(flows), len(codes))), [*flows, *sent]
    for challenge, flows in flows_of.items():
        if len(flows) > 1:
            yield _reuse(challenge, len(flows)), flows


def _reuse(challenge: str, count: int) -> str:
    return f"the code_verifier of challenge {shown(challenge)} is used for {count} flows"


def _flows_by_challenge(traffic: Traffic) -> dict[str, list[Sent]]:
    flows_of: dict[str, list[Sent]] = {}
    for flow in traffic.flows:
        if (challenge := flow.text("code_challenge")) is not None:
            flows_of.setdefault(challenge, []).append(flow)
    return flows_of


def _redemptions_by_challenge(traffic: Traffic, plain: set[str]) -> dict[str, list[Sent]]:
    """Give the redemptions of codes by the challenge; `plain` are challenges to look for."""
    by_verifier = traffic.with_text(_CODE, "code_verifier")
    return {v if v in plain else s256(v): sent for v, sent in by_verifier.items()}
