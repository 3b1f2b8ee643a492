"""Connect an account as a browser would, and print what the application answers."""

import asyncio
import sys
from urllib.parse import urlsplit

import httpx
from app import app


async def main() -> int:
    """Begin, let the user decide, and come back; give the exit status."""
    here = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://here.test")
    async with app.router.lifespan_context(app), here, httpx.AsyncClient() as browser:
        begun = await here.get("/connect")
        decided = await browser.get(begun.headers["location"])
        # The redirect URI is the application's public one; here it is this object.
        query = urlsplit(decided.headers["location"]).query
        connected = await here.get(f"/callback?{query}", follow_redirects=True)
    sys.stdout.write(f"{connected.text}\n")
    return 0 if connected.status_code == 200 else 1


sys.exit(asyncio.run(main()))
