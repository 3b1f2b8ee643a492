"""The sequence diagram of the control room: what became of each exchange is seen."""

from collections.abc import Callable

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

from .room import ControlRoom

pytestmark = pytest.mark.livestorm(rate_limits=False)

NOON = 1_795_521_600
"""2026-11-24 12:00:00 UTC."""

DRAWN = """
[...document.querySelectorAll(".sequence g")].map((it) => {
  const marks = ["tip", "cross", "happened", "nothing", "struck"];
  return [...it.classList, ...marks.filter((mark) => it.querySelector(`.${mark}`))].join(" ");
})
"""
"""The classes of each moment, and the marks in it."""


def call(livestorm: LivestormSandbox) -> None:
    """Call the API with a token that is good, and hear nothing or anything."""
    headers = {"Authorization": f"Bearer {livestorm.issue_tokens()['access_token']}"}
    try:
        httpx.get(f"{livestorm.api_url}/me", headers=headers)
    except httpx.TransportError:
        return


def refuse(livestorm: LivestormSandbox) -> None:
    """Call the API without a token."""
    httpx.get(f"{livestorm.api_url}/me")


def lose_after(livestorm: LivestormSandbox) -> None:
    """Lose an answer after the effect."""
    livestorm.faults.arm("api", "close", phase="after")
    call(livestorm)


def lose_before(livestorm: LivestormSandbox) -> None:
    """Have nothing happen, and nothing answered."""
    livestorm.faults.arm("api", "close")
    call(livestorm)


def answer_otherwise(livestorm: LivestormSandbox) -> None:
    """Have a fault answer in the place of the API."""
    livestorm.faults.arm("api", "answer", status=503)
    call(livestorm)


PLAYED: dict[Callable[[LivestormSandbox], None], tuple[list[str], str]] = {
    call: (["request tip", "answer tip"], "200"),
    refuse: (["request refused tip", "answer refused tip"], "401"),
    lose_after: (
        ["request refused effect tip", "lost refused effect cross happened struck"],
        "effect happened, answer lost",
    ),
    lose_before: (
        ["request refused tip", "lost refused cross nothing struck"],
        "no effect, no answer",
    ),
    answer_otherwise: (["request refused tip", "answer refused tip struck"], "503"),
}
"""What is done, the classes and marks of what is drawn of it, and what stands at its end."""


@pytest.mark.parametrize("play", PLAYED)
def test_what_became_of_an_exchange_is_drawn(
    room: ControlRoom, play: Callable[[LivestormSandbox], None]
) -> None:
    """An answer is an arrow; what is lost breaks off, with a dot that tells of the effect."""
    play(room.livestorm)
    drawn, words = PLAYED[play]
    room.open("?view=sequence")
    room.page.wait_until("document.querySelectorAll('.sequence g').length === 2")
    assert room.page.evaluate(DRAWN) == drawn
    text = "document.querySelector('.sequence g:last-of-type text:not(.time, .struck) title')"
    assert str(room.page.evaluate(f"{text}.textContent")).startswith(words)


def test_dot_is_full_only_where_the_effect_happened(room: ControlRoom) -> None:
    """It has the colour of its border inside, and otherwise that of the ground."""
    lose_after(room.livestorm)
    room.livestorm.faults.disarm()
    lose_before(room.livestorm)
    room.open("?view=sequence")
    room.page.wait_until("document.querySelectorAll('.sequence circle').length === 2")
    styles = "[...document.querySelectorAll('.sequence circle')].map((it) => getComputedStyle(it))"
    assert room.page.evaluate(f"{styles}.map((it) => it.fill === it.stroke)") == [True, False]


@pytest.mark.parametrize(
    ("seconds", "words"), [(5400, "by 1 h 30 min"), (-86_400, "by \u22121 d"), (0, "")]
)
def test_leap_of_the_clock_is_drawn(room: ControlRoom, seconds: float, words: str) -> None:
    """Between the two exchanges that it is between, forth and back, and only where there was."""
    refuse(room.livestorm)
    room.livestorm.clock.set(room.livestorm.clock.now() + seconds)
    refuse(room.livestorm)
    room.open("?view=sequence")
    room.page.wait_until("document.querySelectorAll('.sequence .answer').length === 2")
    kinds = [one.split()[0] for one in room.page.evaluate(DRAWN)]
    leap = ["leap"] if seconds else []
    assert kinds == ["request", "answer", *leap, "request", "answer"]
    told = room.page.evaluate("document.querySelector('.leap text:not(.time)')?.textContent ?? ''")
    assert told == (f"the clock is moved {words}" if seconds else "")


STANDING = """
momentsOf([1, 2].map((seq) => ({
  seq, at: %d, wall: 60 * seq, answered_at: 60 * seq + 1, status: 200, fault: null, webhook: null,
}))).map((it) => it.kind)
"""


def test_clock_that_stands_does_not_leap(room: ControlRoom) -> None:
    """A minute passes between two exchanges, and nothing is said to have moved the clock."""
    room.open()
    moments = ["request", "answer", "request", "answer"]
    assert room.page.evaluate(STANDING % NOON) == moments


def test_time_is_the_virtual_one(room: ControlRoom) -> None:
    """Of each moment, to the millisecond."""
    room.livestorm.clock.freeze()
    room.livestorm.clock.set(NOON)
    refuse(room.livestorm)
    room.livestorm.clock.set(NOON + 3600.25)
    refuse(room.livestorm)
    room.open("?view=sequence")
    room.page.wait_until("document.querySelectorAll('.sequence .answer').length === 2")
    requests = "[...document.querySelectorAll('.sequence .request .time')]"
    times = room.page.evaluate(f"{requests}.map((it) => it.textContent)")
    assert times == ["12:00:00.000", "13:00:00.250"]
    leap = room.page.evaluate("document.querySelector('.leap .time').textContent")
    assert leap == "13:00:00.250"


def test_filter_holds_for_the_diagram(room: ControlRoom) -> None:
    """What does not pass it is not drawn."""
    for play in (refuse, call, refuse):
        play(room.livestorm)
    room.open("?view=sequence&filter=status:2xx")
    room.page.wait_until("document.querySelectorAll('.sequence g').length === 2")
    assert room.page.evaluate(DRAWN) == ["request tip", "answer tip"]


def test_arrow_opens_its_exchange(room: ControlRoom) -> None:
    """A click on it; both arrows of the exchange that is open are marked."""
    for play in (refuse, call):
        play(room.livestorm)
    room.open("?view=sequence")
    room.page.click(".sequence g.answer:not(.refused) .touch")
    room.wait_for(".detail h2", "2 GET")
    marked = "[...document.querySelectorAll('.sequence g.chosen')].map((it) => it.classList[0])"
    assert room.page.evaluate(marked) == ["request", "answer"]
