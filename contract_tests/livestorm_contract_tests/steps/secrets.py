"""The secrets of a case, and where they are seen."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from ..driving.secret_forms import forms_of
from ..fake.journal import Exchange
from ..suite.stage import Stage

_SENT = ("client_secret", "code", "code_verifier", "refresh_token")
_CAME = ("access_token", "refresh_token")


def planted(stage: Stage) -> Mapping[str, str]:
    """Give every secret of the case, with its name."""
    found = {
        stage.client.config.registration.client_secret: "client_secret",
        **_seeded(stage),
    }
    for one in stage.fake.exchanges():
        if one.at_token_endpoint:
            found |= {str(one.parameters[name]): name for name in _SENT if name in one.parameters}
            found |= {str(one.granted[name]): name for name in _CAME if one.granted.get(name)}
        if one.bearer_token:
            found[one.bearer_token] = "access_token"
    return found


def leaked(stage: Stage, text: bytes) -> list[str]:
    """Give the names of the secrets that a text shows."""
    shown = text.decode("utf-8", "surrogateescape")
    secrets = planted(stage).items()
    return sorted({name for secret, name in secrets if any(f in shown for f in forms_of(secret))})


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
