"""A command-line program: connects an account in the browser once, then shows who it is.

Point it at `livestorm-mock serve` by LIVESTORM_APP_URL=http://127.0.0.1:8787 and
LIVESTORM_API_URL=http://127.0.0.1:8787/v1.
"""

import json
import os
import sys
from pathlib import Path

from livestorm_client import FileStore, LivestormClient, LivestormError, receive_callback


def main() -> int:
    """Connect if needed, and show the connected user; give the exit status."""
    client = LivestormClient(
        client_id=os.environ.get("LIVESTORM_CLIENT_ID", "example-client-id"),
        client_secret=os.environ.get("LIVESTORM_CLIENT_SECRET", "example-client-secret"),
        redirect_uri=os.environ.get("LIVESTORM_REDIRECT_URI", "http://127.0.0.1:3000/callback"),
        app_url=os.environ.get("LIVESTORM_APP_URL", "https://app.livestorm.co"),
        api_url=os.environ.get("LIVESTORM_API_URL", "https://api.livestorm.co/v1"),
        store=FileStore(os.environ.get("LIVESTORM_TOKENS", Path.home() / ".livestorm.json")),
    )
    try:
        if client.tokens is None or client.tokens.needs_reauth:
            request = client.authorization_request(["identity:read"])
            client.connect(request, receive_callback(request))
        print(json.dumps(client.me(), indent=2))  # noqa: T201
    except LivestormError as error:
        print(f"{error.kind}: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
