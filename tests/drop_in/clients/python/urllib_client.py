"""Sign in and ask who one is, over urllib."""

import json
import os
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

APP = "https://app.livestorm.co"
API = "https://api.livestorm.co/v1"

application = {
    "client_id": os.environ["LIVESTORM_CLIENT_ID"],
    "redirect_uri": os.environ["LIVESTORM_REDIRECT_URI"],
}


class Stay(HTTPRedirectHandler):
    """Takes a redirection for an answer."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none."""


query = urlencode({**application, "response_type": "code", "scope": "identity:read"})
try:
    location = build_opener(Stay).open(f"{APP}/oauth/authorize?{query}").headers["Location"]
except HTTPError as redirection:
    location = redirection.headers["Location"]
    redirection.close()
code = parse_qs(urlsplit(location).query)["code"][0]

secret = os.environ["LIVESTORM_CLIENT_SECRET"]
form = {**application, "grant_type": "authorization_code", "code": code, "client_secret": secret}
with urlopen(f"{APP}/oauth/token", urlencode(form).encode()) as answer:
    token = json.load(answer)["access_token"]

with urlopen(Request(f"{API}/me", headers={"Authorization": f"Bearer {token}"})) as answer:
    print(json.dumps({"email": json.load(answer)["data"]["attributes"]["email"]}))
