"""The authorization URLs of a client that does everything right, but for what a test changes."""

from urllib.parse import urlencode

from livestorm_mock_server import LivestormSandbox

CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbbRGkkeexample"
STATE = "Zk3vJ0tq9wXb7NfR2mLc5yHd8sPa1uGe"


def asked(livestorm: LivestormSandbox, **changed: str | None) -> dict[str, str]:
    """Give the parameters of a right client's authorization request; None leaves one out."""
    right: dict[str, str | None] = {
        "response_type": "code",
        "client_id": livestorm.client_id,
        "redirect_uri": livestorm.redirect_uri,
        "state": STATE,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (right | changed).items() if value is not None}


def url_of(livestorm: LivestormSandbox, **changed: str | None) -> str:
    """Give the authorization URL of a right client; None leaves a parameter out."""
    return f"{livestorm.app_url}/oauth/authorize?{urlencode(asked(livestorm, **changed))}"
