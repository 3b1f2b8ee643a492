"""What stands at `/`: a page for a browser, and for clients the recorded 404."""

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

NAVIGATION = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate", "Accept": "text/html"}


def test_browser_finds_the_way_on(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """It says what this is, and links what can be tried; nothing of it is in the journal."""
    page = http.get(f"{livestorm.app_url}/", headers=NAVIGATION)
    assert page.status_code == 200
    assert "This is a fake, not Livestorm." in page.text
    assert f"{livestorm.app_url}/oauth/authorize?response_type=code" in page.text
    assert f"{livestorm.app_url}/_mock/" in page.text
    assert livestorm.client_secret not in page.text
    assert livestorm.journal.entries() == []


@pytest.mark.parametrize(
    "headers", [{}, {"Accept": "text/html"}, {**NAVIGATION, "Host": "app.livestorm.co"}]
)
def test_others_get_the_recorded_answer(
    livestorm: LivestormSandbox, http: httpx.Client, headers: dict[str, str]
) -> None:
    """Clients, whatever they take, and whoever comes to Livestorm's own name."""
    assert http.get(f"{livestorm.app_url}/", headers=headers).status_code == 404
