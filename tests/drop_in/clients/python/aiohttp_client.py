"""Sign in and ask who one is, over aiohttp; `--uvloop` is its loop."""

import asyncio
import json
import os
import sys

import aiohttp
from yarl import URL

APP = "https://app.livestorm.co"
API = "https://api.livestorm.co/v1"

application = {
    "client_id": os.environ["LIVESTORM_CLIENT_ID"],
    "redirect_uri": os.environ["LIVESTORM_REDIRECT_URI"],
}


async def main() -> None:
    """Print the user's address."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(20)) as session:
        asked = {**application, "response_type": "code", "scope": "identity:read"}
        opening = session.get(f"{APP}/oauth/authorize", params=asked, allow_redirects=False)
        async with opening as answer:
            code = URL(answer.headers["Location"]).query["code"]
        form = {
            **application,
            "grant_type": "authorization_code",
            "code": code,
            "client_secret": os.environ["LIVESTORM_CLIENT_SECRET"],
        }
        async with session.post(f"{APP}/oauth/token", data=form) as answer:
            bearer = {"Authorization": f"Bearer {(await answer.json())['access_token']}"}
        async with session.get(f"{API}/me", headers=bearer) as answer:
            me = await answer.json(content_type=None)
    print(json.dumps({"email": me["data"]["attributes"]["email"]}))


if "--uvloop" in sys.argv:
    import uvloop

    uvloop.run(main())
else:
    asyncio.run(main())
