"""Takes the screenshots of the documentation: `python -m tests.browser.screenshots`."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from livestorm_client import LivestormClient
from livestorm_contract_tests.check_options import Wanted
from livestorm_contract_tests.report.html import write_html
from livestorm_mock_server import MockLivestorm

from ..pages.tutorial import copied_example, judged
from .browser import Browser, find_chromium
from .page import Page, Scheme
from .room import ControlRoom

FOLDER = Path(__file__).parents[2] / "docs" / "images"
SCENES: dict[str, tuple[str, int, int, Scheme]] = {
    "room-journal": ("?seq=10", 1180, 680, "light"),
    "room-sequence": ("?view=sequence", 1000, 620, "light"),
    "room-tokens": ("?view=tokens", 1000, 620, "dark"),
    "room-faults": ("?view=faults", 1000, 620, "light"),
    "room-setup": ("?view=setup", 1000, 720, "light"),
    "room-phone": ("?seq=7", 390, 700, "dark"),
}
"""Where each is taken, how wide and high the window is, and in which colours."""
REPORT = (1180, 760)
"""How wide and high the window of the report is."""
_NOON = 1_795_521_600.0


def play(livestorm: MockLivestorm) -> None:
    """Have a client connect, lose an answer, and send a refresh token that is superseded."""
    livestorm.clock.set(_NOON)
    livestorm.clock.freeze()
    client = LivestormClient(
        client_id=livestorm.client_id,
        client_secret=livestorm.client_secret,
        redirect_uri=livestorm.redirect_uri,
        app_url=livestorm.app_url,
        api_url=livestorm.api_url,
        clock=livestorm.clock.now,
    )
    request = client.authorization_request(["identity:read"])
    client.connect(request, livestorm.authorize(request.url))
    client.me()
    livestorm.clock.advance(7201)
    client.me()
    livestorm.clock.advance(7201)
    livestorm.faults.arm("token.refresh_token", "close", phase="after", times=1)
    client.me()
    livestorm.clock.advance(60)
    _refresh_with_the_first(livestorm)
    livestorm.faults.arm("api.me", "rate_limited", retry_after=2, times=1)
    httpx.get(f"{livestorm.api_url}/me")
    livestorm.clock.resume()


def _refresh_with_the_first(livestorm: MockLivestorm) -> None:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": str(livestorm.token_families().families[0].pairs[0].refresh_token),
        "client_id": livestorm.client_id,
        "client_secret": livestorm.client_secret,
    }
    httpx.post(f"{livestorm.app_url}/oauth/token", data=form)


def take(livestorm: MockLivestorm, browser: Browser) -> None:
    """Write an image for each scene."""
    for name, (query, width, height, scheme) in SCENES.items():
        with Page(browser, size=(width, height), scheme=scheme) as page:
            ControlRoom(page, livestorm).open(query)
            page.wait_until("document.fonts.ready")
            (FOLDER / f"{name}.png").write_bytes(page.screenshot())


def take_report(browser: Browser) -> None:
    """Write an image of the report that the client of the tutorial gets first."""
    with TemporaryDirectory() as folder, Page(browser, size=REPORT) as page:
        run = judged(copied_example(Path(folder), []), Wanted(profiles=("core",), fast=True))
        written = Path(folder) / "report.html"
        written.write_text(write_html(run), encoding="utf-8")
        page.open(written.as_uri())
        (FOLDER / "report.png").write_bytes(page.screenshot())


def main() -> int:
    """Run the command; 1 where there is no browser."""
    command = find_chromium()
    if command is None:
        print("screenshots: there is no Chromium: apt-get install chromium", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with Browser(command) as browser, MockLivestorm(seed="screenshots") as livestorm:
        play(livestorm)
        take(livestorm, browser)
        take_report(browser)
    return 0


if __name__ == "__main__":
    sys.exit(main())
