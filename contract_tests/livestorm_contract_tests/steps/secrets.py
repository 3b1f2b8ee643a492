"""The secrets of a case, in all forms in which they may leak."""

import base64
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

from ..driving.outcome import Outcome
from ..fake.journal import Exchange
from ..suite.stage import Stage

_SENT = ("client_secret", "code", "code_verifier", "refresh_token")
_CAME = ("access_token", "refresh_token")
NOT_SHOWN: Final = "no token of a refused answer is in the error that is reported, or printed"
_SHORTEST = 16
"""Characters of the shortest text that can be told from chance."""


def planted(stage: Stage) -> Mapping[str, str]:
    """Give every secret of the case, with its name."""
    found = {
        stage.client.config.registration.client_secret: "client_secret",
        **_seeded(stage),
    }
    for one in stage.fake.exchanges():
        if one.at_token_endpoint:
            found |= {str(one.parameters[name]): name for name in _SENT if name in one.parameters}
        found |= one.tokens_shown
        if one.bearer_token:
            found[one.bearer_token] = "access_token"
    return {text: name for text, name in found.items() if len(text) >= _SHORTEST}


def leaked(stage: Stage, text: bytes) -> list[str]:
    """Give the names of the secrets that a text shows."""
    secrets = planted(stage).items()
    return sorted({name for secret, name in secrets if any(f in text for f in _forms(secret))})


def check_not_shown(stage: Stage, *outcomes: Outcome) -> None:
    """Check that no secret is in the errors that are reported, nor in what was printed."""
    told = "\n".join(one.told_text for one in outcomes).encode("utf-8", "surrogatepass")
    shown = leaked(stage, told + b"\n" + stage.client.printed())
    stage.check("not-shown", not shown, *outcomes, told=f"shown: {', '.join(shown)}")


def sent_elsewhere(stage: Stage, configured: str | None = None) -> list[str]:
    """Give the names of the secrets that were sent to another origin than the configured one."""
    strayed = elsewhere(stage, configured)
    sent = [repr((one.target, one.request_headers, one.parameters)) for one in strayed]
    return leaked(stage, "\n".join(sent).encode())


def elsewhere(stage: Stage, configured: str | None = None) -> list[Exchange]:
    """Give the client's requests to another host and port than the configured ones, the fake's."""
    configured = configured or urlsplit(stage.fake.origin).netloc
    return [one for one in stage.fake.exchanges() if one.origin != configured]


def other_host(stage: Stage) -> str:
    """Give an origin that is not the configured one, and which the fake hears."""
    return f"http://0.0.0.0:{stage.fake.port}"


def _seeded(stage: Stage) -> dict[str, str]:
    given = [one.command.get("token") for one in stage.verdicts.outcomes]
    tokens = [token for token in given if isinstance(token, Mapping)]
    return {str(token[name]): name for token in tokens for name in _CAME if name in token}


def _forms(secret: str) -> set[bytes]:
    """Give a secret as it is, percent-encoded, and in base64 at any place of a longer text."""
    raw = secret.encode()
    shifted = [base64.b64encode(b"\0" * n + raw)[skip:-4] for n, skip in ((0, 0), (1, 2), (2, 3))]
    return {raw, quote(secret, safe="").encode(), *shifted, *map(_url_safe, shifted)}


def _url_safe(encoded: bytes) -> bytes:
    return encoded.replace(b"+", b"-").replace(b"/", b"_")
