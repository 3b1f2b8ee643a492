"""The carrier over standard input and output."""

import sys
import threading
from collections.abc import Iterator

import pytest
from livestorm_contract_tests.driving.stdio import StdioCarrier

PRINTS_AND_ANSWERS = """
import json, sys
print(json.dumps({"type": "ready", "protocol": 1}), flush=True)
for line in sys.stdin:
    number = json.loads(line)["id"]
    sys.stderr.write(f"<{number}>")
    sys.stderr.flush()
    print(json.dumps({"type": "result", "kind": "ok", "id": number}), flush=True)
"""


@pytest.fixture
def _busy() -> Iterator[None]:
    """Keep another thread busy, so that threads get their turn late."""
    done = threading.Event()

    def work() -> None:
        while not done.is_set():
            sum(range(1000))

    thread = threading.Thread(target=work)
    thread.start()
    yield
    done.set()
    thread.join()


@pytest.mark.usefixtures("_busy")
def test_what_is_printed_before_a_reply_is_there_with_it() -> None:
    """A check of standard error misses nothing that came before the reply."""
    carrier = StdioCarrier([sys.executable, "-c", PRINTS_AND_ANSWERS])
    seen = []
    for _ in range(50):
        carrier.submit({"type": "command"}).result(10)
        seen.append(carrier.printed().count(b"<"))
    assert carrier.stop() == 0
    assert seen == list(range(1, 51))
    assert carrier.printed().endswith(b"<50>")
