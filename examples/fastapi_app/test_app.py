"""The application in a test: its code is what it is, and Livestorm is a sandbox."""

import asyncio
from urllib.parse import urlsplit

import httpx
import pytest
from app import Settings, make_app
from livestorm_mock_server import LivestormSandbox


async def connect(livestorm: LivestormSandbox) -> httpx.Response:
    """Connect an account as a browser would."""
    settings = Settings(livestorm.client_id, livestorm.client_secret, livestorm.redirect_uri)
    app = make_app(settings)
    here = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://here.test")
    async with app.router.lifespan_context(app), here:
        begun = await here.get("/connect")
        back = await asyncio.to_thread(livestorm.authorize, begun.headers["location"])
        return await here.get(f"/callback?{urlsplit(back).query}", follow_redirects=True)


def test_account_is_connected(livestorm_hosts: LivestormSandbox) -> None:
    """The application tells who it is, and has done nothing wrong."""
    answer = asyncio.run(connect(livestorm_hosts))
    assert answer.json() == {"connected": "ada.martin@example.test"}
    assert livestorm_hosts.audit() == []


@pytest.mark.parametrize(("fault", "status"), [("reset", 502), ("html_page", 503)])
def test_failure_is_reported(livestorm_hosts: LivestormSandbox, fault: str, status: int) -> None:
    """Whatever Livestorm does, the user gets an answer."""
    livestorm_hosts.faults.arm("token", fault)
    answer = asyncio.run(connect(livestorm_hosts))
    assert answer.status_code == status
    assert answer.json()["error"].startswith("Livestorm: ")
