"""What the control room costs the fake, and what 10,000 exchanges cost a browser."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from statistics import median
from typing import Any

import httpx

from tests.browser.browser import Browser, find_chromium
from tests.browser.page import Page

from .load import Load, LoadError, post
from .refreshes import refresh_body
from .row import Row, at_least, at_most
from .served import Served, serve_fake

JOURNAL = 10_000
ROUNDS = 5
TURNS = 21
"""Of nobody, the room and the reader, one after the other."""
_MEGABYTE = 1_000_000
_SINGLE = 20

_SEEN_AT = """
window.seenAt = 0;
new MutationObserver(() => {
  if (!window.seenAt && document.querySelector(".row")) {
    window.seenAt = -1;
    requestAnimationFrame(() => setTimeout(() => { window.seenAt = performance.now(); }));
  }
}).observe(document, {childList: true, subtree: true});
"""
_SHOWN_AT = """
window.shownAt = {};
new MutationObserver(() => {
  for (const one of document.querySelectorAll(".row")) {
    window.shownAt[one.id.slice(4)] ??= (performance.timeOrigin + performance.now()) / 1000;
  }
}).observe(document, {childList: true, subtree: true});
"""
_SCROLL = """
new Promise((done) => {
  const box = document.querySelector(".list"), times = [];
  let last = performance.now();
  const step = (now) => {
    times.push(now - last);
    last = now;
    box.scrollTop = (box.scrollTop + 733) % (box.scrollHeight - box.clientHeight);
    times.length < 240 ? requestAnimationFrame(step) : done(times.slice(10).sort((a, b) => a - b));
  };
  requestAnimationFrame(step);
})
"""


@contextmanager
def _reader(fake: Served) -> Iterator[None]:
    """Follow the journal as the room does, in a thread."""
    url = f"{fake.described['control_url']}/journal/stream?brief=true"
    ended = threading.Event()

    def follow(response: httpx.Response) -> None:
        for _ in response.iter_raw():
            if ended.is_set():
                return

    with httpx.stream("GET", url, timeout=30) as response:
        thread = threading.Thread(target=follow, args=(response,))
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


@contextmanager
def _idler(fake: Served) -> Iterator[None]:
    """Ask for all exchanges, whole, and read nothing."""
    with socket.create_connection(("127.0.0.1", fake.port)) as idle:
        idle.sendall(b"GET /_mock/journal/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        yield


WITH: dict[str, Callable[[Served], AbstractContextManager[None]]] = {
    "nobody": lambda fake: nullcontext(),
    "the room open": _reader,
    "a reader that does not read": _idler,
}


def measure() -> Iterator[Row]:
    """Measure refreshes with and without readers, and the page with a full journal."""
    with serve_fake() as fake:
        body = refresh_body(fake)
        _fill(fake, body)
        loads: dict[str, list[Load]] = {name: [] for name in WITH}
        for _ in range(TURNS):
            for name, reading in WITH.items():
                with reading(fake):
                    post(fake, body, seconds=1)  # Until the idle reader's socket is full.
                    loads[name].append(post(fake, body, seconds=1))
        yield from _of_loads(loads)
        yield from _of_page(fake, body)


def _fill(fake: Served, body: str) -> None:
    done = 0
    while done < JOURNAL:
        done += post(fake, body, seconds=1).requests


def _of_loads(loads: dict[str, list[Load]]) -> Iterator[Row]:
    # In relation to what nobody's took a moment before: the machine changes from minute to minute.
    alone = [one.cpu for one in loads["nobody"]]
    for name in [name for name in WITH if name != "nobody"]:
        cpu = [one.cpu for one in loads[name]]
        speed = median(one.per_second for one in loads[name])
        ratio = median(nobody / read for nobody, read in zip(alone, cpu, strict=True))
        absolute = f"{median(cpu):.0f} us; alone {median(alone):.0f} us; {speed:,.0f}/s"
        yield at_least(f"refreshes for the same processor time, {name}", ratio, 0.95, absolute)


def _of_page(fake: Served, body: str) -> Iterator[Row]:
    command = find_chromium()
    if command is None:
        raise LoadError("Chromium is not installed: apt-get install chromium")
    with ExitStack() as stack:
        browser = stack.enter_context(Browser(command))
        pages = [stack.enter_context(Page(browser)) for _ in range(ROUNDS)]
        for page in pages:
            _open(page, fake)
        page, what = pages[-1], f"of {JOURNAL:,} exchanges"
        painted = "performance.getEntriesByType('paint').at(-1).startTime"
        yield at_most("the room's first paint", _least(pages, painted), 300, "ms")
        yield at_most(f"first rows {what}", _least(pages, "window.seenAt"), 300, "ms")
        for other in pages[:-1]:
            other.open("about:blank")
        yield at_most("a new exchange is seen", _latency(fake, page), 100, "ms")
        times = page.evaluate(_SCROLL)
        late = f"99 % within {times[int(len(times) * 0.99)]:.1f} ms"
        yield at_most(f"a frame while scrolling {what}", median(times), 17.5, "ms", late)
        _fill(fake, body)
        before = _heap(page)
        _fill(fake, body)
        page.wait_until("document.querySelector('.count').innerText.startsWith('10,000')")
        page.evaluate("new Promise((done) => setTimeout(done, 4000))")
        absolute = f"{before:.1f} MB"
        yield at_most(f"memory after {JOURNAL:,} more", _heap(page) / before, 1.1, "x", absolute)


def _open(page: Page, fake: Served) -> None:
    page.run_before_others(_SEEN_AT)
    page.open(f"{fake.described['control_url']}/")
    page.wait_until("window.seenAt > 0 && document.querySelector('.state.live')")


def _least(pages: list[Page], expression: str) -> float:
    return float(min(page.evaluate(expression) for page in pages))


def _latency(fake: Served, page: Page) -> float:
    """Give the milliseconds, in the median, from an answer to its row."""
    page.evaluate("document.querySelector('.list').scrollTop = 1e9")
    page.evaluate(_SHOWN_AT)
    began = httpx.get(f"{fake.described['control_url']}/journal/brief").json()["exchanges"][-1]
    for _ in range(_SINGLE):
        httpx.get(f"{fake.described['api_url']}/ping")
        page.evaluate("new Promise((done) => setTimeout(done, 150))")
    url = f"{fake.described['control_url']}/journal/brief?since={began['seq']}"
    answered = {one["seq"]: one["answered_at"] for one in httpx.get(url).json()["exchanges"]}
    shown = page.evaluate("window.shownAt")
    return float(median((shown[str(seq)] - at) * 1000 for seq, at in answered.items()))


def _heap(page: Page) -> float:
    """Give the megabytes that the page's script holds."""
    tools = page.developer_tools()
    page.run(tools.send("HeapProfiler.collectGarbage"))
    told: dict[str, Any] = page.run(tools.send("Runtime.getHeapUsage"))
    return float(told["usedSize"]) / _MEGABYTE
