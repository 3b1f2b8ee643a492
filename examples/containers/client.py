"""A client that is shipped as it is: sign in, and ask who one is, with nothing but Python."""

import json
import os
import sys
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

APP = "https://app.livestorm.co"
API = "https://api.livestorm.co/v1"
SECONDS = 10


class Stay(HTTPRedirectHandler):
    """Takes a redirection for an answer."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none."""


def callback_of(url: str) -> str:
    """Let the user at the browser decide; give where the browser is sent."""
    try:
        with build_opener(Stay).open(url, timeout=SECONDS):
            return ""
    except HTTPError as redirection:
        redirection.close()
        return redirection.headers["Location"] or ""


def main() -> None:
    """Print the e-mail address of who has signed in."""
    application = {
        "client_id": os.environ["LIVESTORM_CLIENT_ID"],
        "redirect_uri": os.environ["LIVESTORM_REDIRECT_URI"],
    }
    asked = {**application, "response_type": "code", "scope": "identity:read"}
    callback = callback_of(f"{APP}/oauth/authorize?{urlencode(asked)}")
    form = {
        **application,
        "client_secret": os.environ["LIVESTORM_CLIENT_SECRET"],
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(callback).query)["code"][0],
    }
    with urlopen(f"{APP}/oauth/token", urlencode(form).encode(), timeout=SECONDS) as answer:
        token = json.load(answer)["access_token"]
    request = Request(f"{API}/me", headers={"Authorization": f"Bearer {token}"})
    with urlopen(request, timeout=SECONDS) as answer:
        email = json.load(answer)["data"]["attributes"]["email"]
    sys.stdout.write(f"{email}\n")


if __name__ == "__main__":
    main()
