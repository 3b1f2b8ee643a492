"""A cancelled command, with an adapter in Python behind each of the carriers."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from livestorm_contract_tests.adapters.loop import serve
from livestorm_contract_tests.driving.bare import BareCarrier
from livestorm_contract_tests.driving.carrier import Carrier, NotOffered, Pending, wait_for
from livestorm_contract_tests.driving.http import HttpApp
from livestorm_contract_tests.driving.in_process import InProcessCarrier
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.driving.stdio import StdioCarrier

Message = dict[str, Any]

ROOT = str(Path(__file__).parents[len(__name__.split(".")) - 1])
SERVE = f"import sys; sys.path.insert(0, sys.argv[1]); from {__name__} import main; main()"


class Waiter:
    """Answers a `wait` once it is cancelled, and everything else at once."""

    def __init__(self) -> None:
        self.ready: Message = {"type": "ready", "protocol": 1, "ops": ["cancel"]}
        self.cancelled: dict[int, threading.Event] = {}
        self.answered: set[int] = set()

    def command(self, message: Message) -> Message:
        """Answer a message."""
        number = message["id"]
        cancelled = self.cancelled.setdefault(number, threading.Event())
        if message["type"] == "cancel":
            assert number not in self.answered
            return self.cancel(cancelled)
        if message["op"] == "wait":
            return self.wait(cancelled)
        self.answered.add(number)
        return {"kind": "ok"}

    def cancel(self, cancelled: threading.Event) -> Message:
        """Send the one who waits away."""
        cancelled.set()
        return {"kind": "ok"}

    def wait(self, cancelled: threading.Event) -> Message:
        """Wait for the cancellation."""
        cancelled.wait(10)
        return {"kind": "cancelled"}


class Unknowing(Waiter):
    """Knows no `cancel`: a `wait` ends when something else is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.ready["features"] = {"parallel": True}
        self.asked = threading.Event()

    def command(self, message: Message) -> Message:
        """Take note."""
        if message.get("op") == "ask":
            self.asked.set()
        return super().command(message)

    def cancel(self, cancelled: threading.Event) -> Message:
        """Refuse."""
        return {"kind": "unsupported"}

    def wait(self, cancelled: threading.Event) -> Message:
        """Wait, and have had success."""
        self.asked.wait(10)
        return {"kind": "ok"}


class App(BaseHTTPRequestHandler):
    """An app that has an adapter behind the two routes."""

    adapter: Waiter

    def do_GET(self) -> None:
        """Say what the client can do."""
        self._send(self.adapter.ready)

    def do_POST(self) -> None:
        """Answer a message; a `cancel` that is taken with nothing."""
        message = json.loads(self.rfile.read(int(self.headers["content-length"])))
        reply = {"type": "result", "id": message["id"], **self.adapter.command(message)}
        self._send(None if (message["type"], reply["kind"]) == ("cancel", "ok") else reply)

    def log_message(self, *arguments: Any) -> None:
        """Be silent."""

    def _send(self, message: object) -> None:
        body = b"" if message is None else json.dumps(message).encode()
        self.send_response(204 if message is None else 200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def over_http(adapter: type[Waiter]) -> Iterator[Carrier]:
    """Serve the adapter on a port."""
    handler = type("HandlerOfOne", (App,), {"adapter": adapter()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield HttpApp(f"http://127.0.0.1:{server.server_port}").launch()
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def over_stdio(adapter: type[Waiter]) -> Iterator[Carrier]:
    """Serve the adapter in a process of its own."""
    carrier = StdioCarrier([sys.executable, "-c", SERVE, ROOT, adapter.__name__])
    yield carrier
    assert carrier.stop() == 0


@contextmanager
def in_process(adapter: type[Waiter]) -> Iterator[Carrier]:
    """Have the adapter here."""
    yield InProcessCarrier(adapter)


Begin = Callable[[type[Waiter]], Carrier]


@pytest.fixture(params=[over_stdio, over_http, in_process], ids=lambda carry: carry.__name__)
def begin(request: pytest.FixtureRequest) -> Iterator[Begin]:
    """Start an adapter behind one of the carriers; it is ended with the test."""
    with ExitStack() as stack:
        yield lambda adapter: stack.enter_context(request.param(adapter))


def submit(carrier: Carrier, op: str) -> Pending:
    """Send a command."""
    return carrier.submit({"type": "command", "op": op})


def kind_of(pending: Pending, carrier: Carrier) -> Kind:
    """Wait for a reply."""
    return wait_for(pending, carrier, 5_000).kind


def test_cancelled_command_says_so(begin: Begin) -> None:
    """It gets its one reply, the `cancel` none, also where the only worker is busy with it."""
    carrier = begin(Waiter)
    waiting = submit(carrier, "wait")
    carrier.cancel(waiting)
    assert kind_of(waiting, carrier) is Kind.CANCELLED
    assert kind_of(submit(carrier, "ask"), carrier) is Kind.OK


def test_client_that_knows_no_cancel_says_so(begin: Begin) -> None:
    """That counts as the command's reply; its own one comes unheard, and harms nobody."""
    carrier = begin(Unknowing)
    waiting = submit(carrier, "wait")
    carrier.cancel(waiting)
    assert kind_of(waiting, carrier) is Kind.UNSUPPORTED
    assert [kind_of(submit(carrier, "ask"), carrier) for _ in range(3)] == [Kind.OK] * 3
    assert carrier.is_alive


def test_cancel_after_the_reply_is_not_sent(begin: Begin) -> None:
    """There is nothing to cancel any more."""
    carrier = begin(Waiter)
    asked = submit(carrier, "ask")
    assert kind_of(asked, carrier) is Kind.OK
    carrier.cancel(asked)
    assert kind_of(submit(carrier, "ask"), carrier) is Kind.OK
    assert carrier.is_alive


def test_command_without_an_adapter_can_not_cancel() -> None:
    """It would have to be told."""
    with pytest.raises(NotOffered):
        BareCarrier(["true"]).cancel(Pending(1))


def main() -> None:
    """Serve the class that the last argument names, over standard input and output."""
    serve(globals()[sys.argv[-1]]())
