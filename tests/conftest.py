"""What all tests share."""

import gc
import os
import signal
import sys
from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import HealthCheck, settings

# `jsonschema` would make 38 grammars for formats that nothing here has, in each process more than a
# second long.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

# How long an example takes says more of the machine than of the code.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

LONGEST = (
    "hardening/soak",
    "hardening/fuzz/test_http",
    "contract_tests/test_whole_runs",
    "test_mistake_around_a_flow_is_drawn",
    "contract_tests/test_init_command",
    "pages/test_tutorial",
    "docs/first-test.md",
    "browser/test_site",
    "install/",
    "real_clients/test_node_package",
    "real_clients/test_api_tools",
)
"""What takes longest: begun last, it would keep one worker busy when the others are idle."""


def pytest_configure() -> None:
    """Have signals mean what they do elsewhere, also under nohup or in the background of a script.

    Those ignore signals that tests send, and what is started inherits it.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in {"SIGHUP", "SIGQUIT"} & {*dir(signal)}:
        signal.signal(getattr(signal, name), signal.SIG_DFL)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Have each worker of xdist begin with its share of what takes longest.

    First of all, so that who asks for a random order has one. With `--dist worksteal` each begins
    with a block of all tests, and the blocks are alike in size.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    longest: list[pytest.Item] = []
    rest: list[pytest.Item] = []
    for one in items:
        (longest if any(name in one.nodeid for name in LONGEST) else rest).append(one)
    others = iter(rest)
    blocks = [longest[number::workers] for number in range(workers)]
    for number, block in enumerate(blocks):
        size = (number + 1) * len(items) // workers - number * len(items) // workers
        block.extend(islice(others, max(size - len(block), 0)))
    items[:] = [*(one for block in blocks for one in block), *others]


def pytest_collection_finish() -> None:
    """Keep the collector of garbage from looking through thousands of tests again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def without_certificates() -> Iterator[None]:
    """Have httpx load no certificates: that takes 40 ms for each client, and none is needed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_DIR", os.devnull)
        patch.setenv("SSL_CERT_FILE", "")
        yield
