"""What the fake costs within a test: in an interpreter that has loaded it."""

import http.client
import time
from collections.abc import Callable, Iterator
from statistics import median
from urllib.parse import urlsplit

from livestorm_mock_server import MockLivestorm

from .row import Row, at_most

REPEATED = 40


def measure() -> Iterator[Row]:
    """Measure a server's start to its first answer, its stop, and a further sandbox."""
    took: dict[str, list[float]] = {"start": [], "stop": [], "sandbox": []}
    for _ in range(REPEATED):
        began = time.perf_counter()
        server = MockLivestorm()
        with server as livestorm:
            _ask(livestorm.api_url)
            took["start"].append(time.perf_counter() - began)
            took["sandbox"].append(_timed(server.sandbox))
            began = time.perf_counter()
        took["stop"].append(time.perf_counter() - began)
    start, stop, sandbox = (median(one) * 1000 for one in took.values())
    yield at_most("embedded: start to the first answer", start, 1.8, "ms")
    yield at_most("embedded: stop", stop, 0.2, "ms")
    yield at_most("embedded: a new sandbox", sandbox, 0.15, "ms")


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _ask(api_url: str) -> None:
    parts = urlsplit(api_url)
    connection = http.client.HTTPConnection(parts.netloc)
    connection.request("GET", f"{parts.path}/ping")
    connection.getresponse().read()
    connection.close()
