"""Where and when access tokens and other credentials are sent."""

from bisect import bisect_left

from .rule import Noticed
from .sent import Sent
from .traffic import Traffic
from .wording import shown

_SECRETS = ("client_secret", "code", "code_verifier", "password", "refresh_token")
_NOT_DEAD = "insufficient_scope"
# Uses of a dead access token that a correct client can come to: one in each of two operations.
_MOST_USES = 2
# Seconds of real time around a refresh in which calls in parallel still have the old token.
_BURST = 1.0


def bearers_to_other_origins(traffic: Traffic) -> Noticed:
    """Notice access tokens at another origin, where a redirection or a link led."""
    for sent in _at_other_origin(traffic):
        scheme, credentials = sent.authorization
        if (scheme or credentials) and scheme != "basic":
            yield "the access token is sent to another origin", [sent]


def secrets_to_other_origins(traffic: Traffic) -> Noticed:
    """Notice what proves the client or the grant at another origin."""
    for sent in _at_other_origin(traffic):
        basic = ["HTTP Basic"] if sent.authorization[0] == "basic" else []
        in_form = [name for name in _SECRETS if sent.is_to_oauth and sent.text(name)]
        if leaked := basic + in_form:
            yield f"{', '.join(leaked)} sent to another origin", [sent]


def access_tokens_after_401(traffic: Traffic) -> Noticed:
    """Notice access tokens that are refused again and again, with no refresh beside it."""
    runs: dict[str, list[Sent]] = {}
    for sent in traffic.all:
        if sent.bearer is not None and sent.is_to_api:
            _note_use(runs, sent.bearer, sent)
    refreshed_at = sorted(sent.entry.wall for sent in traffic.labelled("token.refresh_token"))
    for token, run in runs.items():
        uses = [sent for sent in run if not _is_in_burst(sent, refreshed_at)]
        if len(uses) > _MOST_USES:
            yield f"access token {shown(token)} is used again and again after a 401", uses


def _note_use(runs: dict[str, list[Sent]], token: str, sent: Sent) -> None:
    if _is_refused(sent):
        run = runs.setdefault(token, [])
        if not run or sent.follows(run[-1]):
            run.append(sent)
    elif sent.status is not None and sent.status < 400:
        runs.pop(token, None)


def _is_refused(sent: Sent) -> bool:
    challenge = sent.answer_header("www-authenticate") or ""
    return sent.status == 401 and sent.got_through and _NOT_DEAD not in challenge


def _is_in_burst(sent: Sent, refreshed_at: list[float]) -> bool:
    wall = sent.entry.wall
    nearest = bisect_left(refreshed_at, wall - _BURST)
    return nearest < len(refreshed_at) and refreshed_at[nearest] < wall + _BURST


def _at_other_origin(traffic: Traffic) -> list[Sent]:
    port = traffic.other_port
    return [] if port is None else [sent for sent in traffic.all if sent.request.port == port]
