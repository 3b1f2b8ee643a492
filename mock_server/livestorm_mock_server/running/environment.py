"""What the command finds in its environment: the members of the line of `serve --json`."""

from collections.abc import Mapping
from typing import Final

NAMES: Final = {
    "app_url": "LIVESTORM_APP_URL",
    "api_url": "LIVESTORM_API_URL",
    "client_id": "LIVESTORM_CLIENT_ID",
    "client_secret": "LIVESTORM_CLIENT_SECRET",
    "redirect_uris": "LIVESTORM_REDIRECT_URIS",
    "public_client_id": "LIVESTORM_PUBLIC_CLIENT_ID",
    "private_token": "LIVESTORM_PRIVATE_TOKEN",
    "control_url": "LIVESTORM_MOCK_CONTROL_URL",
    "control_token": "LIVESTORM_MOCK_CONTROL_TOKEN",
    "other_url": "LIVESTORM_MOCK_OTHER_URL",
    "ca_file": "LIVESTORM_MOCK_CA_FILE",
    "proxy_url": "LIVESTORM_MOCK_PROXY_URL",
}

_FIRST_URI: Final = "LIVESTORM_REDIRECT_URI"
_DOORS: Final = ("LIVESTORM_MOCK_NODE_DOOR", "LIVESTORM_MOCK_PYTHON_DOOR")
OF_A_FAKE: Final = frozenset((*NAMES.values(), _FIRST_URI, *_DOORS))
"""What tells of a fake, and of one fake alone: another one around is not there for the command."""


def variables(described: Mapping[str, object]) -> dict[str, str]:
    """Give the variables; several redirect URIs are separated by spaces, and the first is alone."""
    uris = described.get("redirect_uris")
    first = {_FIRST_URI: str(uris[0])} if isinstance(uris, list) and uris else {}
    return first | {
        name: " ".join(value) if isinstance(value, list) else str(value)
        for member, name in NAMES.items()
        if (value := described.get(member)) is not None
    }
