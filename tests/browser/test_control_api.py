"""A web page in a real browser neither steers the fake nor reads what it knows."""

import json
from urllib.parse import urlsplit

import pytest
from livestorm_mock_server import LivestormSandbox

from .callback_server import CallbackServer
from .page import Page

FAULT = json.dumps({"on": "api", "fault": "close"})
WITHOUT_ASKING = {
    "text/plain": f"{{method: 'POST', mode: 'no-cors', body: '{FAULT}'}}",
    "no type": f"{{method: 'POST', mode: 'no-cors', body: new Blob(['{FAULT}'])}}",
    "JSON": f"{{method: 'POST', body: '{FAULT}', headers: {{'Content-Type': 'application/json'}}}}",
    "DELETE": "{method: 'DELETE'}",
}
"""What a page tries to send; of the last two the browser asks first."""


def tell(page: Page, url: str, options: str = "{}") -> object:
    """Have a page fetch something; give the status, or the name of the error."""
    return page.evaluate(f"fetch({url!r}, {options}).then(it => it.status, it => it.name)")


@pytest.mark.parametrize("options", WITHOUT_ASKING.values(), ids=WITHOUT_ASKING)
def test_foreign_page_changes_nothing(
    livestorm: LivestormSandbox, page: Page, callback: CallbackServer, options: str
) -> None:
    """A page of another port, whatever it sends without asking, arms and disarms nothing."""
    livestorm.faults.arm("api.me", "delay", seconds=0)
    before = livestorm.faults.armed()
    page.open(callback.redirect_uri)
    assert tell(page, f"{livestorm.control_url}/faults", options) in (0, "TypeError")
    assert livestorm.faults.armed() == before


def test_form_of_a_foreign_page_changes_nothing(
    livestorm: LivestormSandbox, page: Page, callback: CallbackServer
) -> None:
    """Nor does a form, which needs no script's permission."""
    livestorm.clock.freeze()
    before = livestorm.clock.now()
    page.open(callback.redirect_uri)
    page.evaluate(
        f"""document.body.innerHTML = `<form method=post enctype="text/plain"
        action="{livestorm.control_url}/clock"><input name='{{"advance": 9, "x' value='": 1}}'>
        </form>`; document.forms[0].submit()"""
    )
    page.wait_until_loaded()
    assert "a web page of" in page.text()
    assert livestorm.clock.now() == before


@pytest.mark.parametrize("path", ["journal", "sandboxes", "openapi.json"])
def test_name_that_was_made_lead_here_reads_nothing(
    livestorm: LivestormSandbox, page: Page, path: str
) -> None:
    """After DNS rebinding the page is of the fake's own origin, but under a foreign name."""
    control = urlsplit(livestorm.control_url)
    page.open(f"http://evil.example:{control.port}/")
    assert tell(page, f"{control.path}/{path}") == 403


def test_name_that_was_made_lead_here_changes_nothing(
    livestorm: LivestormSandbox, page: Page
) -> None:
    """JSON of its own origin needs no permission of the browser."""
    control = urlsplit(livestorm.control_url)
    page.open(f"http://evil.example:{control.port}/")
    assert tell(page, f"{control.path}/faults", WITHOUT_ASKING["JSON"]) == 403
    assert livestorm.faults.armed() == []


def test_own_page_may_use_the_control_api(livestorm: LivestormSandbox, page: Page) -> None:
    """What the fake itself serves under its own name is no foreign page."""
    control = urlsplit(livestorm.control_url)
    page.open(f"{livestorm.control_url}/health")
    assert tell(page, f"{control.path}/journal") == 200
    assert tell(page, f"{control.path}/faults", WITHOUT_ASKING["JSON"]) == 201
