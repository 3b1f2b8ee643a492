"""Chromium driven through its DevTools protocol over a pipe: no driver, no library.

BrowserError
└── TimedOutError   nothing of what was waited for within the time
"""

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

Message = dict[str, Any]

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 20.0
"""How long anything may take."""

MOST_STOPS = 30
"""Stops of the keyboard on a page, at most."""
NARROW = 600
"""Pixels of width below which a window is a phone's."""

_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-sync",
    "--no-proxy-server",
    "--host-resolver-rules=MAP evil.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_KEYS: dict[str, Message] = {
    "Tab": {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9},
    "Space": {"key": " ", "code": "Space", "windowsVirtualKeyCode": 32, "text": " "},
    "Enter": {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"},
    "Escape": {"key": "Escape", "code": "Escape", "windowsVirtualKeyCode": 27},
    "ArrowDown": {"key": "ArrowDown", "code": "ArrowDown", "windowsVirtualKeyCode": 40},
    "End": {"key": "End", "code": "End", "windowsVirtualKeyCode": 35},
}


class BrowserError(Exception):
    """Chromium did not do what it was told."""


class TimedOutError(BrowserError):
    """Chromium did not say in time what was waited for."""


def find_chromium() -> str | None:
    """Give the path of an installed Chromium or Chrome."""
    return next((path for path in map(shutil.which, COMMANDS) if path is not None), None)


