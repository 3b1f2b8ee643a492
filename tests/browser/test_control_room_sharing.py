"""What leaves the control room: the page as a file, the link to it, what a screen reader hears."""

from pathlib import Path

import httpx
import pytest
from livestorm_mock_server import MockLivestorm

from .page import Page
from .room import CONTROL_TOKEN, ControlRoom

pytestmark = pytest.mark.livestorm(rate_limits=False)

KEEPS = "navigator.clipboard.writeText = async (text) => { window.copied = text; }"


async def save(page: Page, file: Path) -> str:
    """Press the button, and keep what is downloaded; give the name that the page gave it."""
    async with page.tab.expect_download() as waited:
        await page.tab.get_by_role("button", name="Save as a file").click()
    download = await waited.value
    await download.save_as(file)
    return download.suggested_filename


def test_saved_file_opens_with_the_same_exchanges(room: ControlRoom, tmp_path: Path) -> None:
    """A page that says that it is a file, with each row as it was, and what an exchange was."""
    room.call()
    room.livestorm.faults.arm("api", "close")
    room.call()
    room.open()
    live = room.wait_for_rows(2)
    assert room.page.run(save(room.page, tmp_path / "saved.html")) == "livestorm-mock.html"
    room.page.open((tmp_path / "saved.html").as_uri())
    assert room.wait_for_rows(2) == live
    room.wait_for(".state.file", "a file")
    room.page.click("#row-1")
    room.wait_for(".detail .why", "Why refused")
    room.check_nothing_went_wrong()


def test_saved_file_has_no_token(page: Page, guarded: MockLivestorm, tmp_path: Path) -> None:
    """The room sends it to get the page, and leaves it out of what it keeps."""
    room = ControlRoom(page, guarded)
    room.open(fragment=f"#token={CONTROL_TOKEN}")
    page.run(save(page, tmp_path / "saved.html"))
    assert CONTROL_TOKEN not in (tmp_path / "saved.html").read_text(encoding="utf-8")


def test_copied_link_has_no_token(page: Page, guarded: MockLivestorm) -> None:
    """It has what is shown: the view, the filter and the exchange."""
    room = ControlRoom(page, guarded)
    httpx.get(f"{guarded.api_url}/me")
    query = "?view=sequence&filter=status%3A4xx&seq=1"
    room.open(query, fragment=f"#token={CONTROL_TOKEN}")
    page.evaluate(KEEPS)
    room.press_button("Copy link")
    assert page.wait_until("window.copied") == f"{guarded.control_url}/{query}"
    assert page.evaluate("location.hash") == f"#token={CONTROL_TOKEN}"


ANNOUNCED = """
(() => {
  const timers = [], said = [], real = window.setInterval;
  window.setInterval = (call, pause) => timers.push([call, pause]);
  const it = new Announcer((text) => said.push(text));
  window.setInterval = real;
  it.isListening = true;
  it.add([{seq: 1, method: "GET", target: "/v1/me", status: 200, fault: null}]);
  const before = said.length;
  timers.forEach(([call]) => call());
  return [timers.map(([, pause]) => pause), before, said.length];
})()
"""
"""Gives the pauses of its timers, and how often it has spoken before they ran, and after."""


def test_nothing_is_announced_more_than_once_a_second(room: ControlRoom) -> None:
    """What comes waits for a timer, and that runs once a second at most."""
    room.open()
    (pause,), before, after = room.page.evaluate(ANNOUNCED)
    assert pause >= 1000
    assert (before, after) == (0, 1)
