"""Sign in and ask who one is, over httpx."""

import json
import os

import httpx

APP = "https://app.livestorm.co"
API = "https://api.livestorm.co/v1"

application = {
    "client_id": os.environ["LIVESTORM_CLIENT_ID"],
    "redirect_uri": os.environ["LIVESTORM_REDIRECT_URI"],
}
with httpx.Client(timeout=20) as client:
    asked = {**application, "response_type": "code", "scope": "identity:read"}
    answer = client.get(f"{APP}/oauth/authorize", params=asked)
    form = {
        **application,
        "grant_type": "authorization_code",
        "code": httpx.URL(answer.headers["Location"]).params["code"],
        "client_secret": os.environ["LIVESTORM_CLIENT_SECRET"],
    }
    token = client.post(f"{APP}/oauth/token", data=form).json()["access_token"]
    me = client.get(f"{API}/me", headers={"Authorization": f"Bearer {token}"}).json()
print(json.dumps({"email": me["data"]["attributes"]["email"]}))
