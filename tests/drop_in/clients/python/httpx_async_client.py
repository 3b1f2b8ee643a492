"""Sign in and ask who one is, over httpx's asynchronous client; `--uvloop` is its loop."""

import asyncio
import json
import os
import sys

import httpx

APP = "https://app.livestorm.co"
API = "https://api.livestorm.co/v1"

application = {
    "client_id": os.environ["LIVESTORM_CLIENT_ID"],
    "redirect_uri": os.environ["LIVESTORM_REDIRECT_URI"],
}


async def main() -> None:
    """Print the user's address."""
    async with httpx.AsyncClient(timeout=20) as client:
        asked = {**application, "response_type": "code", "scope": "identity:read"}
        answer = await client.get(f"{APP}/oauth/authorize", params=asked)
        form = {
            **application,
            "grant_type": "authorization_code",
            "code": httpx.URL(answer.headers["Location"]).params["code"],
            "client_secret": os.environ["LIVESTORM_CLIENT_SECRET"],
        }
        token = (await client.post(f"{APP}/oauth/token", data=form)).json()["access_token"]
        bearer = {"Authorization": f"Bearer {token}"}
        me = (await client.get(f"{API}/me", headers=bearer)).json()
    print(json.dumps({"email": me["data"]["attributes"]["email"]}))


if "--uvloop" in sys.argv:
    import uvloop

    uvloop.run(main())
else:
    asyncio.run(main())