class Chromium:
    """A browser process with a profile of its own in `folder`."""

    def __init__(self, command: str, folder: Path) -> None:
        inward, self._writer = os.pipe()
        self._reader, outward = os.pipe()
        # Chromium reads commands from descriptor 3 and writes answers to 4.
        flags = (*_FLAGS, f"--user-data-dir={folder}")
        script = f'exec "$@" 3</dev/fd/{inward} 4>/dev/fd/{outward}'
        with (folder / "stderr").open("wb") as stderr:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", script, "sh", command, *flags],
                pass_fds=(inward, outward),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                env=os.environ | {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
            )
        for one in (inward, outward):
            os.close(one)
        self._last_id = 0
        self._unread = b""
        self._events: deque[Message] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ask the browser to end, and kill it if it does not."""
        try:
            self.send("Browser.close")
            self._process.wait(SECONDS)
        except (BrowserError, OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        finally:
            os.close(self._writer)
            os.close(self._reader)

    def send(self, method: str, session_id: str | None = None, **parameters: object) -> Message:
        """Call a DevTools method and give its result. Raises BrowserError."""
        self._last_id += 1
        wanted = self._last_id
        message: Message = {"id": wanted, "method": method, "params": parameters}
        if session_id is not None:
            message["sessionId"] = session_id
        os.write(self._writer, json.dumps(message).encode() + b"\0")
        answer = self._read_until(lambda one: one.get("id") == wanted, method)
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']['message']}")
        return dict(answer["result"])

    def wait_for(self, matches: Callable[[Message], bool], what: str) -> Message:
        """Give the first event that matches, old or still to come. Raises TimedOutError."""
        for event in self._events:
            if matches(event):
                self._events.remove(event)
                return event
        event = self._read_until(lambda one: "id" not in one and matches(one), what)
        self._events.remove(event)
        return event

    def heard(self, matches: Callable[[Message], bool]) -> Sequence[Message]:
        """Give the events that match among those that were heard and not waited for."""
        return [event for event in self._events if matches(event)]

    def _read_until(self, matches: Callable[[Message], bool], what: str) -> Message:
        deadline = time.monotonic() + SECONDS
        while True:
            message = self._read_message(deadline, what)
            if "id" not in message:
                self._events.append(message)
            if matches(message):
                return message

    def _read_message(self, deadline: float, what: str) -> Message:
        while b"\0" not in self._unread:
            left = max(0.0, deadline - time.monotonic())
            if not select.select([self._reader], [], [], left)[0]:
                raise TimedOutError(f"no answer to {what} within {SECONDS:g} s")
            received = os.read(self._reader, 1 << 16)
            if not received:
                raise BrowserError(f"the browser ended before {what}")
            self._unread += received
        line, _, self._unread = self._unread.partition(b"\0")
        return dict(json.loads(line))


class Page:
    """A tab in a browser context of its own: no cookies, nothing remembered."""

    def __init__(self, browser: Chromium) -> None:
        self._browser = browser
        self._context = browser.send("Target.createBrowserContext")["browserContextId"]
        target = browser.send(
            "Target.createTarget", url="about:blank", browserContextId=self._context
        )["targetId"]
        attached = browser.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session: str = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: object) -> Message:
        """Call a DevTools method on this page. Raises BrowserError."""
        return self._browser.send(method, self._session, **parameters)

    def close(self) -> None:
        """Drop the page and its cookies."""
        self._browser.send("Target.disposeBrowserContext", browserContextId=self._context)

    def open(self, url: str) -> None:
        """Go to a URL and wait until it is loaded. Raises BrowserError."""
        error = self.send("Page.navigate", url=url).get("errorText")
        if error:
            raise BrowserError(f"{url}: {error}")
        self.wait_until_loaded()

    def wait_until_loaded(self) -> None:
        """Wait for the next page to be loaded. Raises TimedOutError."""
        self._browser.wait_for(self._is_event("Page.loadEventFired"), "the page to load")

    def evaluate(self, expression: str) -> Any:
        """Give the value of a JavaScript expression, or of its promise. Raises BrowserError."""
        answer = self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise BrowserError(f"{expression}: {answer['exceptionDetails']['text']}")
        return answer["result"].get("value")

    def text(self) -> str:
        """Give the page's text as a reader sees it."""
        return str(self.evaluate("document.body.innerText"))

    def focused(self) -> str:
        """Give what a reader would call the element that has the focus."""
        element = "document.activeElement"
        return str(
            self.evaluate(
                f"{element}.labels?.[0]?.innerText || {element}.innerText || {element}.value"
            )
        ).strip()

    def tab_to(self, name: str) -> None:
        """Press `Tab` until what has the focus is called so. Raises BrowserError."""
        passed: list[str] = []
        while len(passed) < MOST_STOPS:
            self.press("Tab")
            passed.append(self.focused())
            if passed[-1] == name:
                return
        raise BrowserError(f"the keyboard does not lead to {name!r}: {passed}")

    def show(self, width: int, height: int, scheme: str) -> None:
        """Be a window of a size, narrow ones a phone's, with a colour scheme."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < NARROW,
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.send("Emulation.setEmulatedMedia", features=features)

    def click(self, selector: str) -> None:
        """Press and release the mouse in the middle of an element. Raises BrowserError."""
        element = f"document.querySelector({json.dumps(selector)})"
        self.evaluate(f"{element}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
        box = self.evaluate(f"{element}.getBoundingClientRect().toJSON()")
        self.click_at(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def click_at(self, x: float, y: float) -> None:
        """Press and release the mouse at a point."""
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, x=x, y=y)

    def press(self, key: str) -> None:
        """Press and release a key by its name, such as `Tab` or `Enter`."""
        for kind in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, **_KEYS[key])

    def type(self, text: str) -> None:
        """Write into what has the focus."""
        self.send("Input.insertText", text=text)

    def wait_until(self, expression: str) -> Any:
        """Wait until a JavaScript expression is true; give its value. Raises BrowserError."""
        looked = f"new Promise((done) => {{ const look = () => {{ const it = {expression};"
        again = "it ? done(it) : setTimeout(look, 20); }; look(); })"
        in_time = f"new Promise((_, fail) => setTimeout(fail, {SECONDS * 900:g}, 'too late'))"
        return self.evaluate(f"Promise.race([{looked} {again}, {in_time}])")

    def screenshot(self) -> bytes:
        """Give the page as a PNG."""
        return base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"])

    def console_errors(self) -> list[str]:
        """Give what the browser's console has shown in red so far."""
        heard = self._browser.heard(lambda one: one.get("sessionId") == self._session)
        return [text for event in heard if (text := _console_error(event)) is not None]

    def wait_for_console_error(self, words: str) -> None:
        """Wait until the console has shown these words in red. Raises TimedOutError."""
        self._browser.wait_for(
            lambda one: (
                one.get("sessionId") == self._session and words in (_console_error(one) or "")
            ),
            f"{words!r} in the console",
        )

    def _is_event(self, method: str) -> Callable[[Message], bool]:
        return lambda one: (one["method"], one.get("sessionId")) == (method, self._session)


def _console_error(event: Message) -> str | None:
    """Give what an event writes into the console in red."""
    method, parameters = event["method"], event["params"]
    if method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
        return f"{parameters['entry']['text']} {parameters['entry'].get('url', '')}"
    if method == "Runtime.exceptionThrown":
        return str(parameters["exceptionDetails"]["text"])
    if method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "assert"):
        return str(parameters["args"])
    return None
