"""Sign in and ask who one is, over pycurl."""

import json
import os
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pycurl

APP = "https://app.livestorm.co"
API = "https://api.livestorm.co/v1"

application = {
    "client_id": os.environ["LIVESTORM_CLIENT_ID"],
    "redirect_uri": os.environ["LIVESTORM_REDIRECT_URI"],
}
curl = pycurl.Curl()
curl.setopt(pycurl.TIMEOUT, 20)


def ask(url: str, **options: Any) -> bytes:
    """Send a request; give the body of the answer."""
    body = BytesIO()
    curl.setopt(pycurl.URL, url)
    curl.setopt(pycurl.WRITEDATA, body)
    for name, value in options.items():
        curl.setopt(getattr(pycurl, name), value)
    curl.perform()
    return body.getvalue()


query = urlencode({**application, "response_type": "code", "scope": "identity:read"})
ask(f"{APP}/oauth/authorize?{query}")
code = parse_qs(urlsplit(curl.getinfo(pycurl.REDIRECT_URL)).query)["code"][0]

secret = os.environ["LIVESTORM_CLIENT_SECRET"]
form = {**application, "grant_type": "authorization_code", "code": code, "client_secret": secret}
token = json.loads(ask(f"{APP}/oauth/token", POSTFIELDS=urlencode(form)))["access_token"]

me = json.loads(ask(f"{API}/me", HTTPGET=True, HTTPHEADER=[f"Authorization: Bearer {token}"]))
print(json.dumps({"email": me["data"]["attributes"]["email"]}))
