"""Sign in and ask who one is, over requests."""

import json
import os

import requests

APP = "https://app.livestorm.co"
API = "https://api.livestorm.co/v1"

application = {
    "client_id": os.environ["LIVESTORM_CLIENT_ID"],
    "redirect_uri": os.environ["LIVESTORM_REDIRECT_URI"],
}
asked = {**application, "response_type": "code", "scope": "identity:read"}
answer = requests.get(f"{APP}/oauth/authorize", asked, allow_redirects=False, timeout=20)
code = answer.headers["Location"].partition("code=")[2].partition("&")[0]

secret = os.environ["LIVESTORM_CLIENT_SECRET"]
form = {**application, "grant_type": "authorization_code", "code": code, "client_secret": secret}
token = requests.post(f"{APP}/oauth/token", form, timeout=20).json()["access_token"]

session = requests.Session()
session.headers["Authorization"] = f"Bearer {token}"
me = session.get(f"{API}/me", timeout=20).json()
print(json.dumps({"email": me["data"]["attributes"]["email"]}))
