"""The secrets of a case, and where they are seen."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from ..driving.outcome import Outcome
from ..driving.secret_forms import forms_of, secrets_of
from ..fake.journal import Exchange
from ..suite.stage import Stage

_CAME = ("access_token", "refresh_token")
NOT_SHOWN: Final = "no token of a refused answer is in the error that is reported, or printed"


def planted(stage: Stage) -> Mapping[str, str]:
    """Give every secret of the case, with its name."""
    found = {
        stage.client.config.registration.client_secret: "client_secret",
        **_seeded(stage),
    }
    for one in stage.fake.exchanges():
        found |= secrets_of(one)
    return found


def leaked(stage: Stage, text: bytes) -> list[str]:
    """Give the names of the secrets that a text shows."""
    return sorted({name for secret, name in planted(stage).items() if is_shown(secret, text)})


def is_shown(secret: str, text: bytes) -> bool:
    """Tell whether a text shows a secret, in whatever form."""
    return any(form.encode("utf-8", "surrogatepass") in text for form in forms_of(secret))


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
